/**
 * All partition folders of one broker (`log.dirs`): which exist, their checkpoints, and what has to be done to
 * them from time to time. Holds no timer: the owner calls `checkpoint`, `applyRetention` and `removeDeleted`.
 *
 * Layout: `<topic>-<partition>/…`, `<topic>-<partition>.<id>-delete/` for deleted ones, `….<id>-stray/` for what nobody knows of,
 * five checkpoint files, and `.kafka_cleanshutdown` while nobody uses the folder.
 */
import {
  readOffsetCheckpoint,
  readPartitionMetadata,
  writeOffsetCheckpoint,
  writePartitionMetadata,
} from './checkpoint.ts';
import { LogCleaner, type LogCleanerOptions } from './compaction/log-cleaner.ts';
import { type Disk, DiskError, isRefusal } from './disk.ts';
import { Log } from './log.ts';
import { type LogConfig, LogError } from './log-contract.ts';

const files = {
  recoveryPoint: 'recovery-point-offset-checkpoint',
  highWatermark: 'replication-offset-checkpoint',
  logStartOffset: 'log-start-offset-checkpoint',
  /** Ours alone: Apache Kafka passes it over. */
  abortedCount: 'aborted-transactions-checkpoint',
  cleanShutdown: '.kafka_cleanshutdown',
} as const;

const partitionFolder = /^(.+)-(\d+)$/;
const deletedFolder = /-delete$/;
const futureEnding = '-future';
const futureFolder = /^(.+-\d+)\.[^.]+-future$/;

export interface FoundPartition {
  readonly topic: string;
  readonly partition: number;
  /** From partition.metadata; undefined when that is missing. */
  readonly topicId: string | undefined;
}

export interface OpenPartitionOptions {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  readonly config: LogConfig;
}

export interface LogDirectoryOptions {
  readonly disk: Disk;
  readonly path: string;
  /** directory.id of its meta.properties; default: none. */
  readonly id?: string;
  /** Told in one sentence what recovery had to cut off. */
  readonly warn?: (message: string) => void;
  /** 0 to 1; for segment.jitter.ms. Default: no jitter. */
  readonly random?: () => number;
}

export class LogDirectory {
  readonly path: string;
  readonly id: string;
  /** Whether the last owner stopped in order, so that logs need no scan. */
  readonly wasCleanShutdown: boolean;
  /** The broker epoch the last owner had when it stopped in order, -1 otherwise (KIP-966). */
  readonly cleanShutdownEpoch: number;
  private readonly disk: Disk;
  private readonly warn: (message: string) => void;
  private readonly random: (() => number) | undefined;
  /** Open logs by folder name. */
  private readonly logs = new Map<string, Log>();
  private readonly recoveryPoints: Map<string, number>;
  private readonly highWatermarks: Map<string, number>;
  private readonly startOffsets: Map<string, number>;
  /** Aborted transactions of each log that has any, so that a lost transaction index is noticed. */
  private readonly abortedCounts: Map<string, number>;
  /** Names of all partition folders, opened or not. */
  private readonly folders = new Set<string>();
  /** Logs that are to take the place of ones in another directory, by the name that they will have. */
  private readonly futures = new Map<string, Log>();
  /** Folders of such logs that the last owner left, by the same name. */
  private readonly foundFutures = new Map<string, string>();
  /** Partitions whose files are damaged: why, and how the folder looked then. */
  private readonly damaged = new Map<string, { readonly error: LogError; readonly look: string }>();
  private readonly lastWritten = new Map<string, string>();
  private deletions: { path: string; dueMs: number }[] = [];
  private lastFlushMs = Number.NEGATIVE_INFINITY;

