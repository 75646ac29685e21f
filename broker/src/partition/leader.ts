/**
 * A partition as its leader sees it: how far each follower is, who is in sync, what is committed.
 *
 * ISR changes: committed → proposed (expand or shrink) → committed, by the controller's answer or by newer metadata.
 * While one is proposed no other is; the high watermark then waits for the *maximal* ISR, the union of both, so
 * that it is right whichever of them the controller has accepted (KIP-497).
 *
 * Pure: time comes in as an argument, effects go out as `LeaderOutcome`.
 */
import { ErrorCode } from '../messages/errors.ts';
import type {
  AlterPartitionAnswer,
  AlterPartitionProposal,
  CompletedWait,
  FollowerFetch,
  FollowerProgress,
  LeaderOutcome,
  LeaderSettings,
  PartitionAssignment,
} from './contract.ts';

export interface LeaderOptions {
  readonly brokerId: number;
  readonly assignment: PartitionAssignment;
  readonly settings: () => LeaderSettings;
  /** The registered epoch of a broker that is unfenced and not shutting down; undefined for any other. */
  readonly liveBrokerEpoch: (brokerId: number) => number | undefined;
  readonly logEndOffset: number;
  readonly logStartOffset: number;
  /** What this replica knew before it became leader. */
  readonly highWatermark: number;
  readonly nowMs: number;
}

/** Answers after which the same proposal makes no sense: newer metadata is on its way. */
const awaitMetadataErrors: ReadonlySet<number> = new Set([
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.UNKNOWN_TOPIC_ID,
  ErrorCode.FENCED_LEADER_EPOCH,
  ErrorCode.INVALID_UPDATE_VERSION,
  ErrorCode.INVALID_REQUEST,
  ErrorCode.NEW_LEADER_ELECTED,
]);

const nothing: LeaderOutcome = { completed: [] };

export class PartitionLeader {
  readonly brokerId: number;
  private readonly settings: () => LeaderSettings;
  private readonly liveBrokerEpoch: (brokerId: number) => number | undefined;
  private assignment: PartitionAssignment;
  /** The leader's own log end when this epoch began: a follower below it may lack committed records. */
  private epochStartOffset: number;
  private followers = new Map<number, FollowerProgress>();
  /** Last ISR the controller confirmed, with the epoch it was confirmed at. */
  private committedIsr: readonly number[];
  private partitionEpoch: number;
  /** Invariant: at most one; everything that reads the ISR for safety uses `maximalIsr`. */
  private proposed:
    | { readonly isr: readonly number[]; readonly proposal: AlterPartitionProposal }
    | undefined;
  /** Invariant: never falls. Invariant: no greater than any maximal ISR member's log end offset. */
  private committedOffset: number;
  private endOffset: number;
  private startOffset: number;
  /** Had caught up while another change was under way: only that stood in their way. */
  private latecomers = new Set<number>();
  /** Ascending by requiredOffset. */
  private waits: { readonly id: number; readonly requiredOffset: number }[] = [];

  constructor(options: LeaderOptions) {
    this.brokerId = options.brokerId;
    this.settings = options.settings;
    this.liveBrokerEpoch = options.liveBrokerEpoch;
    this.assignment = options.assignment;
    this.committedIsr = options.assignment.isr;
    this.partitionEpoch = options.assignment.partitionEpoch;
    this.endOffset = options.logEndOffset;
    this.startOffset = options.logStartOffset;
    this.epochStartOffset = options.logEndOffset;
    this.committedOffset = Math.max(
      options.logStartOffset,
      Math.min(options.highWatermark, options.logEndOffset),
    );
    this.resetFollowers(options.nowMs);
  }

  get highWatermark(): number {
    return this.committedOffset;
  }

  /** A new leader does not know yet how far what came before its epoch is committed: what it says could go back (KIP-207). */
  get highWatermarkLags(): boolean {
    return this.committedOffset < this.epochStartOffset;
  }

  get leaderEpoch(): number {
    return this.assignment.leaderEpoch;
  }

  get isr(): readonly number[] {
    return this.committedIsr;
  }

  get logEndOffset(): number {
    return this.endOffset;
  }

  get hasProposal(): boolean {
    return this.proposed !== undefined;
  }

  /** The ISR members there may be by any answer of the controller. */
  get maximalIsr(): readonly number[] {
    if (this.proposed === undefined) return this.committedIsr;
    return [...new Set([...this.committedIsr, ...this.proposed.isr])];
  }

