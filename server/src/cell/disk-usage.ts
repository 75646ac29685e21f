/** What a folder holds. Bounded: a home of a million files must not keep the cell busy. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface DiskUsage {
  /** What the files take on the disk. */
  readonly bytes: number;
  readonly files: number;
  /** There are more than were looked at; both numbers are too low. */
  readonly truncated: boolean;
}

const BLOCK_BYTES = 512;

export async function diskUsage(folder: string, filesMax: number): Promise<DiskUsage> {
  let bytes = 0;
  let files = 0;
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const entries = await readdir(next, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (files >= filesMax) return { bytes, files, truncated: true };
      files++;
      const path = join(next, entry.name);
      const status = await lstat(path).catch(() => undefined);
      bytes += (status?.blocks ?? 0) * BLOCK_BYTES;
      if (entry.isDirectory()) folders.push(path);
    }
  }
  return { bytes, files, truncated: false };
}
