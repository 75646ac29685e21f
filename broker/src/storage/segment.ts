/**
 * One segment of a log: `<base offset, 20 digits>.log` with its two indexes. Positions and entries are exactly
 * Apache Kafka's, so its tools read our files and ours its.
 */
import { readBatchHeader } from '../messages/records.ts';
import { batchHeaderBytes, lastOffsetOf, maxTimestampOf, readInt64, sizeOfBatch } from './batch.ts';
import { BatchScanner, type ScannedBatch } from './batch-scan.ts';
import { type Disk, isRefusal } from './disk.ts';
import { type LogConfig, LogError } from './log-contract.ts';
import { offsetIndexFormat, SparseIndex, timeIndexFormat } from './sparse-index.ts';

export interface SegmentPlace {
  readonly disk: Disk;
  readonly directory: string;
  readonly baseOffset: number;
  /** Behind every file's name while compaction writes the segment anew. */
  readonly fileSuffix?: FileSuffix;
  /** 0 to 1, for segment.jitter.ms; default: no jitter. */
  readonly random?: (() => number) | undefined;
  /** Size given to the file of a new segment, so that it need not grow (preallocate). Default 0. */
  readonly preallocateBytes?: number;
}

type FileSuffix = '' | '.cleaned' | '.swap';

/** The file name of a base offset: twenty digits. */
export function segmentFileName(baseOffset: number, suffix: string): string {
  return String(baseOffset).padStart(20, '0') + suffix;
}

const relativeOffsetMax = 0x7fff_ffff;
/** Bytes read to find a batch behind an index entry. */
const locateBlockBytes = 8192;
/** Readers whose place in this segment is remembered: followers and consumers read on where they stopped. */
const hintsMax = 4;

export class Segment {
  readonly baseOffset: number;
  fileSuffix: FileSuffix;
  logPath: string;
  /** Bytes of whole batches; what may follow in the file is a torn tail that recovery cuts. */
  sizeBytes: number;
  /** Largest timestamp and the last offset of the batch that has it; -1 when unknown or empty. */
  maxTimestamp = -1;
  offsetOfMaxTimestamp = -1;
  /** Room for more records follows in the file. */
  private isPreallocated = false;
  private readonly disk: Disk;
  private readonly directory: string;
  private readonly random: () => number;
  /** Part of segment.jitter.ms by which this segment ends early, 0 to 1. */
  private jitter: number | undefined;
  private offsets: SparseIndex | undefined;
  private times: SparseIndex | undefined;
  private bytesSinceIndexEntry = 0;
  /** Largest timestamp of the first batch, read when first asked for. */
  private firstTimestamp = -1;
  /** Pairs (next offset, position), newest last. Invariant: a batch with that base offset or a later one begins there. */
  private hints: number[] | undefined;

  constructor(place: SegmentPlace, sizeBytes: number) {
    this.disk = place.disk;
    this.directory = place.directory;
    this.random = place.random ?? (() => 0);
    this.baseOffset = place.baseOffset;
    this.fileSuffix = place.fileSuffix ?? '';
    this.logPath = this.path('.log');
    this.sizeBytes = sizeBytes;
  }

  /** A new, empty segment, replacing files that may be left of an old one. */
  static create(place: SegmentPlace): Segment {
    const segment = new Segment(place, 0);
    if (place.disk.size(segment.logPath) !== undefined) segment.remove();
    place.disk.write(segment.logPath, 0, Buffer.alloc(0));
    const { preallocateBytes = 0 } = place;
    if (preallocateBytes > 0) {
      place.disk.truncate(segment.logPath, preallocateBytes);
      segment.isPreallocated = true;
    }
    return segment;
  }

