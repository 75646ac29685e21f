/**
 * All log directories of one broker (`log.dirs`, KIP-112): where each partition lies, where new ones go, and which
 * directories failed. What concerns every log is done in each of them.
 */

import type { CleanerStep, LogCleaner, LogCleanerOptions } from './compaction/log-cleaner.ts';
import { DiskError } from './disk.ts';
import type { Log } from './log.ts';
import { type LogConfig, LogError } from './log-contract.ts';
import type { FoundPartition, LogDirectory, OpenPartitionOptions } from './log-directory.ts';

/** Offsets to write down, by partition. */
type Offsets = Iterable<readonly [topicPartition: string, offset: number]>;

/** What compacts the logs, wherever they lie. */
export interface Cleaner {
  step(nowMs: number): CleanerStep;
  /** The partition is no more, or its files are others now. */
  forget(topicPartition: string): void;
}

export interface LogDirectoriesOptions {
  /** In the order of `log.dirs`. */
  readonly directories: readonly LogDirectory[];
  /** Those that could not be opened at all. */
  readonly offlinePaths?: readonly string[];
}

export class LogDirectories {
  /** Those that work, in the order of `log.dirs`. */
  #live: LogDirectory[];
  readonly #offlinePaths: Set<string>;
  /** Whether a directory gets no new partitions, as long as others do. */
  isCordoned: (path: string) => boolean = () => false;
  /** Told of each directory that failed, with the names of its partitions, which are gone from here by then. */
  onOffline: (directory: LogDirectory, partitions: readonly string[], error: Error) => void = () => {};
  /** Told when the last directory refuses what is due to all logs from time to time: it is due again later. */
  onRefused: (error: DiskError) => void = () => {};

  constructor({ directories, offlinePaths = [] }: LogDirectoriesOptions) {
    this.#live = [...directories];
    this.#offlinePaths = new Set(offlinePaths);
  }

  get live(): readonly LogDirectory[] {
    return this.#live;
  }

