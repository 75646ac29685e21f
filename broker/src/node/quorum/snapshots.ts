/**
 * Snapshots of the metadata log beside its segments, as Kafka names them (KIP-630): `<end offset>-<epoch>.checkpoint`; one
 * that is still being fetched has `.part` behind its name, and is dropped at the next start.
 */
import { decodeMetadataRecord, type MetadataRecord } from '../../messages/metadata/records.ts';
import { isBatchIntact, iterateBatches } from '../../messages/records.ts';
import { readSnapshot } from '../../raft/batches.ts';
import type { OffsetAndEpoch, SnapshotPart, SnapshotRead } from '../../raft/types.ts';
import type { Disk } from '../../storage/disk.ts';
import { LogError } from '../../storage/log-contract.ts';

const PART_SUFFIX = '.part';

/** What the node was formatted with (`bootstrap.checkpoint`); null when it was not. */
export function readBootstrap(disk: Disk, directory: string): MetadataRecord[] | null {
  const path = `${directory}/bootstrap.checkpoint`;
  const size = disk.size(path);
  return size === undefined ? null : readRecords(disk, path);
}

/** Throws LogError for a file that is not what was written. */
function readRecords(disk: Disk, path: string): MetadataRecord[] {
  const file = disk.read(path, 0, disk.size(path) ?? 0);
  try {
    let end = 0;
    for (const header of iterateBatches(file)) {
      if (!isBatchIntact(file, header)) throw new Error(`checksum of the batch at byte ${header.position}`);
      end = header.position + header.sizeBytes;
    }
    if (end < file.length || end === 0)
      throw new Error(`no whole batch begins at byte ${end} of ${file.length}`);
    return Array.from(readSnapshot(file), decodeMetadataRecord);
  } catch (cause) {
    throw new LogError(
      'unreadableSegment',
      `${path} is damaged (${(cause as Error).message}). ` +
        'Restore it from a backup; where other controllers have the metadata, empty this folder and start again.',
      { cause },
    );
  }
}

export class MetadataSnapshots {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #flushes: boolean;
  /** Ascending. */
  #ids: OffsetAndEpoch[] = [];

  constructor(options: { disk: Disk; directory: string; flushes: boolean }) {
    this.#disk = options.disk;
    this.#directory = options.directory;
    this.#flushes = options.flushes;
    for (const name of this.#disk.list(this.#directory)) {
      if (name.endsWith(PART_SUFFIX)) this.#disk.remove(`${this.#directory}/${name}`);
      const match = /^(\d{20})-(\d{10})\.checkpoint$/.exec(name);
      if (match !== null) this.#ids.push({ offset: Number(match[1]), epoch: Number(match[2]) });
    }
    this.#ids.sort((a, b) => a.offset - b.offset);
  }

  get latest(): OffsetAndEpoch | null {
    return this.#ids.at(-1) ?? null;
  }

  /** Where the log has to begin: everything before is in a snapshot. */
  get earliestOffset(): number {
    return this.#ids[0]?.offset ?? 0;
  }

  save(id: OffsetAndEpoch, file: Buffer): void {
    const path = this.#path(id);
    this.#disk.replace(path, file);
    if (this.#flushes) this.#disk.flush(path);
    this.#ids.push(id);
  }

  /** A part of a snapshot that Raft fetches from the leader; the last one completes it. */
  writePart({ snapshotId, position, bytes, last }: SnapshotPart): void {
    const path = this.#path(snapshotId) + PART_SUFFIX;
    if (position === 0) this.#disk.remove(path);
    this.#disk.write(path, position, bytes);
    if (!last) return;
    if (this.#flushes) this.#disk.flush(path);
    this.#disk.rename(path, this.#path(snapshotId));
    this.#ids.push(snapshotId);
  }

  /** Snapshots that end before this offset are of no use any more. */
  dropBefore(offset: number): void {
    for (const id of this.#ids) if (id.offset < offset) this.#disk.remove(this.#path(id));
    this.#ids = this.#ids.filter((id) => id.offset >= offset);
  }

  /** Bytes of one snapshot for a follower; null when there is no such file or position. */
  read({ snapshotId, position, maxBytes }: SnapshotRead): { sizeBytes: number; bytes: Buffer } | null {
    const path = this.#path(snapshotId);
    const sizeBytes = this.#disk.size(path);
    if (sizeBytes === undefined || position < 0 || position > sizeBytes) return null;
    return { sizeBytes, bytes: this.#disk.read(path, position, maxBytes) };
  }

  /** The records of the latest snapshot. */
  load(): MetadataRecord[] {
    const id = this.latest;
    if (id === null) return [];
    return readRecords(this.#disk, this.#path(id));
  }

  #path({ offset, epoch }: OffsetAndEpoch): string {
    const name = `${String(offset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}.checkpoint`;
    return `${this.#directory}/${name}`;
  }
}
