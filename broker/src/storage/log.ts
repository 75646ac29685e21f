/**
 * A partition's log: segments on a disk, oldest first, the last one active.
 *
 * Synchronous and without timers; an idle log holds no handle and no buffer. Its owner decides when to flush,
 * apply retention and remove deleted files (see log-directory.ts).
 */
import { type BatchHeader, readBatchHeader, stampAppendTime, stampBatch } from '../messages/records.ts';
import { AbortedTransactions } from './aborted-transactions.ts';
import { checkBatches } from './append-checks.ts';
import { endOfBatches } from './batch.ts';
import type { LastOfProducer } from './compaction/batch-filter.ts';
import { DeletedFiles } from './deleted-files.ts';
import type { Disk } from './disk.ts';
import { checkFetched } from './follower-checks.ts';
import { LeaderEpochs } from './leader-epochs.ts';
import type {
  AbortedTransaction,
  AppendResult,
  EpochEndOffset,
  LeaderAppendOptions,
  LogConfig,
  LogOpenOptions,
  PartitionLog,
  ReadOptions,
  ReadResult,
  TimestampOffset,
} from './log-contract.ts';
import { judgeProducers } from './producer-checks.ts';
import { readSnapshot, snapshotPath, writeSnapshot } from './producer-snapshot.ts';
import { ProducerStates } from './producer-state.ts';
import { toTopicCodec } from './recompression.ts';
import { recoverSegments } from './recovery.ts';
import { countDeletable } from './retention.ts';
import { headerOf, Segment } from './segment.ts';
import { findMaxTimestamp, findTimestamp } from './timestamp-search.ts';
import { readMarker } from './transaction-marker.ts';

const noRecords = Buffer.alloc(0);

export class Log implements PartitionLog {
  config: LogConfig;
  private readonly disk: Disk;
  private readonly path: string;
  private readonly random: (() => number) | undefined;
  /** Oldest first. Invariants: never empty; base offsets grow strictly; the last one takes appends. */
  private segments: Segment[];
  private readonly epochs: LeaderEpochs;
  private producers: ProducerStates;
  private snapshots: number[];
  /** Invariant: segments[0].baseOffset ≤ startOffset ≤ endOffset. */
  private startOffset: number;
  private endOffset: number;
  private flushedOffset: number;
  readonly aborted: AbortedTransactions;
  private lowestTruncation = Number.POSITIVE_INFINITY;
  private readonly deleted: DeletedFiles;
  /** A compacted segment that the disk has not given its name yet, and those whose place it took. */
  private swap: { readonly cleaned: Segment; readonly replaced: Segment[] } | undefined;

  private constructor(options: LogOpenOptions) {
    this.disk = options.disk;
    this.path = options.directory;
    this.random = options.random;
    this.deleted = new DeletedFiles(options.disk);
    this.aborted = new AbortedTransactions(options.disk, options.directory);
    this.config = options.config;
    this.epochs = LeaderEpochs.open(options.disk, options.directory);
    const recovered = recoverSegments(options, this.epochs);
    this.segments = recovered.segments;
    this.snapshots = recovered.snapshots;
    this.endOffset = recovered.logEndOffset;
    this.startOffset = Math.max(
      this.segments[0]!.baseOffset,
      Math.min(options.logStartOffset ?? 0, this.endOffset),
    );
    this.flushedOffset = Math.min(options.recoveryPoint ?? 0, this.endOffset);
    this.epochs.restoreFrom(this.segments);
    this.epochs.truncateFromEnd(this.endOffset + 1);
    this.epochs.truncateFromStart(this.startOffset);
    this.producers = new ProducerStates(this.name);
    this.loadProducers();
    if (this.aborted.count < (options.abortedCount ?? 0)) {
      // A transaction index was lost: what it said is in the records, and only there.
      this.dropSnapshots(() => true);
      this.reloadProducers();
    }
    // Nobody is forgotten here: records may be older than producer.id.expiration.ms and their producer still sending.
  }

