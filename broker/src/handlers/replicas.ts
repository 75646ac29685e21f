/** What handlers see of the partitions this node has: leaders they append to and read from, and where all of them lie. */
import type {
  AbortedTransaction,
  AppendOrigin,
  AppendResult,
  EpochEndOffset,
  TimestampOffset,
} from '../storage/log-contract.ts';

export interface ReplicaService {
  /**
   * The replica of this node that leads the partition, or the error code a client gets instead. A client that says
   * which leader epoch it knows (-1: it does not) is fenced when that differs (KIP-320).
   */
  leader(topic: string, partition: number, currentLeaderEpoch: number): LeaderReplica | number;
  /** As `leader`, but a replica that follows will do as well (KIP-392). */
  any(topic: string, partition: number, currentLeaderEpoch: number): LeaderReplica | number;
  /** What followers that catch up may be sent of throttled partitions. */
  readonly leaderQuota: ReplicationQuotaView;
  /** What lies in which log directory of this node. */
  logDirectories(): readonly LogDirectoryView[];
  /** Has a replica move to another log directory, or, when it is not here yet, begin there; an error code. */
  moveToDirectory(topic: string, partition: number, path: string): number;
}

export interface ReplicationQuotaView {
  isThrottled(topic: string, partition: number): boolean;
  readonly isExceeded: boolean;
  record(bytes: number): void;
}

export interface LogDirectoryView {
  readonly path: string;
  /** False: it failed, and what lies there is not known. */
  readonly isOnline: boolean;
  /** -1: not known. */
  readonly totalBytes: number;
  readonly usableBytes: number;
  readonly replicas: readonly PlacedReplica[];
}

export interface PlacedReplica {
  readonly topic: string;
  readonly partition: number;
  readonly sizeBytes: number;
  /** How far this replica is behind the leader it last heard of; a future one, behind the one it is to replace. */
  readonly offsetLag: number;
  /** Is to take the place of the one in another directory. */
  readonly isFuture: boolean;
}

export interface FollowerFetch {
  readonly replicaId: number;
  /** -1: not told. */
  readonly replicaEpoch: number;
  readonly fetchOffset: number;
  readonly logStartOffset: number;
  /** Epoch of the follower's last record, -1 when its log is empty or it does not say. */
  readonly lastFetchedEpoch: number;
}

export interface ReadRequest {
  readonly fetchOffset: number;
  readonly maxBytes: number;
  readonly minOneBatch: boolean;
  readonly isolation: 'follower' | 'readUncommitted' | 'readCommitted';
  /** Leader epoch of the last record the reader has, -1 when it does not say (KIP-595 truncation detection). */
  readonly lastFetchedEpoch: number;
}

export type ReplicaRead =
  | { readonly kind: 'records'; readonly records: Buffer; readonly aborted: readonly AbortedTransaction[] }
  | { readonly kind: 'diverging'; readonly epoch: number; readonly endOffset: number }
  | { readonly kind: 'error'; readonly errorCode: number };

/** What an append with acks=all waits for, and how that ends. */
export interface CommitWatcher {
  readonly lastOffset: number;
  /** 0, or NOT_ENOUGH_REPLICAS_AFTER_APPEND, NOT_LEADER_OR_FOLLOWER … Called once. */
  readonly onEnd: (errorCode: number) => void;
}

export interface ReplicaAppend {
  readonly requiredAcks: number;
  readonly origin: AppendOrigin;
  /** Of the client whose transaction a marker ends. */
  readonly transactionVersion?: number;
}

export interface LeaderReplica {
  readonly topic: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  /** A new leader's high watermark has not reached where its epoch begins: no end may be told yet (KIP-207). */
  readonly highWatermarkLags: boolean;
  readonly lastStableOffset: number;
  /** With acks=all the in-sync replicas must be enough: 'rejected' with NOT_ENOUGH_REPLICAS otherwise. */
  append(records: Buffer, options: ReplicaAppend): AppendResult;
  /** Tells when the record at `lastOffset` is committed; returns a function that stops telling. */
  whenCommitted(watcher: CommitWatcher): () => void;
  /** A follower has everything below `fetchOffset`. NONE or an error code. */
  followerFetched(fetch: FollowerFetch): number;
  read(request: ReadRequest): ReplicaRead;
  /** Called when more can be read: by followers after an append, by consumers when the high watermark rose. */
  onReadable(reader: 'follower' | 'consumer', callback: () => void): () => void;
  /** 'unreadable': the disk refuses, or the log is damaged there. */
  offsetForTimestamp(timestamp: number): TimestampOffset | 'unreadable' | undefined;
  offsetOfMaxTimestamp(): TimestampOffset | 'unreadable' | undefined;
  endOffsetForEpoch(epoch: number): EpochEndOffset;
  epochAt(offset: number): number;
  /** Moves the start of the log up; -1 means the high watermark. */
  deleteRecordsBefore(offset: number): { readonly errorCode: number; readonly lowWatermark: number };
  activeProducers(): readonly ProducerView[];
}

export interface ProducerView {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestampMs: number;
  readonly coordinatorEpoch: number;
  readonly currentTransactionStartOffset: number;
}