  constructor(options: LogDirectoryOptions) {
    this.disk = options.disk;
    this.path = options.path;
    this.id = options.id ?? '';
    this.warn = options.warn ?? (() => {});
    this.random = options.random;
    this.disk.makeDirectory(this.path);
    const marker = this.file('cleanShutdown');
    const markerBytes = this.disk.size(marker);
    this.wasCleanShutdown = markerBytes !== undefined;
    this.cleanShutdownEpoch = readBrokerEpoch(this.disk, marker, markerBytes ?? 0);
    this.disk.remove(marker);
    this.recoveryPoints = readOffsetCheckpoint(this.disk, this.file('recoveryPoint'), this.warn);
    this.highWatermarks = readOffsetCheckpoint(this.disk, this.file('highWatermark'), this.warn);
    this.startOffsets = readOffsetCheckpoint(this.disk, this.file('logStartOffset'), this.warn);
    this.abortedCounts = readOffsetCheckpoint(this.disk, this.file('abortedCount'), this.warn);
  }

  /** Partition folders on the disk; folders of deleted partitions are removed on the way. */
  find(): FoundPartition[] {
    const found: FoundPartition[] = [];
    for (const name of this.disk.list(this.path)) {
      if (deletedFolder.test(name)) {
        this.disk.removeDirectory(`${this.path}/${name}`);
        continue;
      }
      const future = futureFolder.exec(name);
      if (future !== null) this.foundFutures.set(future[1]!, name);
      const match = partitionFolder.exec(name);
      if (match === null || name === '__cluster_metadata-0') continue;
      this.folders.add(name);
      const topicId = readPartitionMetadata(this.disk, `${this.path}/${name}`);
      found.push({ topic: match[1]!, partition: Number(match[2]), topicId });
    }
    return found;
  }

  /**
   * Opens, and so recovers, every partition's log before anyone relies on one. One that cannot be read is left to whoever
   * opens it again, and told why; throws DiskError where the disk refuses every one of several, for it is the disk then.
   */
  load(options: { config: LogConfig }): void {
    const found = this.find().filter(({ topicId }) => topicId !== undefined);
    let refused = 0;
    for (const { topic, partition, topicId } of found) {
      try {
        this.open({ ...options, topic, partition, topicId: topicId! });
      } catch (error) {
        if (!(error instanceof LogError || isRefusal(error))) throw error;
        if (error instanceof DiskError && ++refused === found.length && refused > 1) throw error;
      }
    }
  }

  /**
   * Opens or creates a partition's log; the same log, with the given settings, when it is already open. Throws LogError or
   * DiskError for one that cannot be read; the first is not looked for again until the folder's files are others.
   */
  open(options: OpenPartitionOptions): Log {
    const name = `${options.topic}-${options.partition}`;
    const known = this.logs.get(name);
    if (known !== undefined) {
      known.config = options.config;
      return known;
    }
    const directory = `${this.path}/${name}`;
    this.checkDamage(name, directory);
    try {
      const log = this.openFolder(directory, options);
      this.folders.add(name);
      this.logs.set(name, log);
      return log;
    } catch (error) {
      if (error instanceof LogError) this.damaged.set(name, { error, look: this.lookOf(directory) });
      throw error;
    }
  }

  /** Throws for files that are as damaged as they were; a folder that was taken away begins without a past. */
  private checkDamage(name: string, directory: string): void {
    const damage = this.damaged.get(name);
    if (damage === undefined) return;
    if (damage.look === this.lookOf(directory)) throw damage.error;
    this.damaged.delete(name);
    // Handles that are kept open may still be of the files that were there.
    this.disk.close();
    if (this.disk.list(directory).length > 0) return;
    this.forget(name);
    this.folders.add(name);
  }

  /** Changes when a file is added, taken away, or has another size. */
  private lookOf(directory: string): string {
    const files = this.disk.list(directory);
    return files.map((file) => `${file} ${this.disk.size(`${directory}/${file}`)}`).join('\n');
  }

  private openFolder(directory: string, options: OpenPartitionOptions): Log {
    const name = `${options.topic}-${options.partition}`;
    const log = Log.open({
      disk: this.disk,
      directory,
      config: options.config,
      warn: this.warn,
      ...(this.random === undefined ? {} : { random: this.random }),
      cleanShutdown: this.wasCleanShutdown,
      recoveryPoint: this.recoveryPoints.get(name) ?? 0,
      logStartOffset: this.startOffsets.get(name) ?? 0,
      abortedCount: this.abortedCounts.get(name) ?? 0,
    });
    if (readPartitionMetadata(this.disk, directory) !== options.topicId) {
      writePartitionMetadata(this.disk, directory, options.topicId);
    }
    return log;
  }

