/**
 * `.lock` in a log directory: one process at a time uses it. Who holds it writes its process id into the file, and when
 * that process began, so that what a killed process left behind is seen to be stale. Apache Kafka locks the same file
 * through the kernel, which Linux shows in /proc/locks.
 */
import { readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';

export class DirectoryLockedError extends Error {
  override readonly name = 'DirectoryLockedError';
}

/** Directories that nodes in this very process use. */
const held = new Set<string>();

export interface DirectoryLock {
  release(): void;
}

/** Throws DirectoryLockedError while another process, or another node in this one, uses the directory. */
export function lockDirectory(directory: string): DirectoryLock {
  const path = `${realpathSync(directory)}/.lock`;
  if (held.has(path) || isHeldElsewhere(path)) {
    throw new DirectoryLockedError(
      `Failed to acquire lock on file .lock in ${directory}. A Kafka instance in another process or thread is using this directory.`,
    );
  }
  writeFileSync(path, `${process.pid} ${startOf(process.pid)}\n`);
  held.add(path);
  return {
    release() {
      if (!held.delete(path)) return;
      try {
        writeFileSync(path, '');
      } catch {
        // The directory is gone, and the lock with it.
      }
    },
  };
}

function isHeldElsewhere(path: string): boolean {
  const [pid = '', start = ''] = (textOf(path) ?? '').trim().split(' ');
  if (/^\d+$/.test(pid) && Number(pid) !== process.pid && startOf(Number(pid)) === start) return true;
  return isLockedByKernel(path);
}

/** When a process began, in clock ticks since the machine did; where that cannot be known, whether there is one. */
function startOf(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat !== null) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '?';
  try {
    process.kill(pid, 0);
    return '?';
  } catch {
    return 'none';
  }
}

function isLockedByKernel(path: string): boolean {
  const locks = textOf('/proc/locks');
  const inode = statSync(path, { throwIfNoEntry: false })?.ino;
  return locks !== null && inode !== undefined && new RegExp(`:${inode} `).test(locks);
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