  /** An existing segment as it stands; undefined when an index is missing or damaged and has to be rebuilt. */
  static open(place: SegmentPlace): Segment | undefined {
    const segment = new Segment(place, 0);
    segment.sizeBytes = place.disk.size(segment.logPath) ?? 0;
    if (segment.sizeBytes === 0) return segment;
    segment.offsets = SparseIndex.open(place.disk, segment.path('.index'), offsetIndexFormat);
    segment.times = SparseIndex.open(place.disk, segment.path('.timeindex'), timeIndexFormat);
    if (segment.offsets === undefined || segment.times === undefined) return undefined;
    if ((segment.offsets.lastEntry?.value ?? -1) >= segment.sizeBytes) return undefined;
    const last = segment.times.lastEntry;
    if (last !== undefined) {
      segment.maxTimestamp = last.key;
      segment.offsetOfMaxTimestamp = segment.baseOffset + last.value;
    }
    return segment;
  }

  path(suffix: string): string {
    return `${this.directory}/${segmentFileName(this.baseOffset, suffix)}${this.fileSuffix}`;
  }

  /** Whether a batch up to `lastOffset` must go to a new segment. */
  shouldRoll(
    config: LogConfig,
    incoming: { sizeBytes: number; lastOffset: number; maxTimestamp: number; nowMs: number },
  ): boolean {
    if (this.sizeBytes > config.segmentBytes - incoming.sizeBytes) return true;
    if (incoming.lastOffset - this.baseOffset > relativeOffsetMax) return true;
    if (this.sizeBytes === 0) return false;
    const waited = this.timeWaited(incoming.maxTimestamp, incoming.nowMs);
    if (waited > longestMs(config) - this.jitterMs(config)) return true;
    const { offsets, times } = this.indexes();
    return (
      offsets.entryCount >= Math.floor(config.segmentIndexBytes / 8) ||
      times.entryCount >= Math.floor(config.segmentIndexBytes / 12)
    );
  }

  /** Stores whole batches; on a refusing disk the segment is as before and the error goes on. */
  append(batches: Buffer, indexIntervalBytes: number): void {
    try {
      if (this.sizeBytes === 0) this.resetIndexes();
      this.disk.write(this.logPath, this.sizeBytes, batches);
    } catch (error) {
      this.cutTail();
      throw error;
    }
    for (let start = 0; start < batches.length; start += sizeOfBatch(batches, start)) {
      this.noteBatch({ buffer: batches, start, position: this.sizeBytes + start }, indexIntervalBytes);
    }
    this.sizeBytes += batches.length;
  }

  /** Position of the batch that holds `offset` or, in a gap, of the next one; the end of the file when there is none. */
  locate(offset: number): number {
    const hint = this.hintFor(offset);
    if (hint !== undefined) return hint;
    const entry = this.indexes().offsets.floor(offset - this.baseOffset);
    const range = { from: entry?.value ?? 0, to: this.sizeBytes, blockBytes: locateBlockBytes };
    for (const batch of new BatchScanner(this.disk, this.logPath).headers(range)) {
      if (lastOffsetOf(batch.buffer, batch.start) >= offset) return batch.position;
    }
    return this.sizeBytes;
  }

  /** Whole batches from the one that holds `offset`, below `upTo`. */
  read(offset: number, options: { maxBytes: number; upTo: number; minOneBatch: boolean }): Buffer {
    const position = this.locate(offset);
    if (position >= this.sizeBytes) return Buffer.alloc(0);
    const wanted = Math.max(batchHeaderBytes, Math.min(options.maxBytes, this.sizeBytes - position));
    const block = this.disk.read(this.logPath, position, wanted);
    const firstBytes = this.checkedSize(block, position);
    if (lastOffsetOf(block, 0) >= options.upTo) return Buffer.alloc(0);
    if (firstBytes > options.maxBytes) {
      if (!options.minOneBatch) return Buffer.alloc(0);
      const first = firstBytes > block.length ? this.disk.read(this.logPath, position, firstBytes) : block;
      this.remember(lastOffsetOf(first, 0) + 1, position + firstBytes);
      return first.subarray(0, firstBytes);
    }
    const end = endOfBatchesBelow(block, options.upTo);
    this.remember(end.nextOffset, position + end.bytes);
    return block.subarray(0, end.bytes);
  }

