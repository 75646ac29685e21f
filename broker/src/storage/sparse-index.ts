/**
 * Kafka's two index files of a segment, read straight from the file: nothing is mapped or kept in memory but the
 * number of entries and the last one.
 *
 * `.index`: offset relative to the segment's base int32, file position int32 (8 bytes an entry).
 * `.timeindex`: timestamp int64, relative offset int32 (12 bytes an entry).
 *
 * Invariants: keys grow strictly, and so do relative offsets. An entry may be missing anywhere, so a lookup
 * finds a place to start scanning from, never the place itself.
 */
import { readInt64, writeInt64 } from './batch.ts';
import type { Disk } from './disk.ts';

export interface IndexFormat {
  readonly suffix: '.index' | '.timeindex';
  readonly entryBytes: number;
  readonly readEntry: (buffer: Buffer, position: number) => IndexEntry;
  readonly writeEntry: (buffer: Buffer, entry: IndexEntry) => void;
  /** The relative offset of an entry: its key or its value. */
  readonly relativeOffset: (entry: IndexEntry) => number;
}

export interface IndexEntry {
  readonly key: number;
  readonly value: number;
}

/** Relative offset → position of a batch at or before it. */
export const offsetIndexFormat: IndexFormat = {
  suffix: '.index',
  entryBytes: 8,
  readEntry: (buffer, position) => ({
    key: buffer.readInt32BE(position),
    value: buffer.readInt32BE(position + 4),
  }),
  writeEntry: (buffer, entry) => {
    buffer.writeInt32BE(entry.key, 0);
    buffer.writeInt32BE(entry.value, 4);
  },
  relativeOffset: (entry) => entry.key,
};

/** Timestamp → relative offset of a batch: everything up to it has this timestamp or an earlier one. */
export const timeIndexFormat: IndexFormat = {
  suffix: '.timeindex',
  entryBytes: 12,
  readEntry: (buffer, position) => ({
    key: readInt64(buffer, position),
    value: buffer.readInt32BE(position + 8),
  }),
  writeEntry: (buffer, entry) => {
    writeInt64(buffer, 0, entry.key);
    buffer.writeInt32BE(entry.value, 8);
  },
  relativeOffset: (entry) => entry.value,
};

/** Entries read at once when a search has narrowed down that far. */
const blockEntries = 256;

export class SparseIndex {
  readonly path: string;
  private readonly disk: Disk;
  private readonly format: IndexFormat;
  private count: number;
  private last: IndexEntry | undefined;

  private constructor(disk: Disk, path: string, format: IndexFormat) {
    this.disk = disk;
    this.path = path;
    this.format = format;
    this.count = 0;
  }

  static create(disk: Disk, path: string, format: IndexFormat): SparseIndex {
    const index = new SparseIndex(disk, path, format);
    if (disk.size(path) === undefined) disk.write(path, 0, Buffer.alloc(0));
    else disk.truncate(path, 0);
    return index;
  }

  /** The existing file, or undefined when it is absent or cannot be what this index writes. */
  static open(disk: Disk, path: string, format: IndexFormat): SparseIndex | undefined {
    const size = disk.size(path);
    if (size === undefined || size % format.entryBytes !== 0) return undefined;
    const index = new SparseIndex(disk, path, format);
    index.count = size / format.entryBytes;
    if (index.count === 0) return index;
    index.last = index.entryAt(index.count - 1);
    return format.relativeOffset(index.last) >= 0 && index.last.key >= 0 ? index : undefined;
  }

  get entryCount(): number {
    return this.count;
  }

  get sizeBytes(): number {
    return this.count * this.format.entryBytes;
  }

  get lastEntry(): IndexEntry | undefined {
    return this.last;
  }

  /** Adds an entry; one whose key does not grow is left out, for it would tell nothing new. */
  maybeAppend(entry: IndexEntry): void {
    if (this.last !== undefined && entry.key <= this.last.key) return;
    const bytes = Buffer.allocUnsafe(this.format.entryBytes);
    this.format.writeEntry(bytes, entry);
    this.disk.write(this.path, this.sizeBytes, bytes);
    this.count++;
    this.last = entry;
  }

  /** The last entry whose key is not above `key`. */
  floor(key: number): IndexEntry | undefined {
    if (this.last === undefined) return undefined;
    if (this.last.key <= key) return this.last;
    let low = 0;
    let high = this.count;
    while (high - low > blockEntries) {
      const middle = (low + high) >> 1;
      if (this.entryAt(middle).key <= key) low = middle;
      else high = middle;
    }
    let found: IndexEntry | undefined;
    for (const entry of this.entries(low, high)) {
      if (entry.key > key) break;
      found = entry;
    }
    return found;
  }

  /** Drops entries at and above a relative offset. */
  truncateTo(relativeOffset: number): void {
    let count = this.count;
    let last = this.last;
    while (last !== undefined && this.format.relativeOffset(last) >= relativeOffset) {
      count--;
      last = count === 0 ? undefined : this.entryAt(count - 1);
    }
    if (count === this.count) return;
    this.disk.truncate(this.path, count * this.format.entryBytes);
    this.count = count;
    this.last = last;
  }

  private entryAt(index: number): IndexEntry {
    const { entryBytes, readEntry } = this.format;
    return readEntry(this.disk.read(this.path, index * entryBytes, entryBytes), 0);
  }

  private *entries(from: number, to: number): Generator<IndexEntry> {
    const { entryBytes, readEntry } = this.format;
    const block = this.disk.read(this.path, from * entryBytes, (to - from) * entryBytes);
    for (let position = 0; position + entryBytes <= block.length; position += entryBytes) {
      yield readEntry(block, position);
    }
  }
}