  /** A log that grows here to take the place of one in another directory; goes on with one begun before. */
  openFuture(options: OpenPartitionOptions & { readonly uniqueId: string }): Log {
    const name = `${options.topic}-${options.partition}`;
    const suffix = `.${options.uniqueId}${futureEnding}`;
    const folder = this.foundFutures.get(name) ?? `${name.slice(0, 255 - suffix.length)}${suffix}`;
    const log = this.openFolder(`${this.path}/${folder}`, options);
    this.foundFutures.delete(name);
    this.futures.set(name, log);
    return log;
  }

  /** Whether a move to here was begun by the last owner and not ended. */
  hasFuture(topic: string, partition: number): boolean {
    return this.foundFutures.has(`${topic}-${partition}`);
  }

  dropFuture(topic: string, partition: number): void {
    const name = `${topic}-${partition}`;
    const path = this.futures.get(name)?.directory;
    this.futures.delete(name);
    if (path !== undefined) this.disk.removeDirectory(path);
  }

  /** The log that grew here is the partition's from now on; the other must be out of its directory. */
  promoteFuture(options: OpenPartitionOptions): Log {
    const name = `${options.topic}-${options.partition}`;
    const future = this.futures.get(name)!;
    future.close();
    this.futures.delete(name);
    this.disk.rename(future.directory, `${this.path}/${name}`);
    this.recoveryPoints.set(name, future.logEndOffset);
    this.startOffsets.set(name, future.logStartOffset);
    return this.open(options);
  }

  has(topic: string, partition: number): boolean {
    return this.folders.has(`${topic}-${partition}`);
  }

  get partitionCount(): number {
    return this.folders.size + this.futures.size;
  }

  /** The directory failed: nothing more is read or written here. Names of the partitions that lay in it. */
  abandon(): string[] {
    const names = [...this.folders];
    this.logs.clear();
    this.folders.clear();
    this.futures.clear();
    return names;
  }

  get(topic: string, partition: number): Log | undefined {
    return this.logs.get(`${topic}-${partition}`);
  }

  /** High watermark as of the last checkpoint, 0 when unknown: where a starting replica begins. */
  checkpointedHighWatermark(topic: string, partition: number): number {
    return this.highWatermarks.get(`${topic}-${partition}`) ?? 0;
  }

  /** Takes a partition away at once; its files go when due, or on the next start. */
  delete(topic: string, partition: number, options: { dueMs: number; uniqueId: string }): void {
    const name = `${topic}-${partition}`;
    this.forget(name);
    const from = `${this.path}/${name}`;
    const suffix = `.${options.uniqueId}-delete`;
    // A folder name must stay within the 255 bytes a file system takes.
    const to = `${this.path}/${name.slice(0, 255 - suffix.length)}${suffix}`;
    this.disk.rename(from, to);
    this.deletions.push({ path: to, dueMs: options.dueMs });
  }

  /** Takes away a folder that nobody knows of, and keeps it under another name; its new path. */
  setAside(topic: string, partition: number, uniqueId: string): string {
    const name = `${topic}-${partition}`;
    this.forget(name);
    const suffix = `.${uniqueId}-stray`;
    const to = `${this.path}/${name.slice(0, 255 - suffix.length)}${suffix}`;
    this.disk.rename(`${this.path}/${name}`, to);
    return to;
  }

