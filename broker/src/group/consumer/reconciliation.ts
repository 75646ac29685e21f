/** Moves one member towards the target assignment: gives up first, gets what is free, waits for the rest (KIP-848). */
import type { ConsumerGroup } from './consumer-group.ts';
import type { ConsumerMember } from './member.ts';
import { NO_EPOCHS, type PartitionEpochs, type Partitions, type TopicPartitionsValue } from './partitions.ts';

export interface Target {
  readonly epoch: number;
  readonly partitions: Partitions;
}

export interface Situation {
  readonly target: Target;
  /** What the member's client says it owns; null when it does not say. */
  readonly owned: readonly TopicPartitionsValue[] | null;
  /** Ids of the topics the member reads now; the target may be older than that. */
  readonly subscribed: ReadonlySet<string>;
  readonly subscriptionChanged: boolean;
}

/** The member after this heartbeat. 'mustRejoin': its state is one this release does not know. */
export function reconcile(
  group: ConsumerGroup,
  member: ConsumerMember,
  situation: Situation,
): ConsumerMember | 'mustRejoin' {
  const { target, owned, subscriptionChanged } = situation;
  switch (member.state) {
    case 'STABLE':
      if (member.memberEpoch === target.epoch && !subscriptionChanged) return member;
      return next(group, member, situation);
    case 'UNREVOKED_PARTITIONS':
      // Given up is what the client no longer names.
      if (stillOwns(owned, member.pendingRevocation)) return member;
      return next(group, member, situation);
    case 'UNRELEASED_PARTITIONS':
      return next(group, member, situation);
    case 'UNKNOWN':
      return owned === null || owned.length > 0 ? 'mustRejoin' : next(group, member, situation);
  }
}

function next(group: ConsumerGroup, member: ConsumerMember, situation: Situation): ConsumerMember {
  const { target, owned } = situation;
  const { kept, revoked, added, isWaiting } = compare(group, member, situation);
  const isThere = member.state === 'STABLE' && member.memberEpoch === target.epoch;
  if (isThere && revoked.size === 0 && added.size === 0 && !isWaiting) return member;
  const isSame = member.state === 'UNRELEASED_PARTITIONS' && member.memberEpoch === target.epoch;
  if (isSame && revoked.size === 0 && added.size === 0 && isWaiting) return member;
  if (revoked.size > 0 && stillOwns(owned, revoked)) {
    return {
      ...member,
      state: 'UNREVOKED_PARTITIONS',
      previousMemberEpoch: member.memberEpoch,
      assigned: kept,
      pendingRevocation: revoked,
    };
  }
  return {
    ...member,
    state: isWaiting ? 'UNRELEASED_PARTITIONS' : 'STABLE',
    memberEpoch: target.epoch,
    previousMemberEpoch: member.memberEpoch,
    assigned: union(kept, added),
    pendingRevocation: NO_EPOCHS,
  };
}

function compare(group: ConsumerGroup, member: ConsumerMember, { target, subscribed }: Situation) {
  const kept = new Map<string, Map<number, number>>();
  const revoked = new Map<string, Map<number, number>>();
  const added = new Map<string, Map<number, number>>();
  let isWaiting = false;
  for (const topicId of new Set([...target.partitions.keys(), ...member.assigned.keys()])) {
    const wanted = new Set(subscribed.has(topicId) ? target.partitions.get(topicId) : []);
    const has = member.assigned.get(topicId) ?? new Map<number, number>();
    for (const [partition, epoch] of has)
      put(wanted.has(partition) ? kept : revoked, topicId, partition, epoch);
    for (const partition of wanted) {
      if (has.has(partition)) continue;
      const holder = group.holderOf(topicId, partition);
      // What it has just given up itself is held by it still, and may come back at once.
      const isFree =
        holder === undefined || (holder === member.memberId && !member.assigned.get(topicId)?.has(partition));
      if (isFree) put(added, topicId, partition, target.epoch);
      else isWaiting = true;
    }
  }
  return { kept, revoked, added, isWaiting };
}

function put(
  into: Map<string, Map<number, number>>,
  topicId: string,
  partition: number,
  epoch: number,
): void {
  const of = into.get(topicId) ?? new Map<number, number>();
  of.set(partition, epoch);
  into.set(topicId, of);
}

function union(a: PartitionEpochs, b: PartitionEpochs): PartitionEpochs {
  const result = new Map(a);
  for (const [topicId, of] of b) result.set(topicId, new Map([...(result.get(topicId) ?? []), ...of]));
  return result;
}

function stillOwns(owned: readonly TopicPartitionsValue[] | null, revoked: PartitionEpochs): boolean {
  if (owned === null) return true;
  return owned.some(({ topicId, partitions }) =>
    partitions.some((partition) => revoked.get(topicId)?.has(partition) === true),
  );
}

/** Whether a member waits for a partition that another one still holds. */
export function waitsForOthers(group: ConsumerGroup, member: ConsumerMember): boolean {
  for (const [topicId, partitions] of group.targetOf(member.memberId)) {
    for (const partition of partitions) {
      if (member.assigned.get(topicId)?.has(partition)) continue;
      if (group.holderOf(topicId, partition) !== undefined) return true;
    }
  }
  return false;
}
