/**
 * What a partition's log takes and answers. Offsets, positions, timestamps and producer ids are plain
 * numbers inside the broker (exact up to 2^53); the conversion from the wire's int64 is in `batch.ts` and
 * at the handlers' edge.
 */
import type { CodecName } from '../messages/compression.ts';
import type { Disk } from './disk.ts';

/** The settings of one log, under Kafka's topic config names in camel case. Shared by reference, never copied. */
export interface LogConfig {
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly segmentJitterMs: number;
  readonly segmentIndexBytes: number;
  readonly indexIntervalBytes: number;
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly maxMessageBytes: number;
  /** Records after which the log is forced to the medium; by default that is left to the system and to replication. */
  readonly flushMessages: number;
  /** Time after which it is, as far as log.flush.scheduler.interval.ms has someone look. */
  readonly flushMs: number;
  readonly fileDeleteDelayMs: number;
  /** A new segment's file is made as large as it may become. */
  readonly preallocate: boolean;
  /** How clients' batches are stored; `producer`: as they come. */
  readonly compression: { readonly codec: CodecName | 'producer'; readonly level: number | undefined };
  readonly messageTimestampType: 'CreateTime' | 'LogAppendTime';
  readonly messageTimestampBeforeMaxMs: number;
  readonly messageTimestampAfterMaxMs: number;
  readonly minCleanableDirtyRatio: number;
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  /** How long a tombstone stays after it was first cleaned. */
  readonly deleteRetentionMs: number;
  readonly cleanupPolicy: { readonly compact: boolean; readonly delete: boolean };
  /** How long an idempotent producer is remembered (producer.id.expiration.ms). */
  readonly producerIdExpirationMs: number;
}

/** Apache Kafka's defaults. */
export const defaultLogConfig: LogConfig = {
  segmentBytes: 1024 * 1024 * 1024,
  segmentMs: 7 * 24 * 3_600_000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10 * 1024 * 1024,
  indexIntervalBytes: 4096,
  retentionMs: 7 * 24 * 3_600_000,
  retentionBytes: -1,
  maxMessageBytes: 1_048_588,
  flushMessages: Number.MAX_SAFE_INTEGER,
  flushMs: Number.MAX_SAFE_INTEGER,
  fileDeleteDelayMs: 60_000,
  preallocate: false,
  compression: { codec: 'producer', level: undefined },
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
  messageTimestampAfterMaxMs: 3_600_000,
  minCleanableDirtyRatio: 0.5,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
  deleteRetentionMs: 86_400_000,
  cleanupPolicy: { compact: false, delete: true },
  producerIdExpirationMs: 86_400_000,
};

export interface LogOpenOptions {
  readonly disk: Disk;
  /** `<log dir>/<topic>-<partition>`; created when absent. */
  readonly directory: string;
  readonly config: LogConfig;
  /** Everything below was flushed; recovery scans from here unless the shutdown was clean. Default 0. */
  readonly recoveryPoint?: number;
  /** From log-start-offset-checkpoint. Default 0. */
  readonly logStartOffset?: number;
  /** The broker was stopped in order: nothing needs scanning. Default false. */
  readonly cleanShutdown?: boolean;
  /** 0 to 1; for segment.jitter.ms. Default: no jitter. */
  readonly random?: () => number;
  /** Aborted transactions that were known at the last checkpoint: with fewer in the files, one of these was lost. Default 0. */
  readonly abortedCount?: number;
  /** Told in one sentence what recovery had to cut off. */
  readonly warn?: (message: string) => void;
}

/** Who sends the records: decides which checks apply. */
export type AppendOrigin = 'client' | 'coordinator' | 'raftLeader';

export interface LeaderAppendOptions {
  readonly leaderEpoch: number;
  readonly nowMs: number;
  /** Default 'client'. Coordinators are trusted with control batches and have no size limit per batch. */
  readonly origin?: AppendOrigin;
  /** Of the client whose transaction a marker ends; 2: its epoch is higher than that of every record (KIP-890). */
  readonly transactionVersion?: number;
}

export interface RecordError {
  readonly batchIndex: number;
  readonly message: string | null;
}

export type AppendResult =
  | {
      readonly kind: 'appended' | 'duplicate';
      readonly firstOffset: number;
      readonly lastOffset: number;
      /** -1 with CreateTime. */
      readonly logAppendTimeMs: number;
      readonly logStartOffset: number;
    }
  | {
      readonly kind: 'rejected';
      readonly errorCode: number;
      readonly message: string | null;
      readonly recordErrors: readonly RecordError[];
      readonly logStartOffset: number;
    };