  static open(options: LogOpenOptions): Log {
    return new Log(options);
  }

  get directory(): string {
    return this.path;
  }

  get logStartOffset(): number {
    return this.startOffset;
  }

  get logEndOffset(): number {
    return this.endOffset;
  }

  get recoveryPoint(): number {
    return this.flushedOffset;
  }

  get sizeBytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  }

  get latestEpoch(): number {
    return this.epochs.latest;
  }

  /** Base offsets of the segments, oldest first. */
  get segmentOffsets(): readonly number[] {
    return this.segments.map((segment) => segment.baseOffset);
  }

  /** For compaction: oldest first, the last one active; do not change it. */
  get allSegments(): readonly Segment[] {
    return this.segments;
  }

  /** Producers active on this partition (DescribeProducers). */
  get producerStates(): ProducerStates {
    return this.producers;
  }

  /** What read_committed consumers may see at most: the start of the oldest open transaction. */
  lastStableOffset(highWatermark: number): number {
    return Math.min(highWatermark, this.producers.firstOpenTransactionOffset ?? highWatermark);
  }

  /** Aborted transactions that overlap [from, to). */
  abortedTransactions(from: number, to: number): readonly AbortedTransaction[] {
    return this.aborted.overlapping(from, to);
  }

  appendAsLeader(sent: Buffer, options: LeaderAppendOptions): AppendResult {
    const origin = options.origin ?? 'client';
    const { config, name } = this;
    const sound = checkBatches(sent, { config, origin, name, nowMs: options.nowMs });
    if (sound.kind === 'rejected') return { ...sound, logStartOffset: this.startOffset };
    const { startOffset, endOffset } = this;
    const isAppendTime = config.messageTimestampType === 'LogAppendTime';
    const { transactionVersion } = options;
    const place = { startOffset, endOffset, origin, transactionVersion, isAppendTime };
    const judged = judgeProducers(this.producers, { batches: sent, headers: sound.headers }, place);
    if (judged !== undefined) return judged;
    const checked = toTopicCodec(sent, sound.headers, { config, name });
    if (checked.kind === 'rejected') return { ...checked, logStartOffset: this.startOffset };
    const { batches } = checked;
    const firstOffset = this.endOffset;
    let nextOffset = firstOffset;
    for (const header of checked.headers) {
      const stamp = { baseOffset: nextOffset, partitionLeaderEpoch: options.leaderEpoch };
      stampBatch(batches, header.position, stamp);
      if (isAppendTime && !header.isControl) stampAppendTime(batches, header, options.nowMs);
      nextOffset += header.lastOffset - header.baseOffset + 1;
    }
    const stamped = checked.headers.map((header) => readBatchHeader(batches, header.position));
    this.store(batches, stamped, options.nowMs);
    return {
      kind: 'appended',
      firstOffset,
      lastOffset: nextOffset - 1,
      logAppendTimeMs: isAppendTime ? options.nowMs : -1,
      logStartOffset: this.startOffset,
    };
  }

  appendAsFollower(batches: Buffer): { firstOffset: number; lastOffset: number } | undefined {
    const checked = checkFetched(batches, { logEndOffset: this.endOffset, name: this.name });
    const first = checked.headers[0];
    if (first === undefined) return undefined;
    this.store(checked.whole, checked.headers, first.maxTimestamp);
    return { firstOffset: first.baseOffset, lastOffset: this.endOffset - 1 };
  }

  read(fetchOffset: number, options: ReadOptions): ReadResult {
    if (fetchOffset < this.startOffset || fetchOffset > this.endOffset) {
      return { kind: 'outOfRange', logStartOffset: this.startOffset, logEndOffset: this.endOffset };
    }
    const upTo = Math.min(options.upTo, this.endOffset);
    const minOneBatch = options.minOneBatch ?? true;
    if (fetchOffset < upTo) {
      for (let index = this.segmentIndexOf(fetchOffset); index < this.segments.length; index++) {
        const segment = this.segments[index]!;
        const records = segment.read(fetchOffset, { maxBytes: options.maxBytes, upTo, minOneBatch });
        if (records.length > 0) return { kind: 'records', records, nextOffset: endOfBatches(records) };
        if (segment.locate(fetchOffset) < segment.sizeBytes) break;
      }
    }
    return { kind: 'records', records: noRecords, nextOffset: fetchOffset };
  }

  offsetForTimestamp(timestamp: number): TimestampOffset | undefined {
    return findTimestamp(this.segments, { timestamp, logStartOffset: this.startOffset });
  }

  offsetOfMaxTimestamp(): TimestampOffset | undefined {
    return findMaxTimestamp(this.segments);
  }

  startEpoch(epoch: number): void {
    this.epochs.assign(epoch, this.endOffset);
  }

  endOffsetForEpoch(epoch: number): EpochEndOffset {
    return this.epochs.endOffsetFor(epoch, this.endOffset);
  }

  epochAt(offset: number): number {
    return this.epochs.epochAt(offset);
  }

  truncateTo(offset: number): boolean {
    if (offset >= this.endOffset) {
      this.epochs.truncateFromEnd(offset);
      return false;
    }
    if (offset <= this.segments[0]!.baseOffset) {
      this.truncateFullyAndStartAt(offset);
      return true;
    }
    while (this.active.baseOffset >= offset && this.segments.length > 1) {
      this.active.remove();
      this.segments.pop();
    }
    this.active.truncateTo(offset);
    // Else a power cut could bring back what was cut off, in front of or instead of what came after it.
    this.active.flush();
    this.lowestTruncation = Math.min(this.lowestTruncation, offset);
    this.endOffset = offset;
    this.startOffset = Math.min(this.startOffset, offset);
    this.flushedOffset = Math.min(this.flushedOffset, offset);
    this.epochs.truncateFromEnd(offset);
    this.dropSnapshots((snapshot) => snapshot > offset);
    this.reloadProducers();
    return true;
  }

  truncateFullyAndStartAt(offset: number): void {
    for (const segment of this.segments) segment.remove();
    this.segments = [this.createSegment(offset)];
    this.lowestTruncation = Math.min(this.lowestTruncation, offset);
    this.startOffset = offset;
    this.endOffset = offset;
    this.flushedOffset = offset;
    this.epochs.clear();
    this.dropSnapshots(() => true);
    this.reloadProducers();
  }

  deleteRecordsBefore(offset: number): void {
    if (offset <= this.startOffset) return;
    this.startOffset = Math.min(offset, this.endOffset);
    this.epochs.truncateFromStart(this.startOffset);
  }

  dropSegmentsBelowStart(): void {
    while (this.segments.length > 1 && this.segments[1]!.baseOffset <= this.startOffset) {
      this.segments.shift()!.remove();
    }
  }

  applyRetention(options: { nowMs: number; highWatermark: number }): number {
    const retained = this.segments.map((segment, index) => ({
      sizeBytes: segment.sizeBytes,
      maxTimestamp: segment.maxTimestamp,
      endOffset: this.segments[index + 1]?.baseOffset ?? this.endOffset,
    }));
    const count = countDeletable(retained, {
      ...options,
      config: this.config,
      logStartOffset: this.startOffset,
    });
    if (count === 0) return 0;
    if (count === this.segments.length) this.roll();
    // First of all nobody reads there any more: a disk that refuses half-way leaves whole segments for the next time.
    this.startOffset = Math.max(this.startOffset, this.segments[count]!.baseOffset);
    this.epochs.truncateFromStart(this.startOffset);
    this.aborted.dropBefore(this.startOffset);
    for (let left = count; left > 0; left--) {
      const { baseOffset } = this.segments[0]!;
      this.deleteLater(this.segments[0]!.markDeleted(), options.nowMs);
      this.snapshots = this.snapshots.filter((snapshot) => snapshot !== baseOffset);
      this.segments.shift();
    }
    return count;
  }

  /** The lowest offset the log was cut to since the last call: what is above was never cleaned. */
  takeLowestTruncation(): number {
    const lowest = this.lowestTruncation;
    this.lowestTruncation = Number.POSITIVE_INFINITY;
    return lowest;
  }

  /** What each remembered producer wrote last. */
  lastOfProducers(): Map<number, LastOfProducer> {
    return new Map(
      Array.from(this.producers.all, ({ producerId, epoch, batches }) => [
        producerId,
        { lastDataOffset: batches.at(-1)?.lastOffset ?? -1, producerEpoch: epoch },
      ]),
    );
  }

  /**
   * Puts a complete `.cleaned` segment in the place of those it was made from; false when these are not the log's any
   * more. `aborted`: the transactions that its index lists.
   */
  replaceSegments(
    cleaned: Segment,
    made: { replaced: readonly Segment[]; aborted: readonly AbortedTransaction[]; nowMs: number },
  ): boolean {
    const { replaced, nowMs } = made;
    const first = this.segments.indexOf(replaced[0]!);
    const end = first + replaced.length;
    const isOurs = first >= 0 && replaced.every((segment, index) => this.segments[first + index] === segment);
    if (!isOurs || end >= this.segments.length) return false;
    this.settleSwap(nowMs);
    const endOffset = this.segments[end]!.baseOffset;
    cleaned.renameTo('.swap');
    // From here on it counts, under this name too: a disk that refuses the rest is asked again, and a start does it.
    this.segments.splice(first, replaced.length, cleaned);
    this.swap = { cleaned, replaced: [...replaced] };
    this.aborted.replace(cleaned.baseOffset, endOffset, made.aborted);
    this.settleSwap(nowMs);
    return true;
  }

  /** The rest of a replacement: the old files go, the new ones take their names. */
  private settleSwap(nowMs: number): void {
    if (this.swap === undefined) return;
    const { cleaned, replaced } = this.swap;
    for (let segment = replaced[0]; segment !== undefined; segment = replaced[0]) {
      const { baseOffset } = segment;
      const keepSnapshot = baseOffset === cleaned.baseOffset;
      this.deleteLater(segment.markDeleted({ keepSnapshot }), nowMs);
      if (!keepSnapshot) this.snapshots = this.snapshots.filter((offset) => offset !== baseOffset);
      replaced.shift();
    }
    cleaned.renameTo('');
    this.swap = undefined;
  }

  removeDeletedFiles(nowMs: number): number | undefined {
    this.settleSwap(nowMs);
    return this.deleted.removeDue(nowMs);
  }

  expireProducers(nowMs: number): void {
    this.producers.expire(nowMs, this.config.producerIdExpirationMs);
  }

  private deleteLater(paths: readonly string[], nowMs: number): void {
    this.deleted.add(paths, nowMs + this.config.fileDeleteDelayMs);
  }

  roll(): void {
    if (this.active.sizeBytes === 0) return;
    this.active.seal();
    this.active.trim();
    this.takeSnapshot();
    this.segments.push(this.createSegment(this.endOffset));
  }

  async flushLater(): Promise<void> {
    this.flushSealed();
    const { endOffset } = this;
    if (this.flushedOffset >= endOffset) return;
    await this.disk.flushLater(this.active.logPath);
    this.flushedOffset = Math.max(this.flushedOffset, Math.min(endOffset, this.endOffset));
  }

  flush(): void {
    this.flushSealed();
    if (this.flushedOffset >= this.endOffset) return;
    this.active.flush();
    this.flushedOffset = this.endOffset;
  }

  flushSealed(): void {
    if (this.flushedOffset >= this.active.baseOffset) return;
    for (let index = this.segmentIndexOf(this.flushedOffset); index < this.segments.length - 1; index++) {
      this.segments[index]!.flush();
      this.segments[index]!.flushIndexes();
    }
    this.epochs.flush();
    this.flushedOffset = this.active.baseOffset;
  }

  close(): void {
    this.active.seal();
    this.active.trim();
    this.active.makeIndexes();
    this.active.flushIndexes();
    this.flush();
    if (this.producers.size > 0) this.takeSnapshot();
  }

  private createSegment(baseOffset: number): Segment {
    const { disk, path: directory, random, config } = this;
    const preallocateBytes = config.preallocate ? config.segmentBytes : 0;
    return Segment.create({ disk, directory, baseOffset, random, preallocateBytes });
  }

  private get active(): Segment {
    return this.segments[this.segments.length - 1]!;
  }

  /** topic-partition: the folder's name. */
  private get name(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }

  /** Stores checked and stamped batches and remembers what they say. */
  private store(batches: Buffer, headers: readonly BatchHeader[], nowMs: number): void {
    const last = headers[headers.length - 1]!;
    const incoming = {
      sizeBytes: batches.length,
      lastOffset: last.lastOffset,
      maxTimestamp: headers.reduce((most, header) => Math.max(most, header.maxTimestamp), -1),
      nowMs,
    };
    if (this.active.shouldRoll(this.config, incoming)) this.roll();
    this.active.append(batches, this.config.indexIntervalBytes);
    this.endOffset = last.lastOffset + 1;
    for (const header of headers) {
      if (header.partitionLeaderEpoch > this.epochs.latest) {
        this.epochs.assign(header.partitionLeaderEpoch, header.baseOffset);
      }
      this.noteProducer(batches, header, this.active);
    }
    // Last of all: where it fails the records are there, and a producer that sends them again must be known.
    if (this.endOffset - this.flushedOffset >= this.config.flushMessages) this.flush();
  }

  private noteProducer(buffer: Buffer, header: BatchHeader, segment: Segment): void {
    if (header.producerId < 0) return;
    const marker = header.isControl ? readMarker(buffer, header) : undefined;
    const aborted = this.producers.note(header, marker);
    if (aborted !== undefined) this.aborted.note(aborted, segment.baseOffset);
  }

  private segmentIndexOf(offset: number): number {
    const index = this.segments.findLastIndex((segment) => segment.baseOffset <= offset);
    return Math.max(0, index);
  }

  private takeSnapshot(): void {
    if (this.snapshots.at(-1) === this.endOffset) return;
    this.aborted.writeAll();
    writeSnapshot(this.disk, snapshotPath(this.path, this.endOffset), this.producers);
    this.snapshots.push(this.endOffset);
  }

  private dropSnapshots(isDropped: (offset: number) => boolean): void {
    for (const offset of this.snapshots) {
      if (isDropped(offset)) this.disk.remove(snapshotPath(this.path, offset));
    }
    this.snapshots = this.snapshots.filter((offset) => !isDropped(offset));
  }

  private reloadProducers(): void {
    this.producers.clear();
    this.loadProducers();
  }

  /** From the newest readable snapshot, then by what the log says after it. */
  private loadProducers(): void {
    let from = this.segments[0]!.baseOffset;
    for (const offset of this.snapshots.toReversed()) {
      if (offset < from) break;
      if (readSnapshot(this.disk, snapshotPath(this.path, offset), this.producers)) {
        from = offset;
        break;
      }
      this.dropSnapshots((snapshot) => snapshot === offset);
    }
    this.aborted.load(this.segmentOffsets, from);
    for (let index = this.segmentIndexOf(from); index < this.segments.length; index++) {
      const segment = this.segments[index]!;
      if (from >= this.endOffset) return;
      for (const batch of segment.wholeBatches(segment.locate(from))) {
        const header = headerOf(batch);
        if (header.baseOffset >= from) this.noteProducer(batch.buffer, header, segment);
      }
    }
  }
}
