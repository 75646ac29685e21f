/**
 * Between the two protocols while a group lives (KIP-848, group.consumer.migration.policy): a classic group of consumers
 * is taken over when a member of the consumer protocol joins; it becomes classic again when the last of those goes.
 */
import { ConsumerProtocolAssignment } from '../../messages/consumer-protocol/consumer-protocol-assignment.ts';
import { ConsumerProtocolSubscription } from '../../messages/consumer-protocol/consumer-protocol-subscription.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { GroupMetadataValue } from '../../messages/group/group-metadata-value.ts';
import { decodeVersioned, encodeVersioned } from '../../messages/versioned.ts';
import { WireError } from '../../wire/wire-error.ts';
import type { ClassicGroup, ClassicMember } from '../classic-group.ts';
import { answerJoin, answerSync, joinError } from '../classic-rebalance.ts';
import type { GroupRecord, Reply, TopicView } from '../effects.ts';
import { ConsumerGroup } from './consumer-group.ts';
import { Draft, groupTombstones } from './draft.ts';
import { type ConsumerMember, newMember } from './member.ts';
import { type PartitionEpochs, type Partitions, partitionsOf, withEpoch } from './partitions.ts';
import type { ConsumerWorld } from './world.ts';

interface Upgraded {
  readonly draft: Draft;
  readonly records: readonly GroupRecord[];
  readonly replies: readonly Reply[];
}

/** The group as one of the consumer protocol, its members at its generation; undefined when it may not become one. */
export function upgrade(classic: ClassicGroup, world: ConsumerWorld): Upgraded | undefined {
  const { migrationPolicy, maxSize } = world.config.consumer;
  const isAllowed = migrationPolicy === 'bidirectional' || migrationPolicy === 'upgrade';
  if (!isAllowed || classic.protocolType !== 'consumer' || classic.members.size > maxSize) return undefined;
  const members: ConsumerMember[] = [];
  for (const member of classic.members.values()) {
    const migrated = fromClassic(classic, member, world.topics);
    if (migrated === undefined) return undefined;
    members.push(migrated);
  }
  const draft = new Draft(new ConsumerGroup(classic.groupId));
  for (const member of members) draft.putMetadata(member);
  draft.bumpEpoch(0n, classic.generationId);
  for (const member of members) draft.putTarget(member.memberId, partitionsOf(member.assigned));
  draft.putTargetEpoch(classic.generationId, world.now.wallMs);
  for (const member of members) draft.putCurrent(member);
  for (const { memberId, classic: side } of members)
    watchSession(classic.groupId, memberId, side!.sessionTimeoutMs, world);
  return {
    draft,
    records: [{ kind: 'group', groupId: classic.groupId, value: null }],
    replies: sendAllBack(classic, world),
  };
}

function watchSession(
  groupId: string,
  memberId: string,
  timeoutMs: number,
  { timers, now }: ConsumerWorld,
): void {
  const deadlineMs = now.monotonicMs + timeoutMs;
  timers.set({ groupId, memberId, kind: 'session', deadlineMs, memberEpoch: -1 });
}

/** Whoever waits in the classic group's rebalance joins again, and finds the other kind of group. */
function sendAllBack(classic: ClassicGroup, { now }: ConsumerWorld): Reply[] {
  return [...classic.members.values()].flatMap((member) => [
    ...answerJoin(member, joinError(ErrorCode.REBALANCE_IN_PROGRESS, member.memberId), now),
    ...answerSync(member, ErrorCode.REBALANCE_IN_PROGRESS, now),
  ]);
}

function fromClassic(
  group: ClassicGroup,
  member: ClassicMember,
  topics: TopicView,
): ConsumerMember | undefined {
  const subscription = readSubscription(
    group.protocolName === null ? member.protocols[0]?.metadata : group.metadataOf(member),
  );
  const assigned = readAssignment(member.assignment, topics);
  if (subscription === undefined || assigned === undefined) return undefined;
  const epoch = group.generationId;
  return {
    ...newMember(member.memberId),
    instanceId: member.groupInstanceId,
    rackId: subscription.rackId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopicNames: [...new Set(subscription.topics)].sort(),
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    classic: { sessionTimeoutMs: member.sessionTimeoutMs, supportedProtocols: member.protocols },
    memberEpoch: epoch,
    previousMemberEpoch: epoch,
    assigned: withEpoch(assigned, epoch),
  };
}

