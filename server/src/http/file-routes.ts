/** The trainee's files, read and written by the agent inside their box: a link that leads out of it leads nowhere. */
import {
  FILE_BYTES_MAX,
  type FileEntry,
  FilePath,
  routes,
  type SavedFile,
  type SaveFile,
} from '../contract/main.ts';
import { CellError, type CellFiles } from '../sandbox/main.ts';
import { searchFiles } from '../sessions/file-search.ts';
import { type Binder, parse, type SignedInCall } from './bind.ts';
import { HttpError } from './http-error.ts';
import type { HttpServices } from './services.ts';

const ENTRIES_MAX = 2_000;
const DEPTH_MAX = 8;
/** Not the trainee's own work, or too much of it to list. */
const HIDDEN = /^(\..*|node_modules)$/;

export function bindFileRoutes(bind: Binder, services: HttpServices): void {
  const filesOf = async (call: SignedInCall<unknown>): Promise<CellFiles> => {
    const session = await services.labSessions.use(call.caller.account, call.parameters.labId ?? '');
    const { cell } = session.environment;
    if (!cell) throw new HttpError('environmentNotReady');
    return cell.files;
  };
  const changingFilesOf = async (call: SignedInCall<unknown>): Promise<CellFiles> => {
    const session = await services.labSessions.use(call.caller.account, call.parameters.labId ?? '');
    if (session.paused) throw new HttpError('classPaused');
    session.noteActive();
    return filesOf(call);
  };

  bind(routes.listFiles, async (call) => tree(await filesOf(call)));
  bind(routes.searchFiles, async (call) => {
    const session = await services.labSessions.use(call.caller.account, call.parameters.labId ?? '');
    const { cell } = session.environment;
    if (!cell) throw new HttpError('environmentNotReady');
    return searchFiles(cell, call.body.text);
  });
  bind(routes.readFile, async (call) => {
    const path = parse(FilePath, call.query.path);
    const file = await (await filesOf(call)).read(path);
    return { path, ...file };
  });
  bind(routes.saveFile, async (call) => {
    return save(await changingFilesOf(call), call.body);
  });
  bind(routes.renameFile, async (call) => {
    await (await changingFilesOf(call)).rename(call.body.from, call.body.to);
    return undefined;
  });
  bind(routes.deleteFile, async (call) => {
    await (await changingFilesOf(call)).remove(call.body.path);
    return undefined;
  });
  bind(routes.makeDirectory, async (call) => {
    await (await changingFilesOf(call)).makeFolder(call.body.path);
    return undefined;
  });
}

export async function save(files: CellFiles, { path, content, baseVersion }: SaveFile): Promise<SavedFile> {
  if (Buffer.byteLength(content) > FILE_BYTES_MAX) throw new HttpError('fileTooLarge');
  if (baseVersion === null && (await versionOf(files, path)) !== undefined) throw new HttpError('fileExists');
  try {
    const written = await files.write(
      path,
      content,
      baseVersion === null ? {} : { expectedVersion: baseVersion },
    );
    return { path, version: written.version };
  } catch (error) {
    if (!(error instanceof CellError) || error.code !== 'changed') throw error;
    const version = await versionOf(files, path);
    throw new HttpError('fileChanged', version === undefined ? {} : { version });
  }
}

export async function tree(files: CellFiles): Promise<{ entries: FileEntry[]; truncated: boolean }> {
  const entries: FileEntry[] = [];
  let folders = [''];
  for (let depth = 0; folders.length > 0 && depth < DEPTH_MAX; depth += 1) {
    const next: string[] = [];
    for (const folder of folders) {
      for (const entry of await files.list(folder)) {
        if (HIDDEN.test(entry.name) || (entry.kind !== 'file' && entry.kind !== 'folder')) continue;
        if (entries.length >= ENTRIES_MAX) return { entries, truncated: true };
        const path = folder ? `${folder}/${entry.name}` : entry.name;
        const kind = entry.kind === 'folder' ? 'directory' : 'file';
        entries.push({ path, kind, bytes: entry.bytes, modifiedMs: entry.modifiedMs });
        if (kind === 'directory') next.push(path);
      }
    }
    folders = next;
  }
  return { entries, truncated: folders.length > 0 };
}

async function versionOf(files: CellFiles, path: string): Promise<string | undefined> {
  try {
    return (await files.read(path)).version;
  } catch (error) {
    if (error instanceof CellError && error.code === 'notFound') return undefined;
    throw error;
  }
}
