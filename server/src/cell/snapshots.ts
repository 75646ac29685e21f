/**
 * Copies of a cell's home and clusters, kept beside them and out of the box's reach: what they were at a step's start.
 *
 * The brokers live in this process and write before they answer, so a copy made within one turn of the event loop is
 * a moment of the whole cluster, as a kill would leave it; the brokers recover from it as from a kill. The home is
 * copied while the trainee may go on in it.
 */
import { spawn } from 'node:child_process';
import { constants, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CellError, type SavedSnapshot } from '../sandbox/sandbox.ts';
import { diskUsage } from './disk-usage.ts';
import { emptyFolder, removeTree } from './remove-tree.ts';

/** Copied at one go, while the brokers wait: at most a quarter of a second. */
const CLUSTER_BYTES_MAX = 64 * 1024 * 1024;
const HOME_BYTES_MAX = 128 * 1024 * 1024;
const HOME_FILES_MAX = 5_000;
const COPY_MS_MAX = 20_000;

export interface SnapshotFolders {
  readonly homeDir: string;
  readonly clusterDir: string;
  readonly snapshotsDir: string;
}

export interface Snapshots {
  /** Replaces one of the same name. Rejects with `limit` when there is too much to copy. */
  save(name: string): Promise<SavedSnapshot>;
  /** Home and clusters become what they were. Box and brokers must be stopped. Rejects with `notFound`. */
  restore(name: string): Promise<void>;
}

export function createSnapshots(folders: SnapshotFolders): Snapshots {
  const { homeDir, clusterDir, snapshotsDir } = folders;
  const folderOf = (name: string): string => {
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(name))
      throw new CellError('badRequest', 'not the name of a snapshot');
    return join(snapshotsDir, name);
  };
  return {
    async save(name) {
      const folder = folderOf(name);
      const unfinished = `${folder}.new`;
      const home = await diskUsage(homeDir, HOME_FILES_MAX);
      if (home.truncated || home.bytes > HOME_BYTES_MAX)
        throw new CellError('limit', 'the home is too large to be kept');
      await removeTree(unfinished);
      await mkdir(join(unfinished, 'home'), { recursive: true, mode: 0o700 });
      const clusterBytes = copyAtOnce(clusterDir, join(unfinished, 'cluster'));
      await copyHome(homeDir, join(unfinished, 'home'));
      await removeTree(folder);
      renameSync(unfinished, folder);
      return { bytes: home.bytes + clusterBytes };
    },
    async restore(name) {
      const folder = folderOf(name);
      if (!existsSync(join(folder, 'home'))) throw new CellError('notFound', `there is no snapshot ${name}`);
      await emptyFolder(homeDir);
      await copyHome(join(folder, 'home'), homeDir);
      await emptyFolder(clusterDir);
      copyAtOnce(join(folder, 'cluster'), clusterDir);
    },
  };
}

function copyAtOnce(from: string, to: string): number {
  mkdirSync(to, { recursive: true });
  if (!existsSync(from)) return 0;
  const bytes = bytesWithin(from, 0);
  if (bytes > CLUSTER_BYTES_MAX) throw new CellError('limit', "the cluster's data is too large to be kept");
  cpSync(from, to, { recursive: true, preserveTimestamps: true, mode: constants.COPYFILE_FICLONE });
  return bytes;
}

function bytesWithin(folder: string, before: number): number {
  let bytes = before;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    bytes = entry.isDirectory() ? bytesWithin(path, bytes) : bytes + lstatSync(path).size;
    if (bytes > CLUSTER_BYTES_MAX) break;
  }
  return bytes;
}

/** By `cp`, which copies links as links and pipes as pipes, and goes on past what it may not read. */
function copyHome(from: string, to: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('cp', ['-a', `${from}/.`, to], { stdio: 'ignore', timeout: COPY_MS_MAX });
    child.once('error', (cause) => reject(new CellError('failed', 'files could not be copied', { cause })));
    child.once('exit', (_code, signal) => {
      if (signal === null) resolve();
      else reject(new CellError('timeout', 'copying the home took too long'));
    });
  });
}
