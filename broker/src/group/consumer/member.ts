/** One member of a group of the consumer protocol, as its records describe it. Never changed in place. */
import type { ConsumerGroupCurrentMemberAssignmentValue } from '../../messages/group/consumer-group-current-member-assignment-value.ts';
import type { ConsumerGroupMemberMetadataValue } from '../../messages/group/consumer-group-member-metadata-value.ts';
import { epochsFrom, epochsToValue, NO_EPOCHS, type PartitionEpochs, sameEpochs } from './partitions.ts';

/**
 *   STABLE ──new target, nothing to give up──▶ STABLE or UNRELEASED_PARTITIONS, at the target's epoch
 *   STABLE ──new target takes partitions away──▶ UNREVOKED_PARTITIONS, at its epoch still
 *   UNREVOKED_PARTITIONS ──the client no longer owns them──▶ any, towards the newest target
 *   UNRELEASED_PARTITIONS ──others gave up what it waits for, or the target moved──▶ any
 */
export type MemberState = 'STABLE' | 'UNREVOKED_PARTITIONS' | 'UNRELEASED_PARTITIONS' | 'UNKNOWN';

const STATES: readonly MemberState[] = ['STABLE', 'UNREVOKED_PARTITIONS', 'UNRELEASED_PARTITIONS'];
const UNKNOWN_STATE = 127;

/** A member epoch of the wire: the member goes, for good or (static) to come back. */
export const LEAVING_EPOCH = -1;
export const LEAVING_STATIC_EPOCH = -2;

/** What a member that speaks the classic protocol said when it joined. */
export interface ClassicSide {
  readonly sessionTimeoutMs: number;
  readonly supportedProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
}

export interface ConsumerMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** Sorted. */
  readonly subscribedTopicNames: readonly string[];
  /** Empty or null: none. */
  readonly subscribedTopicRegex: string | null;
  readonly rebalanceTimeoutMs: number;
  readonly serverAssignor: string | null;
  /** Null for members that speak the consumer protocol. */
  readonly classic: ClassicSide | null;
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  readonly state: MemberState;
  readonly assigned: PartitionEpochs;
  readonly pendingRevocation: PartitionEpochs;
}

export function newMember(memberId: string): ConsumerMember {
  return {
    memberId,
    instanceId: null,
    rackId: null,
    clientId: '',
    clientHost: '',
    subscribedTopicNames: [],
    subscribedTopicRegex: '',
    rebalanceTimeoutMs: -1,
    serverAssignor: null,
    classic: null,
    memberEpoch: 0,
    previousMemberEpoch: -1,
    state: 'STABLE',
    assigned: NO_EPOCHS,
    pendingRevocation: NO_EPOCHS,
  };
}

export function withMetadata(
  member: ConsumerMember,
  value: ConsumerGroupMemberMetadataValue,
): ConsumerMember {
  const { classicMemberMetadata: classic, ...metadata } = value;
  return { ...member, ...metadata, classic };
}

export function metadataOf(member: ConsumerMember): ConsumerGroupMemberMetadataValue {
  const { classic } = member;
  return {
    instanceId: member.instanceId,
    rackId: member.rackId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopicNames: [...member.subscribedTopicNames],
    subscribedTopicRegex: member.subscribedTopicRegex,
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    serverAssignor: member.serverAssignor,
    classicMemberMetadata: classic && {
      sessionTimeoutMs: classic.sessionTimeoutMs,
      supportedProtocols: classic.supportedProtocols.map((protocol) => ({ ...protocol })),
    },
  };
}

export function withAssignment(
  member: ConsumerMember,
  value: ConsumerGroupCurrentMemberAssignmentValue,
): ConsumerMember {
  return {
    ...member,
    memberEpoch: value.memberEpoch,
    previousMemberEpoch: value.previousMemberEpoch,
    state: STATES[value.state] ?? 'UNKNOWN',
    assigned: epochsFrom(value.assignedPartitions, value.memberEpoch),
    pendingRevocation: epochsFrom(value.partitionsPendingRevocation, value.memberEpoch),
  };
}

export function assignmentOf(member: ConsumerMember): ConsumerGroupCurrentMemberAssignmentValue {
  const state = STATES.indexOf(member.state);
  return {
    memberEpoch: member.memberEpoch,
    previousMemberEpoch: member.previousMemberEpoch,
    state: state < 0 ? UNKNOWN_STATE : state,
    assignedPartitions: epochsToValue(member.assigned),
    partitionsPendingRevocation: epochsToValue(member.pendingRevocation),
  };
}

/** Whether the member's metadata record would say the same. */
export function sameMetadata(a: ConsumerMember, b: ConsumerMember): boolean {
  return (
    a.instanceId === b.instanceId &&
    a.rackId === b.rackId &&
    a.clientId === b.clientId &&
    a.clientHost === b.clientHost &&
    a.rebalanceTimeoutMs === b.rebalanceTimeoutMs &&
    a.serverAssignor === b.serverAssignor &&
    sameSubscription(a, b) &&
    sameClassicSide(a.classic, b.classic)
  );
}

export function sameSubscription(a: ConsumerMember, b: ConsumerMember): boolean {
  return a.subscribedTopicRegex === b.subscribedTopicRegex && sameTopicNames(a, b);
}

export function sameTopicNames(a: ConsumerMember, b: ConsumerMember): boolean {
  const [names, others] = [a.subscribedTopicNames, b.subscribedTopicNames];
  return names.length === others.length && names.every((name, index) => name === others[index]);
}

function sameClassicSide(a: ClassicSide | null, b: ClassicSide | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.sessionTimeoutMs === b.sessionTimeoutMs &&
    a.supportedProtocols.length === b.supportedProtocols.length &&
    a.supportedProtocols.every(
      ({ name, metadata }, index) =>
        name === b.supportedProtocols[index]!.name && metadata.equals(b.supportedProtocols[index]!.metadata),
    )
  );
}

/** Whether the member's assignment record would say the same. */
export function sameAssignment(a: ConsumerMember, b: ConsumerMember): boolean {
  return (
    a.memberEpoch === b.memberEpoch &&
    a.previousMemberEpoch === b.previousMemberEpoch &&
    a.state === b.state &&
    sameEpochs(a.assigned, b.assigned) &&
    sameEpochs(a.pendingRevocation, b.pendingRevocation)
  );
}

export function isReconciledTo(member: ConsumerMember, targetEpoch: number): boolean {
  return member.state === 'STABLE' && member.memberEpoch === targetEpoch;
}
