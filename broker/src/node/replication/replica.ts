/**
 * One partition on this node: its log, and the role the controller gave it.
 *
 *   offline → leader | follower: first metadata
 *   leader ↔ follower, either → offline: newer metadata (`follow`)
 *   any → gone: the partition was deleted or moved away (`close`)
 */
import type {
  CommitWatcher,
  FollowerFetch,
  LeaderReplica,
  ProducerView,
  ReadRequest,
  ReplicaAppend,
  ReplicaRead,
} from '../../handlers/replicas.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type {
  AlterPartitionAnswer,
  AlterPartitionProposal,
  LeaderOutcome,
  PartitionAssignment,
} from '../../partition/contract.ts';
import { checkLeaderEpoch, divergenceOf } from '../../partition/epochs.ts';
import { highWatermarkAfter, startFollowing } from '../../partition/follower.ts';
import { PartitionLeader } from '../../partition/leader.ts';
import { DiskError } from '../../storage/disk.ts';
import type { Log } from '../../storage/log.ts';
import {
  type AppendResult,
  type EpochEndOffset,
  LogError,
  type TimestampOffset,
} from '../../storage/log-contract.ts';

/** What a replica needs of its node. */
export interface ReplicaHost {
  readonly nodeId: number;
  nowMs(): number;
  /** The time stored with records, which may run ahead of the real one. */
  recordTimeMs(): number;
  replicaLagTimeMaxMs(): number;
  minInsyncReplicas(topic: string): number;
  /** Registered epoch of a broker that is unfenced and not shutting down. */
  liveBrokerEpoch(brokerId: number): number | undefined;
  /** The log's start may not be moved by clients where nothing is ever deleted (cleanup.policy=compact). */
  mayDeleteRecords(topic: string): boolean;
  propose(replica: Replica, proposal: AlterPartitionProposal): void;
  highWatermarkMoved(replica: Replica): void;
  isrMoved(replica: Replica): void;
  storageFailed(replica: Replica, error: Error): void;
}

type Role =
  | { readonly kind: 'offline'; readonly leaderEpoch: number; readonly highWatermark: number }
  | { readonly kind: 'leader'; readonly leader: PartitionLeader }
  | {
      readonly kind: 'follower';
      readonly leaderId: number;
      readonly leaderEpoch: number;
      highWatermark: number;
      /** The leader's end as last heard; for lag. */
      leaderHighWatermark: number;
    };

export class Replica implements LeaderReplica {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  /** Another one after a move between log directories. */
  log: Log;
  readonly #host: ReplicaHost;
  #role: Role;
  #partitionEpoch = -1;
  #nextWaitId = 1;
  readonly #waits = new Map<number, (errorCode: number) => void>();
  readonly #readers = { follower: new Set<() => void>(), consumer: new Set<() => void>() };

  constructor(options: {
    topic: string;
    topicId: string;
    partition: number;
    log: Log;
    host: ReplicaHost;
    highWatermark: number;
  }) {
    this.topic = options.topic;
    this.topicId = options.topicId;
    this.partition = options.partition;
    this.log = options.log;
    this.#host = options.host;
    const highWatermark = highWatermarkAfter(options.highWatermark, options.log);
    this.#role = { kind: 'offline', leaderEpoch: -1, highWatermark };
  }

  get name(): string {
    return `${this.topic}-${this.partition}`;
  }

  get isLeader(): boolean {
    return this.#role.kind === 'leader';
  }

  /** The broker to fetch from; null: this one leads, or nobody does. */
  get leaderId(): number | null {
    return this.#role.kind === 'follower' ? this.#role.leaderId : null;
  }

  get leaderEpoch(): number {
    return this.#role.kind === 'leader' ? this.#role.leader.leaderEpoch : this.#role.leaderEpoch;
  }

  get highWatermarkLags(): boolean {
    return this.#role.kind === 'leader' && this.#role.leader.highWatermarkLags;
  }

  get highWatermark(): number {
    return this.#role.kind === 'leader' ? this.#role.leader.highWatermark : this.#role.highWatermark;
  }

  get lastStableOffset(): number {
    return this.log.lastStableOffset(this.highWatermark);
  }

  get logStartOffset(): number {
    return this.log.logStartOffset;
  }