  /** Writes the checkpoints whose content changed since the last call. */
  checkpoint(highWatermarks: Iterable<readonly [topicPartition: string, offset: number]>): void {
    for (const [name, offset] of highWatermarks)
      if (this.logs.has(name)) this.highWatermarks.set(name, offset);
    for (const [name, log] of this.logs) {
      log.flushSealed();
      this.recoveryPoints.set(name, log.recoveryPoint);
      if (log.logStartOffset > (log.segmentOffsets[0] ?? 0)) this.startOffsets.set(name, log.logStartOffset);
      else this.startOffsets.delete(name);
      if (log.aborted.count > 0) this.abortedCounts.set(name, log.aborted.count);
      else this.abortedCounts.delete(name);
    }
    this.write('recoveryPoint', this.recoveryPoints);
    this.write('highWatermark', this.highWatermarks);
    this.write('logStartOffset', this.startOffsets);
    if (this.abortedCounts.size > 0 || this.lastWritten.has('abortedCount'))
      this.write('abortedCount', this.abortedCounts);
  }

  /** What compacts the logs of this directory. */
  createCleaner(options: Omit<LogCleanerOptions, 'disk' | 'path' | 'logs'>): LogCleaner {
    return new LogCleaner({ ...options, disk: this.disk, path: this.path, logs: () => this.logs });
  }

  /** Deletes what retention allows of logs that are not compacted, which their cleaner sees to; the number of segments deleted. */
  applyRetention(options: { nowMs: number; highWatermarkOf: (topicPartition: string) => number }): number {
    let deleted = 0;
    for (const [name, log] of this.logs) {
      if (log.config.cleanupPolicy.compact) continue;
      deleted += log.applyRetention({ nowMs: options.nowMs, highWatermark: options.highWatermarkOf(name) });
    }
    return deleted;
  }

  /** Removes files and folders whose delay is over; when the next of those left is due. */
  removeDeleted(nowMs: number): number | undefined {
    const due = this.deletions.filter(({ dueMs }) => dueMs <= nowMs);
    this.deletions = this.deletions.filter(({ dueMs }) => dueMs > nowMs);
    for (const { path } of due) this.disk.removeDirectory(path);
    let nextMs = Math.min(...this.deletions.map(({ dueMs }) => dueMs));
    for (const log of this.logs.values()) {
      nextMs = Math.min(nextMs, log.removeDeletedFiles(nowMs) ?? Number.POSITIVE_INFINITY);
    }
    return nextMs === Number.POSITIVE_INFINITY ? undefined : nextMs;
  }

  expireProducers(nowMs: number): void {
    for (const log of this.logs.values()) log.expireProducers(nowMs);
  }

  /** Forces to the medium what was not for flush.ms; called every log.flush.scheduler.interval.ms. */
  flushOverdue(nowMs: number): void {
    for (const log of this.logs.values()) if (nowMs - this.lastFlushMs >= log.config.flushMs) log.flush();
    this.lastFlushMs = nowMs;
  }

  /** An orderly end: everything flushed, checkpointed and marked as such. */
  close(highWatermarks: Iterable<readonly [topicPartition: string, offset: number]>, brokerEpoch = -1): void {
    for (const log of [...this.logs.values(), ...this.futures.values()]) log.close();
    this.checkpoint(highWatermarks);
    this.disk.replace(this.file('cleanShutdown'), Buffer.from(JSON.stringify({ version: 0, brokerEpoch })));
    this.logs.clear();
    this.futures.clear();
    this.disk.close();
  }

  private forget(name: string): void {
    this.logs.delete(name);
    this.folders.delete(name);
    this.damaged.delete(name);
    for (const known of [this.recoveryPoints, this.highWatermarks, this.startOffsets, this.abortedCounts])
      known.delete(name);
  }

  private file(name: keyof typeof files): string {
    return `${this.path}/${files[name]}`;
  }

  private write(name: keyof typeof files, offsets: ReadonlyMap<string, number>): void {
    const content = JSON.stringify([...offsets]);
    if (this.lastWritten.get(name) === content) return;
    writeOffsetCheckpoint(this.disk, this.file(name), offsets);
    this.lastWritten.set(name, content);
  }
}

function readBrokerEpoch(disk: Disk, marker: string, markerBytes: number): number {
  if (markerBytes === 0) return -1;
  const match = /"brokerEpoch":\s*(\d+)/.exec(disk.read(marker, 0, markerBytes).toString('utf8'));
  return match === null ? -1 : Number(match[1]);
}