  /** Batches from the one that may hold the first record at or after `timestamp`. */
  batchesSince(timestamp: number): Generator<ScannedBatch> {
    const { offsets, times } = this.indexes();
    const time = times.floor(timestamp - 1);
    const entry = time === undefined ? undefined : offsets.floor(time.value);
    return this.scan().wholeBatches({ from: entry?.value ?? 0, to: this.sizeBytes });
  }

  headers(from = 0): Generator<ScannedBatch> {
    return this.scan().headers({ from, to: this.sizeBytes });
  }

  wholeBatches(from = 0): Generator<ScannedBatch> {
    return this.scan().wholeBatches({ from, to: this.sizeBytes });
  }

  /** Offset after the last batch. */
  endOffset(): number {
    if (this.sizeBytes === 0) return this.baseOffset;
    const last = this.indexes().offsets.lastEntry;
    let end = this.baseOffset;
    for (const batch of this.headers(last?.value ?? 0)) end = lastOffsetOf(batch.buffer, batch.start) + 1;
    return end;
  }

  /** Drops every batch that reaches `offset` or beyond. */
  truncateTo(offset: number): void {
    if (this.sizeBytes === 0) return;
    this.hints = undefined;
    const position = this.locate(offset);
    this.hints = undefined;
    if (position < this.sizeBytes) this.disk.truncate(this.logPath, position);
    this.sizeBytes = position;
    const { offsets, times } = this.indexes();
    offsets.truncateTo(offset - this.baseOffset);
    times.truncateTo(offset - this.baseOffset);
    this.bytesSinceIndexEntry = 0;
    if (position === 0) this.firstTimestamp = -1;
    this.reloadMaxTimestamp();
  }

  /** Indexes written anew from the batches, after `onBatch` has accepted each; stops at the first refused one. */
  rebuild(indexIntervalBytes: number, accept: (batch: ScannedBatch) => boolean): void {
    this.hints = undefined;
    if (this.sizeBytes === 0) return;
    this.resetIndexes();
    let end = 0;
    for (const batch of this.wholeBatches()) {
      if (!accept(batch)) break;
      this.noteBatch(batch, indexIntervalBytes);
      end = batch.position + batch.sizeBytes;
    }
    if (end < this.sizeBytes) this.disk.truncate(this.logPath, end);
    this.sizeBytes = end;
  }

  /** No more appends: the time index gets its last entry, which retention and lookups rely on. */
  seal(): void {
    if (this.maxTimestamp < 0) return;
    this.indexes().times.maybeAppend({
      key: this.maxTimestamp,
      value: this.offsetOfMaxTimestamp - this.baseOffset,
    });
  }

  /** Indexes of a segment that has no records yet, which Apache Kafka's start looks for. */
  makeIndexes(): void {
    if (this.sizeBytes > 0) return;
    for (const path of [this.path('.index'), this.path('.timeindex')]) {
      if (this.disk.size(path) === undefined) this.disk.write(path, 0, Buffer.alloc(0));
    }
  }

  /** Gives back the room that was meant for records that do not come any more. */
  trim(): void {
    if (!this.isPreallocated) return;
    this.disk.truncate(this.logPath, this.sizeBytes);
    this.isPreallocated = false;
  }

  /** Only the records: while a segment is active its indexes are rebuilt after a crash anyway. */
  flush(): void {
    this.disk.flush(this.logPath);
  }

  /** Needed before a segment is trusted without a scan, as one below the recovery point is. */
  flushIndexes(): void {
    if (this.sizeBytes === 0) return;
    const { offsets, times } = this.indexes();
    this.disk.flush(offsets.path);
    this.disk.flush(times.path);
  }

  /** Bytes of log and indexes. */
  fileSizes(): { log: number; index: number; time: number } {
    const { offsets, times } = this.sizeBytes === 0 ? {} : this.indexes();
    return { log: this.sizeBytes, index: offsets?.sizeBytes ?? 0, time: times?.sizeBytes ?? 0 };
  }

