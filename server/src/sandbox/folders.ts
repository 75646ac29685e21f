/**
 * Where cells keep what they have:
 *
 *   <data>/cells/<id>/home, cluster          the trainee's, kept
 *   <run>/<id>/b1.sock …                     the brokers' sockets, while open
 *
 * A socket's path is at most 108 bytes long, so the run folder is a short one of its own. Started as root, cells
 * run as users that must reach both: where the data folder or the program lies somewhere closed (/root), a place
 * under /var/lib/brokerlab is taken instead.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { chmod, chown, cp, lchown, lstat, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { removeTree } from '../cell/remove-tree.ts';
import { reachableByAnyone } from './owners.ts';
import { CellError, type SnapshotCopy } from './sandbox.ts';

const OPEN_ROOT = '/var/lib/brokerlab';

export interface SandboxFolders {
  readonly cellsDir: string;
  readonly runDir: string;
  readonly programDir: string;
  readonly nodePath: string;
}

export interface FoldersOptions {
  readonly dataDir: string;
  /** dist/ */
  readonly programDir: string;
  readonly nodePath: string;
  readonly asRoot: boolean;
}

export function prepareFolders(options: FoldersOptions): SandboxFolders {
  const dataDir = resolve(options.dataDir);
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 10);
  const runDir = join(tmpdir(), `brokerlab-${name}`);
  if (!options.asRoot) {
    const cellsDir = join(dataDir, 'cells');
    mkdirSync(cellsDir, { recursive: true, mode: 0o700 });
    makeOwnFolder(runDir, 0o700);
    return { cellsDir, runDir, programDir: options.programDir, nodePath: options.nodePath };
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const cellsDir = join(letOthersThrough(dataDir) ? dataDir : openFolder(name), 'cells');
  makeOwnFolder(cellsDir, 0o711);
  makeOwnFolder(runDir, 0o711);
  return {
    cellsDir,
    runDir,
    programDir: reachableByAnyone(join(options.programDir, 'cell/main.mjs'))
      ? options.programDir
      : publishedCopy(options.programDir, 'program'),
    nodePath: reachableByAnyone(options.nodePath) ? options.nodePath : publishedNode(options.nodePath),
  };
}

/**
 * True when cells' users can pass the data folder. The folder itself, being ours, may be opened for passing (not
 * for listing; what the server keeps in it is readable by its own user only); what lies above it is not touched.
 */
function letOthersThrough(dataDir: string): boolean {
  if (!reachableByAnyone(dirname(dataDir))) return false;
  const { uid, mode } = statSync(dataDir);
  if ((mode & 0o001) === 0 && uid === process.getuid?.()) chmodSync(dataDir, (mode & 0o777) | 0o011);
  return reachableByAnyone(dataDir);
}

/** In a shared place such as /tmp, a folder of that name may be someone else's trap. */
function makeOwnFolder(path: string, mode: number): void {
  mkdirSync(path, { recursive: true, mode });
  const status = statSync(path);
  const own = process.getuid?.() ?? status.uid;
  if (status.uid !== own || !status.isDirectory()) {
    throw new Error(`${path} belongs to user ${status.uid}, not to this server (user ${own}); remove it`);
  }
  chownSync(path, own, process.getgid?.() ?? status.gid);
  // mkdir's mode is cut by the umask.
  if ((status.mode & 0o777) !== mode) chmodSync(path, mode);
}

/** A folder in the open place, passable whatever the server's umask is. */
function openFolder(name: string): string {
  const folder = join(OPEN_ROOT, name);
  mkdirSync(folder, { recursive: true });
  for (const path of [OPEN_ROOT, folder]) chmodSync(path, 0o755);
  return folder;
}