  /** min.insync.replicas, but never more than there are replicas. */
  get effectiveMinIsr(): number {
    return Math.min(this.settings().minInsyncReplicas, this.followers.size + 1);
  }

  get isUnderMinIsr(): boolean {
    return this.committedIsr.length < this.effectiveMinIsr;
  }

  followerProgress(brokerId: number): Readonly<FollowerProgress> | undefined {
    return this.followers.get(brokerId);
  }

  /** Smallest log start of all live replicas: what a DeleteRecords has reached everywhere. */
  get lowWatermark(): number {
    let low = this.startOffset;
    for (const follower of this.followers.values()) {
      if (this.liveBrokerEpoch(follower.brokerId) !== undefined) low = Math.min(low, follower.logStartOffset);
    }
    return low;
  }

  /** Why an append with these acks is refused now; undefined when it may go on. */
  refuseAppend(requiredAcks: number, name: string): { errorCode: number; message: string } | undefined {
    if (requiredAcks !== -1 || !this.isUnderMinIsr) return undefined;
    return {
      errorCode: ErrorCode.NOT_ENOUGH_REPLICAS,
      message:
        `The size of the current ISR : ${this.committedIsr.length} is insufficient to satisfy the min.isr ` +
        `requirement of ${this.effectiveMinIsr} for partition ${name}, live replica(s) broker.id are : ` +
        `Set(${this.committedIsr.join(', ')})`,
    };
  }

  /** The leader's own log has grown (or its start has moved). */
  logChanged(log: { logEndOffset: number; logStartOffset: number; nowMs: number }): LeaderOutcome {
    this.endOffset = log.logEndOffset;
    this.startOffset = log.logStartOffset;
    return this.advance(log.nowMs);
  }

  /** Waits until everything below `requiredOffset` is committed. `id` is the caller's, unique among its waits. */
  awaitReplication(id: number, requiredOffset: number): LeaderOutcome {
    const verdict = this.judgeWait(requiredOffset);
    if (verdict !== undefined) return { completed: [{ id, errorCode: verdict }] };
    const place = this.waits.findLastIndex((wait) => wait.requiredOffset <= requiredOffset);
    this.waits.splice(place + 1, 0, { id, requiredOffset });
    return nothing;
  }

  /** Its request timed out; nobody is waiting any more. */
  forgetWait(id: number): void {
    this.waits = this.waits.filter((wait) => wait.id !== id);
  }

  /** A follower fetches, which tells how far it is. Undefined for one that is no replica or has restarted since. */
  followerFetched(fetch: FollowerFetch): LeaderOutcome | undefined {
    const follower = this.followers.get(fetch.brokerId);
    if (follower === undefined) return undefined;
    if (fetch.brokerEpoch >= 0 && fetch.brokerEpoch < follower.brokerEpoch) return undefined;
    noteFetch(follower, fetch);
    const proposal = this.maybeExpand(follower);
    const outcome = this.advance(fetch.nowMs);
    return proposal === undefined ? outcome : { ...outcome, proposal };
  }

  /** Takes followers out that have been behind too long. Call every half replica.lag.time.max.ms. */
  maybeShrinkIsr(nowMs: number): LeaderOutcome {
    if (this.proposed !== undefined) return nothing;
    const lagMaxMs = this.settings().replicaLagTimeMaxMs;
    const remaining = this.committedIsr.filter((brokerId) => {
      const follower = this.followers.get(brokerId);
      return follower === undefined ? brokerId === this.brokerId : this.isCaughtUp(follower, nowMs, lagMaxMs);
    });
    if (remaining.length === this.committedIsr.length) return nothing;
    return { completed: [], proposal: this.propose(remaining) };
  }

  /**
   * Takes followers in that had caught up before their broker took part again: their next fetch, which would be
   * looked at anyway, is answered only when there is something to fetch. Call it when brokers changed.
   */
  maybeExpandIsr(): LeaderOutcome {
    const proposal = this.takeIn(() => true);
    return proposal === undefined ? nothing : { completed: [], proposal };
  }

  /** The controller's answer. A retriable failure gives the same proposal again; the caller waits before sending it. */
  alterPartitionAnswered(
    proposal: AlterPartitionProposal,
    answer: AlterPartitionAnswer,
    nowMs: number,
  ): LeaderOutcome {
    if (this.proposed?.proposal !== proposal) return nothing;
    if (answer.errorCode === 0) return this.commitIsr(answer, nowMs);
    if (
      answer.errorCode === ErrorCode.OPERATION_NOT_ATTEMPTED ||
      answer.errorCode === ErrorCode.INELIGIBLE_REPLICA
    ) {
      this.proposed = undefined;
      return this.advance(nowMs);
    }
    return awaitMetadataErrors.has(answer.errorCode) ? nothing : { completed: [], proposal };
  }