  /** Gives every file another suffix. */
  renameTo(fileSuffix: FileSuffix): void {
    const before = segmentSuffixes.map((suffix) => [suffix, this.path(suffix)] as const);
    // The records first: they are found under whichever name they have, and without an index too.
    for (const [suffix, path] of before) {
      if (this.disk.size(path) !== undefined) {
        this.disk.rename(path, `${this.directory}/${segmentFileName(this.baseOffset, suffix)}${fileSuffix}`);
      }
      if (suffix !== '.log') continue;
      this.fileSuffix = fileSuffix;
      this.logPath = this.path('.log');
      this.offsets = undefined;
      this.times = undefined;
    }
  }

  /** Renames the files to `<name>.deleted`; returns the new paths. */
  markDeleted(options: { keepSnapshot: boolean } = { keepSnapshot: false }): string[] {
    this.hints = undefined;
    return segmentSuffixes
      .filter((suffix) => suffix !== '.snapshot' || !options.keepSnapshot)
      .map((suffix) => this.path(suffix))
      .filter((path) => this.disk.size(path) !== undefined)
      .map((path) => {
        this.disk.rename(path, `${path}.deleted`);
        return `${path}.deleted`;
      });
  }

  remove(): void {
    for (const suffix of segmentSuffixes) this.disk.remove(this.path(suffix));
  }

  /** The index files come with the first records: an empty partition, of which there are many, has only a log. */
  private indexes(): { offsets: SparseIndex; times: SparseIndex } {
    this.offsets ??= SparseIndex.open(this.disk, this.path('.index'), offsetIndexFormat);
    this.times ??= SparseIndex.open(this.disk, this.path('.timeindex'), timeIndexFormat);
    this.offsets ??= SparseIndex.create(this.disk, this.path('.index'), offsetIndexFormat);
    this.times ??= SparseIndex.create(this.disk, this.path('.timeindex'), timeIndexFormat);
    return { offsets: this.offsets, times: this.times };
  }

  private resetIndexes(): void {
    this.offsets = SparseIndex.create(this.disk, this.path('.index'), offsetIndexFormat);
    this.times = SparseIndex.create(this.disk, this.path('.timeindex'), timeIndexFormat);
    this.maxTimestamp = -1;
    this.offsetOfMaxTimestamp = -1;
    this.bytesSinceIndexEntry = 0;
  }

  /** Kafka's rule: an entry before the first batch that follows more than index.interval.bytes without one. */
  private noteBatch(
    batch: { buffer: Buffer; start: number; position: number },
    indexIntervalBytes: number,
  ): void {
    const lastOffset = lastOffsetOf(batch.buffer, batch.start);
    const timestamp = maxTimestampOf(batch.buffer, batch.start);
    if (timestamp > this.maxTimestamp) {
      this.maxTimestamp = timestamp;
      this.offsetOfMaxTimestamp = lastOffset;
    }
    if (this.bytesSinceIndexEntry > indexIntervalBytes) {
      this.noteInIndexes(lastOffset, batch.position);
      this.bytesSinceIndexEntry = 0;
    }
    this.bytesSinceIndexEntry += sizeOfBatch(batch.buffer, batch.start);
  }

