/**
 * One group of the consumer protocol (KIP-848). Its records are all it is: `apply` is the only way to change it, for
 * records of the past and for those just written. What is true for the moment only (timers) is kept elsewhere.
 *
 *   Empty ──a member joins──▶ Assigning ──a target is computed──▶ Reconciling ──all are at it──▶ Stable
 *   any ──a member joins, leaves, expires; a subscription or a topic changes──▶ Assigning (a new group epoch)
 *   any ──the last member goes──▶ Empty ──deleted, expired──▶ gone
 */
import type { ConsumerGroupRecord } from '../effects.ts';
import { type ConsumerMember, isReconciledTo, newMember, withAssignment, withMetadata } from './member.ts';
import { eachPartition, NO_EPOCHS, NO_PARTITIONS, type Partitions, partitionsFrom } from './partitions.ts';

export type ConsumerState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable';

export interface ResolvedRegex {
  /** Sorted. */
  readonly topics: readonly string[];
  /** Of the topic view it was resolved with; -1: another node's. */
  readonly version: number;
  readonly timestampMs: number;
}

export class ConsumerGroup {
  readonly type = 'Consumer';
  readonly groupId: string;
  /** Grows when members, subscriptions or topics change; the first member's join makes it 2, as in Apache Kafka. */
  groupEpoch = 1;
  metadataHash = 0n;
  /** Epoch of the target assignment; never beyond `groupEpoch`. */
  assignmentEpoch = 0;
  assignmentTimestampMs = 0;
  /** Values are replaced, never changed. */
  readonly members: Map<string, ConsumerMember>;
  /** Instance id → member id; each value is a key of `members`. */
  readonly staticMembers: Map<string, string>;
  readonly targets: Map<string, Partitions>;
  readonly regexes: Map<string, ResolvedRegex>;
  /** `topicId:partition` → who holds it, assigned or not given up yet. A partition has one holder at most. */
  readonly #holders: Map<string, string>;
  /** The topic view with which `metadataHash` was last compared; soft. */
  topicsVersion = -1;

  constructor(groupId: string, from?: ConsumerGroup) {
    this.groupId = groupId;
    this.members = new Map(from?.members);
    this.staticMembers = new Map(from?.staticMembers);
    this.targets = new Map(from?.targets);
    this.regexes = new Map(from?.regexes);
    this.#holders = new Map(from === undefined ? [] : from.#holders);
    if (from === undefined) return;
    this.groupEpoch = from.groupEpoch;
    this.metadataHash = from.metadataHash;
    this.assignmentEpoch = from.assignmentEpoch;
    this.assignmentTimestampMs = from.assignmentTimestampMs;
    this.topicsVersion = from.topicsVersion;
  }

  get state(): ConsumerState {
    if (this.members.size === 0) return 'Empty';
    if (this.groupEpoch > this.assignmentEpoch) return 'Assigning';
    for (const member of this.members.values()) {
      if (!isReconciledTo(member, this.assignmentEpoch)) return 'Reconciling';
    }
    return 'Stable';
  }

  staticMember(instanceId: string): ConsumerMember | undefined {
    const memberId = this.staticMembers.get(instanceId);
    return memberId === undefined ? undefined : this.members.get(memberId);
  }

  targetOf(memberId: string): Partitions {
    return this.targets.get(memberId) ?? NO_PARTITIONS;
  }

  holderOf(topicId: string, partition: number): string | undefined {
    return this.#holders.get(`${topicId}:${partition}`);
  }

  apply(record: ConsumerGroupRecord): void {
    switch (record.kind) {
      case 'consumerGroup':
        if (record.value === null) return;
        this.groupEpoch = record.value.epoch;
        this.metadataHash = record.value.metadataHash;
        return;
      case 'consumerMember':
        if (record.value === null) this.#remove(record.memberId);
        else this.#put(withMetadata(this.#memberOrNew(record.memberId), record.value));
        return;
      case 'targetEpoch':
        this.assignmentEpoch = record.value?.assignmentEpoch ?? -1;
        this.assignmentTimestampMs = Number(record.value?.assignmentTimestamp ?? 0n);
        return;
      case 'target':
        if (record.value === null) this.targets.delete(record.memberId);
        else this.targets.set(record.memberId, partitionsFrom(record.value.topicPartitions));
        return;
      case 'current':
        this.#applyCurrent(record);
        return;
      case 'regularExpression':
        if (record.value === null) this.regexes.delete(record.regularExpression);
        else {
          this.regexes.set(record.regularExpression, {
            topics: record.value.topics,
            version: Number(record.value.version),
            timestampMs: Number(record.value.timestamp),
          });
        }
    }
  }

  #applyCurrent({ memberId, value }: Extract<ConsumerGroupRecord, { kind: 'current' }>): void {
    if (value !== null) {
      this.#put(withAssignment(this.#memberOrNew(memberId), value));
      return;
    }
    const member = this.members.get(memberId);
    if (member === undefined) return;
    this.#put({
      ...member,
      memberEpoch: -1,
      previousMemberEpoch: -1,
      assigned: NO_EPOCHS,
      pendingRevocation: NO_EPOCHS,
    });
  }

  #memberOrNew(memberId: string): ConsumerMember {
    return this.members.get(memberId) ?? newMember(memberId);
  }

  #put(member: ConsumerMember): void {
    this.#release(member.memberId);
    this.members.set(member.memberId, member);
    if (member.instanceId !== null) this.staticMembers.set(member.instanceId, member.memberId);
    for (const held of [member.assigned, member.pendingRevocation]) {
      for (const { topicId, partition } of eachPartition(held)) {
        this.#holders.set(`${topicId}:${partition}`, member.memberId);
      }
    }
  }

  #remove(memberId: string): void {
    const member = this.members.get(memberId);
    if (member === undefined) return;
    this.#release(memberId);
    this.members.delete(memberId);
    const { instanceId } = member;
    // The instance may be another member's by now.
    if (instanceId !== null && this.staticMembers.get(instanceId) === memberId) {
      this.staticMembers.delete(instanceId);
    }
  }

  #release(memberId: string): void {
    const member = this.members.get(memberId);
    if (member === undefined) return;
    for (const held of [member.assigned, member.pendingRevocation]) {
      for (const { topicId, partition } of eachPartition(held)) {
        const key = `${topicId}:${partition}`;
        // A compacted log may have given it to the next one before this one's record comes.
        if (this.#holders.get(key) === memberId) this.#holders.delete(key);
      }
    }
  }
}