export interface ReadOptions {
  readonly maxBytes: number;
  /** Only batches wholly below this offset: high watermark, last stable offset, or log end offset. */
  readonly upTo: number;
  /** Answer the first batch even when it alone is larger than maxBytes (KIP-74). Default true. */
  readonly minOneBatch?: boolean;
}

export type ReadResult =
  | {
      readonly kind: 'records';
      /** Whole batches as stored, empty when there is nothing to read below `upTo`. The caller owns the bytes. */
      readonly records: Buffer;
      /** Offset after the last batch in `records`; the fetch offset itself when it is empty. */
      readonly nextOffset: number;
    }
  | { readonly kind: 'outOfRange'; readonly logStartOffset: number; readonly logEndOffset: number };

export interface TimestampOffset {
  readonly timestamp: number;
  readonly offset: number;
  readonly leaderEpoch: number;
}

export interface EpochEndOffset {
  /** The largest known epoch not above the requested one, -1 when unknown. */
  readonly epoch: number;
  /** Where that epoch ends, -1 when unknown. */
  readonly endOffset: number;
}

/** A transaction that was aborted and overlaps what a consumer reads (read_committed). */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly lastStableOffset: number;
}

/**
 * One partition's log. Synchronous, without timers: the owner decides when to flush, roll by retention and
 * remove files. Implemented by `Log` in log.ts, whose `Log.open(options)` recovers what a crash left.
 */
export interface PartitionLog {
  readonly directory: string;
  config: LogConfig;
  /** First offset a client may read; rises by retention and delete-records. */
  readonly logStartOffset: number;
  /** Offset the next record will get. */
  readonly logEndOffset: number;
  /** Everything below has been flushed. */
  readonly recoveryPoint: number;
  readonly sizeBytes: number;
  /** Epoch of the last batch, or of the last becoming leader; -1 when there is none. */
  readonly latestEpoch: number;

  /** Assigns offsets and stamps `batches` in place, checks and stores them. */
  appendAsLeader(batches: Buffer, options: LeaderAppendOptions): AppendResult;
  /** Stores batches that already have offsets, epochs and timestamps; throws `LogError` when they don't fit. */
  appendAsFollower(
    batches: Buffer,
  ): { readonly firstOffset: number; readonly lastOffset: number } | undefined;
  read(fetchOffset: number, options: ReadOptions): ReadResult;

  /** The first record with this timestamp or a later one. */
  offsetForTimestamp(timestamp: number): TimestampOffset | undefined;
  /** The record with the largest timestamp (ListOffsets -3). */
  offsetOfMaxTimestamp(): TimestampOffset | undefined;

  /** A new leader epoch begins at the log end offset (call when becoming leader). */
  startEpoch(epoch: number): void;
  endOffsetForEpoch(epoch: number): EpochEndOffset;
  epochAt(offset: number): number;

  /** Drops everything at and above `offset`; true when something was dropped. */
  truncateTo(offset: number): boolean;
  truncateFullyAndStartAt(offset: number): void;
  /** Moves logStartOffset up; the segments wholly below it go with the next `applyRetention`. */
  deleteRecordsBefore(offset: number): void;
  /** Deletes segments wholly below logStartOffset at once. */
  dropSegmentsBelowStart(): void;

  /** Deletes what retention allows below `highWatermark`; the number of segments deleted. */
  applyRetention(options: { nowMs: number; highWatermark: number }): number;
  /** Removes files that were marked deleted file.delete.delay.ms ago; when the next of those left is due. */
  removeDeletedFiles(nowMs: number): number | undefined;
  /** Forgets producers that were silent for producer.id.expiration.ms. */
  expireProducers(nowMs: number): void;

  /** Starts a new segment, unless the active one is empty. */
  roll(): void;
  flush(): void;
  /** The same for an owner that appends nothing and cuts nothing before it resolves. */
  flushLater(): Promise<void>;
  /** Flushes all but the active segment, so that recovery need not read the others. */
  flushSealed(): void;
  /** Flushes, writes the producer snapshot and forgets buffers. */
  close(): void;
}

export type LogErrorCode =
  | 'corruptBatch'
  | 'offsetGap'
  | 'unreadableSegment'
  | 'offsetOverflow'
  | 'duplicate';

/** The log or what was given to it is damaged; `message` names file, position and what to do. */
export class LogError extends Error {
  readonly code: LogErrorCode;

  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LogError';
    this.code = code;
  }
}
