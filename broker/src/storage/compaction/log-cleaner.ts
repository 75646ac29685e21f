/**
 * Compacts the logs of one log directory, one at a time and a piece at a time: the most urgent first, as Apache Kafka's
 * cleaner thread does. Holds no timer: its owner calls `step` again at once while it says so, and after
 * log.cleaner.backoff.ms otherwise.
 */
import { CompressionError } from '../../messages/compression.ts';
import { WireError } from '../../wire/wire-error.ts';
import { readOffsetCheckpoint, writeOffsetCheckpoint } from '../checkpoint.ts';
import { type Disk, isRefusal } from '../disk.ts';
import type { Log } from '../log.ts';
import { LogError } from '../log-contract.ts';
import { CleaningAborted, cleanLog } from './clean-log.ts';
import { type Cleanable, cleanableOf } from './cleanable.ts';

export interface CleanerSettings {
  readonly dedupeBufferBytes: number;
  readonly dedupeLoadFactor: number;
}

export interface LogCleanerOptions {
  readonly disk: Disk;
  /** The log directory, which holds `cleaner-offset-checkpoint`. */
  readonly path: string;
  readonly logs: () => Iterable<readonly [topicPartition: string, log: Log]>;
  readonly highWatermarkOf: (topicPartition: string) => number;
  readonly settings: () => CleanerSettings;
  /** Told in one sentence that a log cannot be compacted. */
  readonly warn: (message: string) => void;
}

/** What a step did: bytes read or written, or nothing to do for now. */
export type CleanerStep =
  | { readonly kind: 'worked'; readonly bytes: number }
  /** `deleted`: segments that retention took on the way. */
  | { readonly kind: 'idle'; readonly deleted: number }
  | { readonly kind: 'cleaned'; readonly topicPartition: string };

interface At {
  readonly name: string;
  readonly log: Log;
  readonly nowMs: number;
}

const RETRY_MS = 60_000;

interface Running {
  readonly name: string;
  readonly log: Log;
  readonly work: Generator<number, number>;
}

export class LogCleaner {
  private readonly options: LogCleanerOptions;
  private readonly checkpoints: Map<string, number>;
  private readonly uncleanable = new Set<Log>();
  /** Of logs whose disk refused. */
  private readonly retryAtMs = new WeakMap<Log, number>();
  private running: Running | undefined;

  constructor(options: LogCleanerOptions) {
    this.options = options;
    this.checkpoints = readOffsetCheckpoint(options.disk, this.checkpointPath, options.warn);
  }

  /** A piece of the cleaning in progress, or the choice of the next one. */
  step(nowMs: number): CleanerStep {
    this.running ??= this.begin(nowMs);
    if (this.running === undefined) return { kind: 'idle', deleted: this.applyRetention(nowMs) };
    const { name, log, work } = this.running;
    try {
      const { done, value } = work.next();
      if (!done) return { kind: 'worked', bytes: value };
      this.checkpoints.set(name, value);
      this.storeCheckpoints();
      this.running = undefined;
      return { kind: 'cleaned', topicPartition: name };
    } catch (error) {
      this.running = undefined;
      this.failed({ name, log, nowMs }, error);
      return { kind: 'worked', bytes: 0 };
    }
  }

  /** The partition is no more, or its files are others now. */
  forget(topicPartition: string): void {
    if (this.running?.name === topicPartition) this.running = undefined;
    if (this.checkpoints.delete(topicPartition)) this.storeCheckpoints();
  }

  private begin(nowMs: number): Running | undefined {
    let best: { name: string; log: Log; part: Cleanable } | undefined;
    for (const [name, log] of this.options.logs()) {
      if (!log.config.cleanupPolicy.compact || this.uncleanable.has(log)) continue;
      if (nowMs < (this.retryAtMs.get(log) ?? 0)) continue;
      const part = this.attempt({ name, log, nowMs }, () => this.cleanablePart(name, log, nowMs));
      if (part === undefined) continue;
      const isDue =
        part.cleanableBytes > 0 && (part.isOverdue || part.ratio > log.config.minCleanableDirtyRatio);
      if (isDue && part.ratio > (best?.part.ratio ?? -1)) best = { name, log, part };
    }
    if (best === undefined) return undefined;
    const { disk, settings } = this.options;
    return { ...best, work: cleanLog(best.log, best.part, { disk, nowMs, ...settings() }) };
  }

  private cleanablePart(name: string, log: Log, nowMs: number): Cleanable {
    const cut = log.takeLowestTruncation();
    const known = this.checkpoints.get(name);
    if (known !== undefined && cut < known) this.checkpoints.set(name, cut);
    return cleanableOf(
      log.allSegments.map((segment) => ({
        baseOffset: segment.baseOffset,
        sizeBytes: segment.sizeBytes,
        maxTimestamp: segment.maxTimestamp,
        firstTimestamp: segment.timestampOfFirst,
      })),
      {
        config: log.config,
        nowMs,
        logStartOffset: log.logStartOffset,
        logEndOffset: log.logEndOffset,
        lastStableOffset: log.lastStableOffset(this.options.highWatermarkOf(name)),
        checkpoint: this.checkpoints.get(name),
      },
    );
  }

  /** Of compacted topics the cleaner deletes, too: what expired (compact,delete) or lies below the log's start. */
  private applyRetention(nowMs: number): number {
    let deleted = 0;
    for (const [name, log] of this.options.logs()) {
      if (!log.config.cleanupPolicy.compact || nowMs < (this.retryAtMs.get(log) ?? 0)) continue;
      const highWatermark = this.options.highWatermarkOf(name);
      const at = { name, log, nowMs };
      deleted += this.attempt(at, () => log.applyRetention({ nowMs, highWatermark })) ?? 0;
    }
    return deleted;
  }

  /** A damaged log is left alone from now on, until the broker starts again; a refusing disk is asked again later. */
  private failed({ name, log, nowMs }: At, error: unknown): void {
    if (error instanceof CleaningAborted) return;
    if (isRefusal(error)) {
      this.retryAtMs.set(log, nowMs + RETRY_MS);
      this.options.warn(`${name} could not be compacted, and is tried again in a minute: ${error.message}`);
      return;
    }
    const isDamage =
      error instanceof LogError || error instanceof WireError || error instanceof CompressionError;
    if (!isDamage) throw error;
    this.uncleanable.add(log);
    this.options.warn(`${name} is not compacted any more until this broker starts again: ${error.message}`);
  }

  private attempt<T>(at: At, action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      this.failed(at, error);
      return undefined;
    }
  }

  private storeCheckpoints(): void {
    writeOffsetCheckpoint(this.options.disk, this.checkpointPath, this.checkpoints);
  }

  private get checkpointPath(): string {
    return `${this.options.path}/cleaner-offset-checkpoint`;
  }
}