  get logEndOffset(): number {
    return this.log.logEndOffset;
  }

  get offsetLag(): number {
    if (this.#role.kind !== 'follower') return Math.max(0, this.highWatermark - this.logEndOffset);
    return Math.max(0, this.#role.leaderHighWatermark - this.logEndOffset);
  }

  /** The error for a client that knows `currentLeaderEpoch` (-1: none) and wants the leader; 0 when this is it. */
  checkLeader(currentLeaderEpoch: number): number {
    const { leaderEpoch, isLeader } = this;
    return checkLeaderEpoch({ leaderEpoch, isLeader }, currentLeaderEpoch, { leaderRequired: true });
  }

  /** As `checkLeader`, for whoever may read from a follower, too. */
  checkReadable(currentLeaderEpoch: number): number {
    if (this.#role.kind === 'offline') return ErrorCode.NOT_LEADER_OR_FOLLOWER;
    const { leaderEpoch, isLeader } = this;
    return checkLeaderEpoch({ leaderEpoch, isLeader }, currentLeaderEpoch, { leaderRequired: false });
  }

  /** Newer metadata. `alive`: whether the assigned leader can be fetched from. True when the role is another now. */
  follow(assignment: PartitionAssignment): boolean {
    if (assignment.partitionEpoch < this.#partitionEpoch) return false;
    this.#partitionEpoch = assignment.partitionEpoch;
    if (assignment.leader === this.#host.nodeId) return this.#lead(assignment);
    const role = this.#role;
    const same = role.kind === 'follower' && role.leaderEpoch === assignment.leaderEpoch;
    if (same && role.leaderId === assignment.leader) return false;
    const { highWatermark } = this;
    this.#resign();
    const { leader: leaderId, leaderEpoch } = assignment;
    if (leaderId < 0) {
      this.#role = { kind: 'offline', leaderEpoch, highWatermark };
      return true;
    }
    const { truncateTo } = startFollowing(this.log, highWatermark);
    if (truncateTo !== undefined) this.log.truncateTo(truncateTo);
    this.#role = {
      kind: 'follower',
      leaderId,
      leaderEpoch,
      highWatermark,
      leaderHighWatermark: highWatermark,
    };
    return true;
  }

  append(records: Buffer, { requiredAcks, ...how }: ReplicaAppend): AppendResult {
    const role = this.#role;
    const { logStartOffset } = this.log;
    if (role.kind !== 'leader') {
      const errorCode = ErrorCode.NOT_LEADER_OR_FOLLOWER;
      return { kind: 'rejected', errorCode, message: null, recordErrors: [], logStartOffset };
    }
    const refusal = role.leader.refuseAppend(requiredAcks, this.name);
    if (refusal !== undefined) return { kind: 'rejected', ...refusal, recordErrors: [], logStartOffset };
    const nowMs = this.#host.recordTimeMs();
    const { leaderEpoch } = role.leader;
    const result = this.#onDisk(() => this.log.appendAsLeader(records, { leaderEpoch, nowMs, ...how }));
    if (result === null) {
      const errorCode = ErrorCode.KAFKA_STORAGE_ERROR;
      return { kind: 'rejected', errorCode, message: null, recordErrors: [], logStartOffset };
    }
    if (result.kind === 'appended') this.#logChanged(role.leader);
    return result;
  }

  whenCommitted({ lastOffset, onEnd }: CommitWatcher): () => void {
    const role = this.#role;
    if (role.kind !== 'leader') {
      onEnd(ErrorCode.NOT_LEADER_OR_FOLLOWER);
      return () => undefined;
    }
    const id = this.#nextWaitId++;
    this.#waits.set(id, onEnd);
    this.#carryOut(role.leader.awaitReplication(id, lastOffset + 1));
    return () => {
      if (this.#waits.delete(id)) role.leader.forgetWait(id);
    };
  }

  followerFetched(fetch: FollowerFetch): number {
    const role = this.#role;
    if (role.kind !== 'leader') return ErrorCode.NOT_LEADER_OR_FOLLOWER;
    // A log that left ours is not progress: it is going to be cut.
    if (divergenceOf(this.log, fetch).kind !== 'none') return ErrorCode.NONE;
    const outcome = role.leader.followerFetched({
      brokerId: fetch.replicaId,
      brokerEpoch: fetch.replicaEpoch,
      fetchOffset: fetch.fetchOffset,
      logStartOffset: fetch.logStartOffset,
      leaderEndOffset: this.log.logEndOffset,
      nowMs: this.#host.nowMs(),
    });
    if (outcome === undefined) return ErrorCode.UNKNOWN_LEADER_EPOCH;
    this.#carryOut(outcome);
    return ErrorCode.NONE;
  }

  read(request: ReadRequest): ReplicaRead {
    const divergence = divergenceOf(this.log, request);
    if (divergence.kind === 'diverging') return divergence;
    if (divergence.kind === 'unknown') return { kind: 'error', errorCode: ErrorCode.OFFSET_OUT_OF_RANGE };
    const upTo = this.#endVisibleTo(request.isolation);
    const { fetchOffset, maxBytes, minOneBatch } = request;
    const result = this.#onDisk(() => this.log.read(fetchOffset, { maxBytes, upTo, minOneBatch }));
    if (result === null) return { kind: 'error', errorCode: ErrorCode.KAFKA_STORAGE_ERROR };
    if (result.kind === 'outOfRange') return { kind: 'error', errorCode: ErrorCode.OFFSET_OUT_OF_RANGE };
    const aborted =
      request.isolation === 'readCommitted' && result.records.length > 0
        ? this.log.abortedTransactions(fetchOffset, result.nextOffset)
        : [];
    return { kind: 'records', records: result.records, aborted };
  }

  onReadable(reader: 'follower' | 'consumer', callback: () => void): () => void {
    this.#readers[reader].add(callback);
    return () => this.#readers[reader].delete(callback);
  }

  offsetForTimestamp(timestamp: number): TimestampOffset | 'unreadable' | undefined {
    const found = this.#onDisk(() => this.log.offsetForTimestamp(timestamp));
    return found === null ? 'unreadable' : found;
  }

  offsetOfMaxTimestamp(): TimestampOffset | 'unreadable' | undefined {
    const found = this.#onDisk(() => this.log.offsetOfMaxTimestamp());
    return found === null ? 'unreadable' : found;
  }

  endOffsetForEpoch(epoch: number): EpochEndOffset {
    return this.log.endOffsetForEpoch(epoch);
  }

  epochAt(offset: number): number {
    return this.log.epochAt(offset);
  }

  deleteRecordsBefore(offset: number): { errorCode: number; lowWatermark: number } {
    const role = this.#role;
    const refuse = (errorCode: number) => ({ errorCode, lowWatermark: -1 });
    if (role.kind !== 'leader') return refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    if (!this.#host.mayDeleteRecords(this.topic)) return refuse(ErrorCode.POLICY_VIOLATION);
    const wanted = offset === -1 ? this.highWatermark : offset;
    if (wanted < 0 || wanted > this.highWatermark) return refuse(ErrorCode.OFFSET_OUT_OF_RANGE);
    this.log.deleteRecordsBefore(wanted);
    this.#logChanged(role.leader);
    return { errorCode: ErrorCode.NONE, lowWatermark: this.log.logStartOffset };
  }

  activeProducers(): ProducerView[] {
    return Array.from(this.log.producerStates.all, (entry) => ({
      producerId: entry.producerId,
      producerEpoch: entry.epoch,
      lastSequence: entry.batches.at(-1)?.lastSequence ?? -1,
      lastTimestampMs: entry.lastTimestamp,
      coordinatorEpoch: entry.coordinatorEpoch,
      currentTransactionStartOffset: entry.transactionFirstOffset,
    }));
  }

  /** Follower: the leader's answer was stored; what it says of the committed part. */
  followed(leader: { readonly highWatermark: number; readonly logStartOffset: number }): void {
    const role = this.#role;
    if (role.kind !== 'follower') return;
    const highWatermark = highWatermarkAfter(leader.highWatermark, this.log);
    const moved = highWatermark !== role.highWatermark;
    role.highWatermark = highWatermark;
    role.leaderHighWatermark = leader.highWatermark;
    if (leader.logStartOffset > this.log.logStartOffset) {
      this.log.deleteRecordsBefore(Math.min(leader.logStartOffset, this.log.logEndOffset));
    }
    if (!moved) return;
    this.#host.highWatermarkMoved(this);
    this.#wake('consumer');
  }

  /** Leader: takes out of the ISR who has been behind for too long. */
  maybeShrinkIsr(): void {
    if (this.#role.kind === 'leader') this.#carryOut(this.#role.leader.maybeShrinkIsr(this.#host.nowMs()));
  }

  /** Leader: takes into the ISR whose broker takes part again. */
  maybeExpandIsr(): void {
    if (this.#role.kind === 'leader') this.#carryOut(this.#role.leader.maybeExpandIsr());
  }

  alterPartitionAnswered(proposal: AlterPartitionProposal, answer: AlterPartitionAnswer): void {
    if (this.#role.kind !== 'leader') return;
    this.#carryOut(this.#role.leader.alterPartitionAnswered(proposal, answer, this.#host.nowMs()));
  }

  /** The partition leaves this node: whoever waits for it is told. */
  close(): void {
    const { leaderEpoch, highWatermark } = this;
    this.#resign();
    this.#role = { kind: 'offline', leaderEpoch, highWatermark };
    this.#wake('follower');
    this.#wake('consumer');
  }

  #lead(assignment: PartitionAssignment): boolean {
    const host = this.#host;
    if (this.#role.kind === 'leader') {
      const { leader } = this.#role;
      const before = leader.leaderEpoch;
      if (assignment.leaderEpoch > before) this.log.startEpoch(assignment.leaderEpoch);
      this.#carryOut(leader.assignmentChanged(assignment, host.nowMs()));
      return leader.leaderEpoch !== before;
    }
    const { topic } = this;
    this.log.startEpoch(assignment.leaderEpoch);
    const leader = new PartitionLeader({
      brokerId: host.nodeId,
      assignment,
      settings: () => ({
        replicaLagTimeMaxMs: host.replicaLagTimeMaxMs(),
        minInsyncReplicas: host.minInsyncReplicas(topic),
      }),
      liveBrokerEpoch: (brokerId) => host.liveBrokerEpoch(brokerId),
      logEndOffset: this.log.logEndOffset,
      logStartOffset: this.log.logStartOffset,
      highWatermark: this.highWatermark,
      nowMs: host.nowMs(),
    });
    this.#role = { kind: 'leader', leader };
    // Alone in the ISR, everything in the log is committed at once.
    this.#logChanged(leader);
    return true;
  }

  /** Null when the disk refuses or the log is damaged there: the node goes on, whoever asked is told. */
  #onDisk<T>(action: () => T): T | null {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof DiskError || error instanceof LogError)) throw error;
      this.#host.storageFailed(this, error);
      return null;
    }
  }

  #logChanged(leader: PartitionLeader): void {
    const { logEndOffset, logStartOffset } = this.log;
    this.#carryOut(leader.logChanged({ logEndOffset, logStartOffset, nowMs: this.#host.nowMs() }));
    this.#wake('follower');
  }

  #resign(): void {
    if (this.#role.kind !== 'leader') return;
    this.#carryOut(this.#role.leader.resign());
    // Readers look again and are told who leads now.
    queueMicrotask(() => {
      this.#wake('follower');
      this.#wake('consumer');
    });
  }

  #carryOut(outcome: LeaderOutcome): void {
    if (outcome.proposal !== undefined) this.#host.propose(this, outcome.proposal);
    for (const { id, errorCode } of outcome.completed) {
      const onEnd = this.#waits.get(id);
      this.#waits.delete(id);
      onEnd?.(errorCode);
    }
    if (outcome.highWatermark !== undefined) {
      this.#host.highWatermarkMoved(this);
      this.#wake('consumer');
    }
    if (outcome.isrChanged === true) this.#host.isrMoved(this);
  }

  #wake(reader: 'follower' | 'consumer'): void {
    for (const callback of [...this.#readers[reader]]) callback();
  }

  #endVisibleTo(isolation: ReadRequest['isolation']): number {
    switch (isolation) {
      case 'follower':
        return this.log.logEndOffset;
      case 'readUncommitted':
        return this.highWatermark;
      case 'readCommitted':
        return this.lastStableOffset;
    }
  }
}