  /**
   * Newer metadata about this partition, this broker still leading. A new leader epoch starts the followers'
   * account afresh. Older or equal partition epochs change nothing.
   */
  assignmentChanged(assignment: PartitionAssignment, nowMs: number): LeaderOutcome {
    const isNewEpoch = assignment.leaderEpoch > this.assignment.leaderEpoch;
    if (!isNewEpoch && assignment.partitionEpoch <= this.partitionEpoch) {
      // Replica sets are only in metadata, never in AlterPartition answers, so they may lag behind the epoch.
      if (assignment.partitionEpoch === this.partitionEpoch) this.adoptReplicas(assignment, nowMs);
      return nothing;
    }
    const isrChanged = !sameMembers(this.committedIsr, assignment.isr);
    this.committedIsr = assignment.isr;
    this.partitionEpoch = assignment.partitionEpoch;
    this.proposed = undefined;
    this.adoptReplicas(assignment, nowMs);
    if (isNewEpoch) {
      this.epochStartOffset = this.endOffset;
      this.resetFollowers(nowMs);
    }
    return { ...this.advance(nowMs), isrChanged, ...this.takeInLatecomers(nowMs) };
  }

  /** This broker leads no more: everyone who waits is told to look for the new leader. */
  resign(): LeaderOutcome {
    const completed = this.waits.map(({ id }) => ({ id, errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER }));
    this.waits = [];
    this.proposed = undefined;
    return { completed };
  }

  private adoptReplicas(assignment: PartitionAssignment, nowMs: number): void {
    this.assignment = assignment;
    for (const brokerId of [...this.followers.keys()]) {
      if (!assignment.replicas.includes(brokerId)) this.followers.delete(brokerId);
    }
    for (const brokerId of assignment.replicas) {
      if (brokerId === this.brokerId || this.followers.has(brokerId)) continue;
      this.followers.set(brokerId, this.unknownFollower(brokerId, nowMs));
    }
  }

  private resetFollowers(nowMs: number): void {
    this.followers = new Map();
    for (const brokerId of this.assignment.replicas) {
      if (brokerId !== this.brokerId) this.followers.set(brokerId, this.unknownFollower(brokerId, nowMs));
    }
  }

  private unknownFollower(brokerId: number, nowMs: number): FollowerProgress {
    return {
      brokerId,
      logEndOffset: -1,
      logStartOffset: -1,
      brokerEpoch: -1,
      // A member of the ISR gets the full lag time to show itself; another has to catch up first.
      lastCaughtUpMs: this.committedIsr.includes(brokerId) ? nowMs : 0,
      lastFetchMs: 0,
      lastFetchLeaderEndOffset: -1,
    };
  }

  private maybeExpand(follower: FollowerProgress): AlterPartitionProposal | undefined {
    if (!this.mayJoin(follower)) return undefined;
    if (this.proposed === undefined) return this.propose([...this.committedIsr, follower.brokerId]);
    this.latecomers.add(follower.brokerId);
    return undefined;
  }

  private mayJoin(follower: FollowerProgress): boolean {
    const { brokerId, logEndOffset } = follower;
    if (this.committedIsr.includes(brokerId)) return false;
    if (logEndOffset < this.committedOffset || logEndOffset < this.epochStartOffset) return false;
    return this.isEligible(follower);
  }

  private propose(isr: readonly number[]): AlterPartitionProposal {
    const newIsr = isr.map((brokerId) => {
      const known = this.followers.get(brokerId)?.brokerEpoch ?? -1;
      return { brokerId, brokerEpoch: known >= 0 ? known : (this.liveBrokerEpoch(brokerId) ?? -1) };
    });
    const proposal = { leaderEpoch: this.leaderEpoch, partitionEpoch: this.partitionEpoch, newIsr };
    this.proposed = { isr, proposal };
    return proposal;
  }

  private commitIsr(answer: AlterPartitionAnswer, nowMs: number): LeaderOutcome {
    if (answer.leaderEpoch !== this.leaderEpoch || answer.partitionEpoch < this.partitionEpoch)
      return nothing;
    const isrChanged = !sameMembers(this.committedIsr, answer.isr);
    this.proposed = undefined;
    this.committedIsr = answer.isr;
    this.partitionEpoch = answer.partitionEpoch;
    return { ...this.advance(nowMs), isrChanged, ...this.takeInLatecomers(nowMs) };
  }

