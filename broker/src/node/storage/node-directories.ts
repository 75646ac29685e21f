/**
 * Opens what a node keeps on the disk: locks each of its directories, reads or gives their identities, and opens the log
 * directories. One that cannot be used is left out where others can; never the one of the metadata log (KIP-858).
 */
import { type Disk, DiskError } from '../../storage/disk.ts';
import { defaultLogConfig } from '../../storage/log-contract.ts';
import { LogDirectories } from '../../storage/log-directories.ts';
import { LogDirectory } from '../../storage/log-directory.ts';
import { claimDirectory, type Identity } from '../identity.ts';
import type { NodeOptions } from '../node-options.ts';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';

export interface NodeDirectories {
  readonly logs: LogDirectories;
  /** directory.id of the metadata log's directory. */
  readonly metadataDirectoryId: string;
  /** directory.id of each log directory that could be opened. */
  readonly logDirectoryIds: readonly string[];
  /** Gives the directories back. */
  readonly release: () => void;
}

export function openDirectories(
  disk: Disk,
  node: Pick<NodeOptions, 'id' | 'clusterId' | 'directories' | 'metadataDirectory' | 'log'>,
): NodeDirectories {
  const locks: DirectoryLock[] = [];
  const release = () => {
    for (const lock of locks.splice(0)) lock.release();
  };
  try {
    const { id: nodeId, clusterId, directories, metadataDirectory, log } = node;
    const claim = (path: string): Identity => {
      disk.makeDirectory(path);
      locks.push(lockDirectory(path));
      return claimDirectory(disk, path, { nodeId, clusterId });
    };
    const metadata = claim(metadataDirectory);
    const open: LogDirectory[] = [];
    const offlinePaths: string[] = [];
    for (const path of directories) {
      try {
        const { directoryId: id } = path === metadataDirectory ? metadata : claim(path);
        const warn = (message: string) => log('warn', message);
        const directory = new LogDirectory({ disk, path, id, random: Math.random, warn });
        directory.load({ config: defaultLogConfig });
        open.push(directory);
      } catch (error) {
        const isLast = open.length === 0 && path === directories.at(-1);
        if (!(error instanceof DiskError) || path === metadataDirectory || isLast) throw error;
        log('error', `log directory ${path} is offline: ${error.message}`);
        offlinePaths.push(path);
      }
    }
    const logs = new LogDirectories({ directories: open, offlinePaths });
    logs.find();
    return {
      logs,
      metadataDirectoryId: metadata.directoryId,
      logDirectoryIds: open.map(({ id }) => id),
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}