  /** The batch is stored whatever becomes of its entries: any of them may be missing. */
  private noteInIndexes(lastOffset: number, position: number): void {
    try {
      this.indexes().offsets.maybeAppend({ key: lastOffset - this.baseOffset, value: position });
      this.seal();
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }

  /** segment.ms counts in message time from the first batch, or in wall time when that has no timestamp. */
  private timeWaited(maxTimestamp: number, nowMs: number): number {
    const first = this.timestampOfFirst;
    if (first < 0) return 0;
    return (maxTimestamp >= 0 ? maxTimestamp : nowMs) - first;
  }

  /** Largest timestamp of the first batch; -1 when it has none or there is none. */
  get timestampOfFirst(): number {
    if (this.firstTimestamp < 0 && this.sizeBytes > 0) {
      this.firstTimestamp = maxTimestampOf(this.disk.read(this.logPath, 0, batchHeaderBytes), 0);
    }
    return this.firstTimestamp;
  }

  /** Drawn once, so that segments which began together do not all end together. */
  private jitterMs(config: LogConfig): number {
    if (config.segmentJitterMs === 0) return 0;
    this.jitter ??= this.random();
    return Math.floor(this.jitter * Math.min(config.segmentJitterMs, config.segmentMs));
  }

  private reloadMaxTimestamp(): void {
    const last = this.indexes().times.lastEntry;
    this.maxTimestamp = last?.key ?? -1;
    this.offsetOfMaxTimestamp = last === undefined ? -1 : this.baseOffset + last.value;
    const from = this.indexes().offsets.lastEntry?.value ?? 0;
    for (const batch of this.headers(from)) {
      const timestamp = maxTimestampOf(batch.buffer, batch.start);
      if (timestamp <= this.maxTimestamp) continue;
      this.maxTimestamp = timestamp;
      this.offsetOfMaxTimestamp = lastOffsetOf(batch.buffer, batch.start);
    }
  }

  private hintFor(offset: number): number | undefined {
    const hints = this.hints;
    if (hints === undefined) return undefined;
    for (let index = hints.length - 2; index >= 0; index -= 2) {
      if (hints[index] === offset) return hints[index + 1];
    }
    return undefined;
  }

  private remember(nextOffset: number, position: number): void {
    this.hints ??= [];
    const known = this.hints.indexOf(nextOffset);
    if (known >= 0 && known % 2 === 0) return;
    this.hints.push(nextOffset, position);
    if (this.hints.length > hintsMax * 2) this.hints.splice(0, 2);
  }

  private checkedSize(block: Buffer, position: number): number {
    const size = block.length < batchHeaderBytes ? 0 : sizeOfBatch(block, 0);
    if (size >= batchHeaderBytes && position + size <= this.sizeBytes) return size;
    throw new LogError(
      'unreadableSegment',
      `${this.logPath} is damaged: no record batch begins at byte ${position}`,
    );
  }

  /** After a failed write: what was written of it must not stay behind the last whole batch. */
  private cutTail(): void {
    try {
      // Zeros behind the last batch are as good as what was preallocated, but for the room they take.
      this.isPreallocated = false;
      if ((this.disk.size(this.logPath) ?? 0) > this.sizeBytes)
        this.disk.truncate(this.logPath, this.sizeBytes);
    } catch {
      // The first error is what matters; a tail left behind is overwritten by the next append or cut by recovery.
    }
  }

  private scan(): BatchScanner {
    return new BatchScanner(this.disk, this.logPath);
  }
}

/** A record that must be compacted in time must not stay in the active segment for longer (KIP-354). */
function longestMs({ segmentMs, maxCompactionLagMs, cleanupPolicy }: LogConfig): number {
  return cleanupPolicy.compact && maxCompactionLagMs > 0
    ? Math.min(segmentMs, maxCompactionLagMs)
    : segmentMs;
}

const segmentSuffixes = ['.log', '.index', '.timeindex', '.snapshot', '.txnindex'] as const;

/** How much of `block` is whole batches below `upTo`, and the offset after them. */
function endOfBatchesBelow(block: Buffer, upTo: number): { bytes: number; nextOffset: number } {
  let bytes = 0;
  let nextOffset = readInt64(block, 0);
  while (bytes + batchHeaderBytes <= block.length) {
    const size = sizeOfBatch(block, bytes);
    if (size < batchHeaderBytes || bytes + size > block.length) break;
    const lastOffset = lastOffsetOf(block, bytes);
    if (lastOffset >= upTo) break;
    nextOffset = lastOffset + 1;
    bytes += size;
  }
  return { bytes, nextOffset };
}

/** The header of a scanned batch. */
export const headerOf = (batch: ScannedBatch) => readBatchHeader(batch.buffer, batch.start);
