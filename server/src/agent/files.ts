/**
 * The trainee's files, as the editor sees them. Runs in the box with the trainee's own rights, so nothing can be
 * reached here that a terminal could not reach; a link that leads out of the home is refused all the same.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { CellError, type CellErrorCode, type FileEntry, type FileTree } from '../sandbox/sandbox.ts';

const FILE_BYTES_MAX = 1024 * 1024;
const ENTRIES_MAX = 2000;
const PATH_CHARACTERS_MAX = 512;
const LEFT_OUT = new Set(['node_modules']);

export interface BoxFiles {
  list(path: string): Promise<FileEntry[]>;
  tree(): Promise<FileTree>;
  read(path: string): Promise<{ content: string; version: string }>;
  write(path: string, content: string, options: WriteFile): Promise<{ version: string }>;
  makeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface WriteFile {
  readonly expectedVersion?: string | null;
  readonly executable?: boolean;
}

export function createBoxFiles(home: string): BoxFiles {
  const run = <Value>(path: string, action: () => Promise<Value>): Promise<Value> =>
    action().catch((error: unknown) => {
      throw asCellError(error, path);
    });
  return {
    list: (path) => run(path, async () => listFolder(await resolveExisting(home, path))),
    tree: () => run('', () => readTree(home)),
    read: (path) => run(path, async () => readText(await resolveExisting(home, path), path)),
    write: (path, content, options) => run(path, () => writeText(home, path, { content, ...options })),
    makeFolder: (path) =>
      run(path, async () => {
        await makeParents(home, join(home, checkPath(path)));
      }),
    rename: (from, to) =>
      run(to, async () => {
        const target = await resolveNew(home, to);
        if (await exists(target)) throw new CellError('exists', `${to} is there already`);
        await rename(await resolveNew(home, from), target);
      }),
    remove: (path) =>
      run(path, async () => {
        const target = await resolveNew(home, path);
        await lstat(target);
        await rm(target, { recursive: true });
      }),
  };
}

async function listFolder(folder: string): Promise<FileEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.slice(0, ENTRIES_MAX).map(async (entry): Promise<FileEntry | undefined> => {
      const kind = entry.isFile()
        ? 'file'
        : entry.isDirectory()
          ? 'folder'
          : entry.isSymbolicLink()
            ? 'link'
            : 'other';
      const found = await lstat(join(folder, entry.name)).catch(() => undefined);
      return found && { name: entry.name, kind, bytes: found.size, modifiedMs: Math.round(found.mtimeMs) };
    }),
  );
  return found
    .filter((entry) => entry !== undefined)
    .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

async function readTree(home: string): Promise<FileTree> {
  const entries: FileTree['entries'][number][] = [];
  const folders = [''];
  let truncated = false;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const found = await readdir(join(home, folder), { withFileTypes: true }).catch(() => []);
    found.sort((one, other) => (one.name < other.name ? -1 : 1));
    for (const entry of found) {
      if (entry.name.startsWith('.') || LEFT_OUT.has(entry.name)) continue;
      if (!entry.isFile() && !entry.isDirectory()) continue;
      if (entries.length >= ENTRIES_MAX) {
        truncated = true;
        break;
      }
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const status = await lstat(join(home, path), { bigint: true }).catch(() => undefined);
      if (status === undefined) continue;
      const kind = entry.isFile() ? 'file' : 'folder';
      entries.push({ path, kind, bytes: Number(status.size), version: versionOf(status) });
      if (kind === 'folder') folders.push(path);
    }
  }
  return { entries, truncated };
}

async function readText(file: string, path: string): Promise<{ content: string; version: string }> {
  // Not blocking: a named pipe would otherwise hold this for ever.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = await handle.stat({ bigint: true });
    if (!status.isFile()) throw new CellError('notAFile', `${path} is not a file`);
    if (status.size > FILE_BYTES_MAX) throw new CellError('tooLarge', `${path} has ${status.size} bytes`);
    const bytes = await readBounded(handle);
    if (bytes.length > FILE_BYTES_MAX) throw new CellError('tooLarge', `${path} is growing`);
    if (bytes.includes(0)) throw new CellError('notText', `${path} is not a text file`);
    return { content: decodeText(bytes, path), version: versionOf(status) };
  } finally {
    await handle.close();
  }
}

async function readBounded(handle: FileHandle): Promise<Buffer> {
  const bytes = Buffer.alloc(FILE_BYTES_MAX + 1);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

function decodeText(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CellError('notText', `${path} is not UTF-8 text`);
  }
}

async function writeText(
  home: string,
  path: string,
  options: WriteFile & { readonly content: string },
): Promise<{ version: string }> {
  if (Buffer.byteLength(options.content) > FILE_BYTES_MAX) {
    throw new CellError('tooLarge', `at most ${FILE_BYTES_MAX} bytes can be saved here`);
  }
  await makeParents(home, dirname(join(home, checkPath(path))));
  const place = await resolveNew(home, path);
  const present = await stat(place, { bigint: true }).catch(() => undefined);
  // Written through a link as an editor in the terminal would, if it stays in the home.
  const file = present === undefined ? place : await resolveExisting(home, path);
  if (present !== undefined && !present.isFile()) throw new CellError('notAFile', `${path} is not a file`);
  if (present !== undefined && options.expectedVersion === null) {
    throw new CellError('exists', `${path} is there already`);
  }
  if (typeof options.expectedVersion === 'string') {
    const version = present === undefined ? 'none' : versionOf(present);
    if (version !== options.expectedVersion) throw new CellError('changed', version);
  }
  const mode =
    options.executable === true ? 0o755 : present === undefined ? 0o644 : Number(present.mode) & 0o777;
  return { version: await replaceFile(file, options.content, mode) };
}

/** All or nothing: a full disk or a crash in the middle leaves the file as it was. */
async function replaceFile(file: string, content: string, mode: number): Promise<string> {
  const beside = join(dirname(file), `.saving-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const handle = await open(beside, 'wx', mode);
  try {
    await handle.writeFile(content);
    await handle.chmod(mode);
    const version = versionOf(await handle.stat({ bigint: true }));
    await handle.close();
    await rename(beside, file);
    return version;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(beside, { force: true });
    throw error;
  }
}

function checkPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.length > PATH_CHARACTERS_MAX || path.includes('\0') || parts.includes('..')) {
    throw new CellError('badPath', `not a path in the home: ${path.slice(0, 80)}`);
  }
  return parts.join('/');
}

async function resolveExisting(home: string, path: string): Promise<string> {
  return insideHome(home, await realpath(join(home, checkPath(path))), path);
}

/** The entry itself, link or not or not yet there, in a folder that really is in the home. */
async function resolveNew(home: string, path: string): Promise<string> {
  const checked = checkPath(path);
  if (checked === '') throw new CellError('badPath', 'the home itself cannot be changed');
  const target = join(home, checked);
  const folder = await insideHome(home, await realpath(dirname(target)), path);
  return join(folder, target.slice(dirname(target).length + 1));
}

async function insideHome(home: string, real: string, path: string): Promise<string> {
  const realHome = await realpath(home);
  if (real !== realHome && !real.startsWith(realHome + sep)) {
    throw new CellError('badPath', `${path} leads out of the home`);
  }
  return real;
}

async function makeParents(home: string, folder: string): Promise<void> {
  // The nearest ancestor that exists must be in the home, before anything is made below it.
  let ancestor = folder;
  while (!(await exists(ancestor)) && ancestor !== home) ancestor = dirname(ancestor);
  await insideHome(home, await realpath(ancestor), folder);
  await mkdir(folder, { recursive: true });
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

function versionOf(status: { mtimeNs: bigint; size: bigint; ino: bigint }): string {
  return `${status.mtimeNs.toString(36)}-${status.size.toString(36)}-${status.ino.toString(36)}`;
}

const codes: Readonly<Record<string, CellErrorCode>> = {
  ENOENT: 'notFound',
  ENOTDIR: 'notAFolder',
  EISDIR: 'notAFile',
  EEXIST: 'exists',
  ENOTEMPTY: 'exists',
  ENOSPC: 'noSpace',
  EDQUOT: 'noSpace',
  EFBIG: 'noSpace',
  ELOOP: 'badPath',
  EINVAL: 'badPath',
  ENAMETOOLONG: 'badPath',
};

function asCellError(error: unknown, path: string): CellError {
  if (error instanceof CellError) return error;
  const cause = error as NodeJS.ErrnoException;
  const code = codes[cause.code ?? ''] ?? 'failed';
  return new CellError(code, `${path}: ${cause.code ?? cause.message}`, { cause });
}
