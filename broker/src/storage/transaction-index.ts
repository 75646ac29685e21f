/**
 * `<base offset>.txnindex`: the aborted transactions whose marker lies in that segment (KIP-98), so that consumers that
 * read committed records only can be told what to skip. Entries in the order of their markers:
 * version int16 (0), producerId, firstOffset, lastOffset, lastStableOffset, all int64.
 *
 * The file exists only when something was aborted. Entries from where the log is replayed on are written anew then.
 */
import { readInt64, writeInt64 } from './batch.ts';
import type { Disk } from './disk.ts';
import type { AbortedTransaction } from './log-contract.ts';
import { segmentFileName } from './segment.ts';

const entryBytes = 34;

export function transactionIndexPath(directory: string, baseOffset: number): string {
  return `${directory}/${segmentFileName(baseOffset, '.txnindex')}`;
}

/** Whole entries of the file; none when it is absent. */
export function readTransactionIndex(disk: Disk, path: string): AbortedTransaction[] {
  const size = disk.size(path) ?? 0;
  if (size < entryBytes) return [];
  const bytes = disk.read(path, 0, size);
  const entries: AbortedTransaction[] = [];
  for (let position = 0; position + entryBytes <= bytes.length; position += entryBytes) {
    entries.push({
      producerId: readInt64(bytes, position + 2),
      firstOffset: readInt64(bytes, position + 10),
      lastOffset: readInt64(bytes, position + 18),
      lastStableOffset: readInt64(bytes, position + 26),
    });
  }
  return entries;
}

export function appendToTransactionIndex(disk: Disk, path: string, entry: AbortedTransaction): void {
  const bytes = Buffer.alloc(entryBytes);
  writeInt64(bytes, 2, entry.producerId);
  writeInt64(bytes, 10, entry.firstOffset);
  writeInt64(bytes, 18, entry.lastOffset);
  writeInt64(bytes, 26, entry.lastStableOffset);
  const size = disk.size(path) ?? 0;
  disk.write(path, size - (size % entryBytes), bytes);
}

/** Drops entries whose marker lies at or above `offset`; returns the others. */
export function cutTransactionIndex(disk: Disk, path: string, offset: number): AbortedTransaction[] {
  const entries = readTransactionIndex(disk, path);
  const kept = entries.filter((entry) => entry.lastOffset < offset);
  if (kept.length < entries.length) {
    if (kept.length === 0) disk.remove(path);
    else disk.truncate(path, kept.length * entryBytes);
  }
  return kept;
}
