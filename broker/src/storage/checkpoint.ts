/**
 * Kafka's small text files: a version line (0), the number of entries, one entry a line. And `partition.metadata`,
 * which ties a folder to its topic id.
 */
import type { Disk } from './disk.ts';

const version = '0';

/** The fields of each entry; undefined when the file is absent or is not such a file. */
export function readCheckpoint(disk: Disk, path: string): string[][] | undefined {
  const size = disk.size(path);
  if (size === undefined) return undefined;
  const [first, count, ...lines] = disk.read(path, 0, size).toString('utf8').split('\n');
  if (first?.trim() !== version) return undefined;
  const entries = lines.filter((line) => line.trim() !== '').map((line) => line.trim().split(/\s+/));
  return entries.length === Number(count) ? entries : undefined;
}

export function writeCheckpoint(
  disk: Disk,
  path: string,
  lines: readonly string[],
  options?: { readonly flush?: boolean },
): void {
  disk.replace(path, Buffer.from(`${[version, lines.length, ...lines].join('\n')}\n`), options);
}

/** `recovery-point-offset-checkpoint`, `replication-offset-checkpoint`, `log-start-offset-checkpoint`: offset by `topic-partition`. */
export function readOffsetCheckpoint(
  disk: Disk,
  path: string,
  warn: (message: string) => void = () => {},
): Map<string, number> {
  const offsets = new Map<string, number>();
  const entries = readCheckpoint(disk, path);
  if (entries === undefined && disk.size(path) !== undefined) {
    warn(`${path} is damaged: it is taken as empty, and written anew with the next checkpoint`);
  }
  for (const [topic, partition, offset] of entries ?? []) {
    if (offset !== undefined && Number.isSafeInteger(Number(offset))) {
      offsets.set(`${topic}-${partition}`, Number(offset));
    }
  }
  return offsets;
}

export function writeOffsetCheckpoint(disk: Disk, path: string, offsets: ReadonlyMap<string, number>): void {
  const lines: string[] = [];
  for (const [topicPartition, offset] of offsets) {
    const dash = topicPartition.lastIndexOf('-');
    lines.push(`${topicPartition.slice(0, dash)} ${topicPartition.slice(dash + 1)} ${offset}`);
  }
  writeCheckpoint(disk, path, lines);
}

/** The topic id a partition folder belongs to, or undefined when it has none. */
export function readPartitionMetadata(disk: Disk, directory: string): string | undefined {
  const path = `${directory}/partition.metadata`;
  const size = disk.size(path);
  if (size === undefined) return undefined;
  return /^topic_id: (\S{22})$/m.exec(disk.read(path, 0, size).toString('utf8'))?.[1];
}

/** Written in place: a torn one reads as absent and is written again. */
export function writePartitionMetadata(disk: Disk, directory: string, topicId: string): void {
  const path = `${directory}/partition.metadata`;
  if (disk.size(path) !== undefined) disk.truncate(path, 0);
  disk.write(path, 0, Buffer.from(`version: ${version}\ntopic_id: ${topicId}`));
}