  get offlinePaths(): readonly string[] {
    return [...this.#offlinePaths];
  }

  /** Whether every directory was left in order, so that the broker as a whole was. */
  get wasCleanShutdown(): boolean {
    return this.#live.every((directory) => directory.wasCleanShutdown);
  }

  /** The broker epoch of the last orderly end (KIP-966); -1 when the directories do not agree on one, or some are missing. */
  get cleanShutdownEpoch(): number {
    if (this.#offlinePaths.size > 0) return -1;
    const [first, ...others] = this.#live.map((directory) => directory.cleanShutdownEpoch);
    return first === undefined || others.some((epoch) => epoch !== first) ? -1 : first;
  }

  /** Throws LogError for a partition that lies in two of them: nobody can tell which one counts. */
  find(): FoundPartition[] {
    const found = this.#live.flatMap((directory) => directory.find());
    const places = new Map<string, FoundPartition>();
    for (const one of found) {
      const name = `${one.topic}-${one.partition}`;
      if (places.has(name)) {
        throw new LogError(
          'duplicate',
          `Duplicate log directories found: ${name} lies in two of log.dirs; remove the older one`,
        );
      }
      places.set(name, one);
    }
    return found;
  }

  load(options: { config: LogConfig }): void {
    this.find();
    for (const directory of this.#live) this.#guard(directory, () => directory.load(options));
  }

  /** Where a partition's folder is now; undefined when it has none. */
  directoryOf(topic: string, partition: number): LogDirectory | undefined {
    return this.#live.find((directory) => directory.has(topic, partition));
  }

  at(path: string): LogDirectory | undefined {
    return this.#live.find((directory) => directory.path === path);
  }

  /** A new partition goes where it is wanted, else to the directory with the fewest; of several such, the first. */
  open(options: OpenPartitionOptions & { readonly wanted?: string | undefined }): Log {
    const { topic, partition, wanted } = options;
    const known = this.directoryOf(topic, partition);
    const directory = known ?? this.#live.find(({ id }) => id === wanted) ?? this.#emptiest();
    return this.#guard(directory, () => directory.open(options));
  }

  get(topic: string, partition: number): Log | undefined {
    return this.directoryOf(topic, partition)?.get(topic, partition);
  }

  checkpointedHighWatermark(topic: string, partition: number): number {
    return this.directoryOf(topic, partition)?.checkpointedHighWatermark(topic, partition) ?? 0;
  }

  delete(topic: string, partition: number, options: { dueMs: number; uniqueId: string }): void {
    const directory = this.directoryOf(topic, partition);
    if (directory !== undefined) {
      this.#guard(directory, () => directory.delete(topic, partition, options));
    }
  }

  /** Takes a partition's folder away and keeps it under another name, which it returns. */
  setAside(topic: string, partition: number, uniqueId: string): string {
    const directory = this.directoryOf(topic, partition)!;
    return this.#guard(directory, () => directory.setAside(topic, partition, uniqueId));
  }

  checkpoint(highWatermarks: Offsets): void {
    const all = [...highWatermarks];
    this.#each((directory) => directory.checkpoint(all));
  }

  createCleaner(options: Omit<LogCleanerOptions, 'disk' | 'path' | 'logs'>): Cleaner {
    const cleaners = this.#live.map((directory) => [directory, directory.createCleaner(options)] as const);
    return new DirectoryCleaners(() =>
      cleaners.flatMap(([at, one]) => (this.#live.includes(at) ? [one] : [])),
    );
  }

  applyRetention(options: { nowMs: number; highWatermarkOf: (topicPartition: string) => number }): number {
    let deleted = 0;
    this.#each((directory) => {
      deleted += directory.applyRetention(options);
    });
    return deleted;
  }

  removeDeleted(nowMs: number): number | undefined {
    let next = Number.POSITIVE_INFINITY;
    this.#each((directory) => {
      next = Math.min(next, directory.removeDeleted(nowMs) ?? Number.POSITIVE_INFINITY);
    });
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  expireProducers(nowMs: number): void {
    this.#each((directory) => directory.expireProducers(nowMs));
  }

  flushOverdue(nowMs: number): void {
    this.#each((directory) => directory.flushOverdue(nowMs));
  }

  close(highWatermarks: Offsets, brokerEpoch = -1): void {
    const all = [...highWatermarks];
    this.#each((directory) => directory.close(all, brokerEpoch));
  }

  /** A disk refused to read or write a partition: its directory is given up, where there are others to go on with. */
  failed(topic: string, partition: number, error: DiskError): void {
    const directory = this.directoryOf(topic, partition);
    if (directory !== undefined) this.#fail(directory, error);
  }

  #emptiest(): LogDirectory {
    const open = this.#live.filter(({ path }) => !this.isCordoned(path));
    const [first, ...others] = open.length > 0 ? open : this.#live;
    if (first === undefined) throw new LogError('unreadableSegment', 'every log directory has failed');
    return others.reduce((least, one) => (one.partitionCount < least.partitionCount ? one : least), first);
  }

  #each(work: (directory: LogDirectory) => void): void {
    for (const directory of [...this.#live]) {
      try {
        work(directory);
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
        if (!this.#fail(directory, error)) this.onRefused(error);
      }
    }
  }

  /** Where there are others to go on with, a directory that refuses is given up; the error goes on all the same. */
  #guard<T>(directory: LogDirectory, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof DiskError) this.#fail(directory, error);
      throw error;
    }
  }

  /** False: it is the last one. */
  #fail(directory: LogDirectory, error: DiskError): boolean {
    if (!this.#live.includes(directory)) return true;
    if (this.#live.length === 1) return false;
    this.#live = this.#live.filter((one) => one !== directory);
    this.#offlinePaths.add(directory.path);
    this.onOffline(directory, directory.abandon(), error);
    return true;
  }
}

class DirectoryCleaners implements Cleaner {
  readonly #cleaners: () => readonly LogCleaner[];

  constructor(cleaners: () => readonly LogCleaner[]) {
    this.#cleaners = cleaners;
  }

  step(nowMs: number): CleanerStep {
    let deleted = 0;
    for (const cleaner of this.#cleaners()) {
      const step = cleaner.step(nowMs);
      if (step.kind !== 'idle') return step;
      deleted += step.deleted;
    }
    return { kind: 'idle', deleted };
  }

  forget(topicPartition: string): void {
    for (const cleaner of this.#cleaners()) cleaner.forget(topicPartition);
  }
}