/** A consumer's subscription as classic members embed it; undefined when it cannot be read. */
export function readSubscription(
  metadata: Buffer | undefined,
): ReturnType<typeof ConsumerProtocolSubscription.empty> | undefined {
  return readEmbedded(() => decodeVersioned(ConsumerProtocolSubscription, metadata ?? Buffer.alloc(0)));
}

function readAssignment(assignment: Buffer, topics: TopicView): Partitions | undefined {
  if (assignment.length === 0) return new Map();
  const value = readEmbedded(() => decodeVersioned(ConsumerProtocolAssignment, assignment));
  if (value === undefined) return undefined;
  return idsOf(value.assignedPartitions, topics);
}

export function idsOf(
  named: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
  topics: TopicView,
): Map<string, number[]> {
  const result = new Map<string, number[]>();
  for (const { topic, partitions } of named) {
    const id = topics.idOf(topic);
    if (id !== undefined && partitions.length > 0)
      result.set(
        id,
        [...partitions].sort((a, b) => a - b),
      );
  }
  return result;
}

function readEmbedded<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What a member of the classic protocol is told it has. */
export function embeddedAssignment(
  member: ConsumerMember,
  assigned: PartitionEpochs,
  topics: TopicView,
): Buffer {
  const version = member.classic?.supportedProtocols[0]?.metadata.readInt16BE(0) ?? 0;
  const assignedPartitions = [...partitionsOf(assigned)].flatMap(([id, partitions]) => {
    const topic = topics.nameOf(id);
    return topic === undefined ? [] : [{ topic, partitions: [...partitions] }];
  });
  const known = Math.min(Math.max(version, 0), ConsumerProtocolAssignment.versions[1]);
  return encodeVersioned(ConsumerProtocolAssignment, known, { assignedPartitions, userData: null });
}

/**
 * The records that make the group a classic one without `leaving`, and with `joining` in place of one of them; undefined
 * when it stays what it is.
 */
export function downgrade(
  group: ConsumerGroup,
  leaving: readonly string[],
  world: ConsumerWorld,
  joining?: ConsumerMember,
): readonly GroupRecord[] | undefined {
  const { migrationPolicy } = world.config.consumer;
  const isAllowed = migrationPolicy === 'bidirectional' || migrationPolicy === 'downgrade';
  const members = [...group.members.values()].filter(({ memberId }) => !leaving.includes(memberId));
  if (joining !== undefined) members.push(joining);
  if (!isAllowed || members.length === 0 || members.length > world.config.maxSize) return undefined;
  if (members.some(({ classic }) => classic === null)) return undefined;
  for (const memberId of group.members.keys()) world.timers.cancel(group.groupId, memberId);
  return [
    ...groupTombstones(group),
    { kind: 'group', groupId: group.groupId, value: classicValue(group, members, world) },
  ];
}

function classicValue(
  group: ConsumerGroup,
  members: readonly ConsumerMember[],
  { topics, now }: ConsumerWorld,
): GroupMetadataValue {
  const protocol = commonProtocol(members);
  return {
    protocolType: 'consumer',
    generation: group.groupEpoch,
    protocol,
    leader: members[0]!.memberId,
    currentStateTimestamp: BigInt(now.wallMs),
    members: members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.classic!.sessionTimeoutMs,
      subscription:
        member.classic!.supportedProtocols.find(({ name }) => name === protocol)?.metadata ?? Buffer.alloc(0),
      assignment: embeddedAssignment(member, member.assigned, topics),
    })),
  };
}

/** The first protocol of the first member that all have. */
function commonProtocol(members: readonly ConsumerMember[]): string {
  const offered = members.map(({ classic }) => new Set(classic!.supportedProtocols.map(({ name }) => name)));
  const [first] = members;
  const common = first!.classic!.supportedProtocols.find(({ name }) =>
    offered.every((names) => names.has(name)),
  );
  return common?.name ?? first!.classic!.supportedProtocols[0]?.name ?? '';
}