  /** The change under way has ended: who came meanwhile is next, for their next fetch may be long in coming. */
  private takeInLatecomers(nowMs: number): { proposal?: AlterPartitionProposal } {
    const { latecomers } = this;
    this.latecomers = new Set();
    const lagMaxMs = this.settings().replicaLagTimeMaxMs;
    const proposal = this.takeIn(
      (follower) => latecomers.has(follower.brokerId) && this.isCaughtUp(follower, nowMs, lagMaxMs),
    );
    return proposal === undefined ? {} : { proposal };
  }

  private takeIn(isWanted: (follower: FollowerProgress) => boolean): AlterPartitionProposal | undefined {
    if (this.proposed !== undefined) return undefined;
    const joining = [...this.followers.values()].filter(
      // What it fetched before it registered anew says nothing about the log it has now.
      (follower) =>
        follower.brokerEpoch === this.liveBrokerEpoch(follower.brokerId) &&
        this.mayJoin(follower) &&
        isWanted(follower),
    );
    if (joining.length === 0) return undefined;
    return this.propose([...this.committedIsr, ...joining.map(({ brokerId }) => brokerId)]);
  }

  /** The high watermark and whoever waited for it. */
  private advance(nowMs: number): LeaderOutcome {
    const committed = this.committableOffset(nowMs);
    const isHigher = committed > this.committedOffset;
    if (isHigher) this.committedOffset = committed;
    const completed = this.completeWaits();
    return isHigher ? { highWatermark: committed, completed } : { completed };
  }

  /**
   * What every member of the maximal ISR has, and also every eligible follower that is about to join: otherwise
   * the high watermark could run ahead of a follower faster than it can catch up. Stands still below
   * min.insync.replicas, so that consumers never see what a lost leader would take with it (KIP-966).
   */
  private committableOffset(nowMs: number): number {
    if (this.isUnderMinIsr) return this.committedOffset;
    const maximalIsr = this.maximalIsr;
    const lagMaxMs = this.settings().replicaLagTimeMaxMs;
    let offset = this.endOffset;
    for (const follower of this.followers.values()) {
      if (follower.logEndOffset >= offset) continue;
      const counts =
        maximalIsr.includes(follower.brokerId) ||
        (this.isCaughtUp(follower, nowMs, lagMaxMs) && this.isEligible(follower));
      if (counts) offset = follower.logEndOffset;
    }
    return offset;
  }

  private completeWaits(): CompletedWait[] {
    const completed: CompletedWait[] = [];
    for (const { id, requiredOffset } of this.waits) {
      const errorCode = this.judgeWait(requiredOffset);
      if (errorCode === undefined) break;
      completed.push({ id, errorCode });
    }
    if (completed.length > 0) this.waits = this.waits.slice(completed.length);
    return completed;
  }

  private judgeWait(requiredOffset: number): number | undefined {
    if (this.committedOffset < requiredOffset) return undefined;
    const isEnough = this.maximalIsr.length >= this.effectiveMinIsr;
    return isEnough ? ErrorCode.NONE : ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
  }

  private isCaughtUp(follower: FollowerProgress, nowMs: number, lagMaxMs: number): boolean {
    return follower.logEndOffset === this.endOffset || nowMs - follower.lastCaughtUpMs <= lagMaxMs;
  }

  private isEligible(follower: FollowerProgress): boolean {
    const registered = this.liveBrokerEpoch(follower.brokerId);
    if (registered === undefined) return false;
    return follower.brokerEpoch < 0 || follower.brokerEpoch === registered;
  }
}

function noteFetch(follower: FollowerProgress, fetch: FollowerFetch): void {
  if (fetch.fetchOffset >= fetch.leaderEndOffset) {
    follower.lastCaughtUpMs = Math.max(follower.lastCaughtUpMs, fetch.nowMs);
  } else if (
    follower.lastFetchLeaderEndOffset >= 0 &&
    fetch.fetchOffset >= follower.lastFetchLeaderEndOffset
  ) {
    follower.lastCaughtUpMs = Math.max(follower.lastCaughtUpMs, follower.lastFetchMs);
  }
  follower.logEndOffset = fetch.fetchOffset;
  follower.logStartOffset = fetch.logStartOffset;
  follower.lastFetchMs = fetch.nowMs;
  follower.lastFetchLeaderEndOffset = fetch.leaderEndOffset;
  follower.brokerEpoch = Math.max(follower.brokerEpoch, fetch.brokerEpoch);
}

function sameMembers(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((member) => others.includes(member));
}