/** A copy that everybody can read, made again when the build has changed. */
function publishedCopy(programDir: string, kind: string): string {
  // The build's own stamps.
  const version = ['.cell.stamp', '.tools.stamp'].map((stamp) => readIfThere(join(programDir, stamp))).join();
  const id = createHash('sha256').update(`${programDir}\n${version}`).digest('hex').slice(0, 16);
  const copy = join(openFolder(kind), id);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    for (const folder of ['cell', 'agent', 'shell', 'tools', 'node_modules']) {
      const from = join(programDir, folder);
      if (existsSync(from)) cpSync(from, join(unfinished, folder), { recursive: true, dereference: true });
    }
    makeReadable(unfinished);
    renameSync(unfinished, copy);
  }
  return copy;
}

/** Whatever the server's umask is. */
function makeReadable(path: string): void {
  const status = statSync(path);
  const passable = status.isDirectory() || (status.mode & 0o100) !== 0;
  chmodSync(path, passable ? 0o755 : 0o644);
  if (!status.isDirectory()) return;
  for (const name of readdirSync(path)) makeReadable(join(path, name));
}

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

function publishedNode(nodePath: string): string {
  const copy = join(openFolder('node'), `node-${process.version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    cpSync(nodePath, unfinished, { dereference: true });
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, copy);
  }
  return copy;
}

export interface OwnFolders {
  readonly dataDir: string;
  readonly runDir: string;
}

/** The folders of one cell, belonging to its owner and closed to everybody else. */
export async function makeCellFolders(
  folders: SandboxFolders,
  cellId: string,
  owner: number | undefined,
): Promise<OwnFolders> {
  const dataDir = join(folders.cellsDir, cellId);
  const runDir = join(folders.runDir, shortName(cellId));
  await rm(runDir, { recursive: true, force: true });
  for (const path of [dataDir, runDir, join(dataDir, 'home'), join(dataDir, 'cluster')]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
    if (owner !== undefined && (await lstat(path)).uid !== owner) await chown(path, owner, owner);
  }
  return { dataDir, runDir };
}

/** Into the folders of a cell that has them already, whose owner the copy gets. */
export async function copySnapshot(folders: SandboxFolders, { from, to, name }: SnapshotCopy): Promise<void> {
  const source = join(folders.cellsDir, from, 'snapshots', name);
  if (!existsSync(source)) throw new CellError('notFound', `there is no snapshot ${name}`);
  const target = join(folders.cellsDir, to);
  const unfinished = join(target, 'snapshots', `${name}.given`);
  await removeTree(unfinished);
  await mkdir(join(target, 'snapshots'), { recursive: true, mode: 0o700 });
  await cp(source, unfinished, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    filter: isPlain,
  });
  const { uid } = await lstat(target);
  if (process.getuid?.() === 0) await giveTo(join(target, 'snapshots'), uid);
  await removeTree(join(target, 'snapshots', name));
  await rename(unfinished, join(target, 'snapshots', name));
}

/** Pipes and sockets that a program left in a home would keep the copy waiting. */
async function isPlain(path: string): Promise<boolean> {
  const status = await lstat(path);
  return status.isFile() || status.isDirectory() || status.isSymbolicLink();
}

async function giveTo(path: string, owner: number): Promise<void> {
  await lchown(path, owner, owner);
  if (!(await lstat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await giveTo(join(path, name), owner);
}

export async function removeCellFolders(folders: SandboxFolders, cellId: string): Promise<void> {
  await rm(join(folders.runDir, shortName(cellId)), { recursive: true, force: true });
  await removeTree(join(folders.cellsDir, cellId));
}

/** The run folder of a server that ends; another server on the same data would find its own cells there. */
export async function removeEmptyRunFolder(folders: SandboxFolders): Promise<void> {
  await rmdir(folders.runDir).catch(() => undefined);
}

export function removeRunFolder(runDir: string): void {
  rmSync(runDir, { recursive: true, force: true });
}

/** Sockets' paths are short; ids may be 40 characters. */
const shortName = (cellId: string): string =>
  cellId.length <= 16 ? cellId : createHash('sha256').update(cellId).digest('hex').slice(0, 16);
