/**
 * Members of the classic protocol in a group of the consumer protocol (KIP-848, online migration): a generation is the
 * member's epoch, and a heartbeat answered REBALANCE_IN_PROGRESS is how the member is told to come and move on.
 */
import type { JoinGroupRequest } from '../../messages/11-join-group.ts';
import type { LeaveGroupRequest } from '../../messages/13-leave-group.ts';
import type { SyncGroupRequest } from '../../messages/14-sync-group.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { LeaveResult, MemberClaim } from '../classic-calls.ts';
import type { GroupRecord, JoinReply, SyncReply } from '../effects.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { Draft } from './draft.ts';
import { fence } from './leaving.ts';
import { type ConsumerMember, newMember } from './member.ts';
import { fullProblem, joinStatic, updateMember } from './membership.ts';
import { downgrade, embeddedAssignment, idsOf, readSubscription } from './migration.ts';
import { partitionsToValue } from './partitions.ts';
import { waitsForOthers } from './reconciliation.ts';
import type { TimerKind } from './timers.ts';
import { type ConsumerWorld, generatedMemberId, isProblem } from './world.ts';

/** From this version on a dynamic member must come back with the id it was given (KIP-394). */
const MEMBER_ID_REQUIRED_SINCE = 4;

export interface ClassicJoin {
  readonly request: JoinGroupRequest;
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
}

export function classicJoin(
  group: ConsumerGroup,
  call: ClassicJoin,
  world: ConsumerWorld,
): { records: readonly GroupRecord[]; body: JoinReply } {
  const { request, version } = call;
  const memberId = request.memberId === '' ? generatedMemberId(world.randomUuid) : request.memberId;
  const refuse = (errorCode: number) => ({ records: [], body: failedJoin(errorCode, memberId) });
  if (fullProblem(group, memberId, world) !== undefined) return refuse(ErrorCode.GROUP_MAX_SIZE_REACHED);
  if (!supports(group, request)) return refuse(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
  const isNew = request.memberId === '';
  if (isNew && request.groupInstanceId === null && version >= MEMBER_ID_REQUIRED_SINCE) {
    return refuse(ErrorCode.MEMBER_ID_REQUIRED);
  }
  const subscription = readSubscription(request.protocols[0]?.metadata);
  if (subscription === undefined) return refuse(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
  const draft = new Draft(group);
  const before = findJoining(draft, request, memberId);
  if (typeof before === 'number') return refuse(before);
  const replaced =
    request.groupInstanceId === null ? undefined : group.staticMembers.get(request.groupInstanceId);
  const after = asJoining(before, call, subscription);
  const owned = partitionsToValue(idsOf(subscription.ownedPartitions, world.topics));
  const member = updateMember(draft, { before, after, owned }, world);
  if (isProblem(member)) return refuse(member.errorCode);
  const body: JoinReply = {
    errorCode: ErrorCode.NONE,
    generationId: member.memberEpoch,
    protocolType: 'consumer',
    protocolName: request.protocols[0]!.name,
    leader: '',
    memberId,
    members: [],
  };
  const leaving = replaced === undefined || replaced === memberId ? [] : [replaced];
  const isLastReplaced = leaving.length > 0 && group.members.get(leaving[0]!)?.classic === null;
  const asClassic = isLastReplaced ? downgrade(group, leaving, world, member) : undefined;
  if (asClassic !== undefined) return { records: asClassic, body };
  watch(group.groupId, member, world, { session: request.sessionTimeoutMs, sync: member.rebalanceTimeoutMs });
  world.timers.cancel(group.groupId, memberId, ['join']);
  return { records: draft.records, body };
}

function failedJoin(errorCode: number, memberId: string): JoinReply {
  return { errorCode, generationId: -1, protocolName: null, leader: '', memberId, members: [] };
}

function supports(group: ConsumerGroup, { protocolType, protocols }: JoinGroupRequest): boolean {
  if (protocolType !== 'consumer' || protocols.length === 0) return false;
  const names = new Set(protocols.map(({ name }) => name));
  const classic = [...group.members.values()].flatMap((member) => member.classic ?? []);
  const [first, ...others] = classic.map((side) => new Set(side.supportedProtocols.map(({ name }) => name)));
  if (first === undefined) return true;
  return [...first].some((name) => names.has(name) && others.every((offered) => offered.has(name)));
}

function findJoining(draft: Draft, request: JoinGroupRequest, memberId: string): ConsumerMember | number {
  const { groupInstanceId: instanceId } = request;
  if (instanceId === null) return draft.group.members.get(memberId) ?? newMember(memberId);
  const known = draft.group.staticMember(instanceId);
  if (request.memberId === '') {
    const joined = joinStatic(draft, { memberId, instanceId, speaksClassic: true });
    return isProblem(joined) ? joined.errorCode : joined;
  }
  if (known === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
  return known.memberId === memberId ? known : ErrorCode.FENCED_INSTANCE_ID;
}

function asJoining(
  before: ConsumerMember,
  { request, clientId, clientHost }: ClassicJoin,
  subscription: NonNullable<ReturnType<typeof readSubscription>>,
): ConsumerMember {
  const { rebalanceTimeoutMs, sessionTimeoutMs } = request;
  return {
    ...before,
    instanceId: request.groupInstanceId ?? before.instanceId,
    rackId: subscription.rackId ?? before.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
    subscribedTopicNames: [...new Set(subscription.topics)].sort(),
    clientId,
    clientHost,
    classic: {
      sessionTimeoutMs,
      // Copied: the request's buffer is the connection's.
      supportedProtocols: request.protocols.map(({ name, metadata }) => ({
        name,
        metadata: Buffer.from(metadata),
      })),
    },
  };
}

function watch(
  groupId: string,
  { memberId }: ConsumerMember,
  { timers, now }: ConsumerWorld,
  timeouts: Partial<Record<TimerKind, number>>,
): void {
  for (const [kind, timeoutMs] of Object.entries(timeouts) as [TimerKind, number][]) {
    const deadlineMs = now.monotonicMs + timeoutMs;
    timers.set({ groupId, memberId, kind, deadlineMs, memberEpoch: -1 });
  }
}

function validate(group: ConsumerGroup, claim: MemberClaim): ConsumerMember | number {
  const { memberId, groupInstanceId } = claim;
  const member = groupInstanceId === null ? group.members.get(memberId) : group.staticMember(groupInstanceId);
  if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
  if (member.memberId !== memberId) return ErrorCode.FENCED_INSTANCE_ID;
  if (member.classic === null) return ErrorCode.UNKNOWN_MEMBER_ID;
  return member.memberEpoch === claim.generationId ? member : ErrorCode.ILLEGAL_GENERATION;
}

function mustRejoin(group: ConsumerGroup, member: ConsumerMember, world: ConsumerWorld): number {
  const deadlineMs = world.now.monotonicMs + member.rebalanceTimeoutMs;
  const { memberId } = member;
  world.timers.setIfAbsent({ groupId: group.groupId, memberId, kind: 'join', deadlineMs, memberEpoch: -1 });
  return ErrorCode.REBALANCE_IN_PROGRESS;
}

export function classicSync(
  group: ConsumerGroup,
  request: SyncGroupRequest,
  world: ConsumerWorld,
): SyncReply {
  const refuse = (errorCode: number): SyncReply => ({ errorCode, assignment: Buffer.alloc(0) });
  const member = validate(group, request);
  if (typeof member === 'number') return refuse(member);
  const { protocolType, protocolName } = request;
  const isOther =
    (protocolType !== null && protocolType !== 'consumer') ||
    (protocolName !== null && protocolName !== member.classic!.supportedProtocols[0]?.name);
  if (isOther) return refuse(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
  if (group.groupEpoch > member.memberEpoch && member.state !== 'UNREVOKED_PARTITIONS') {
    return refuse(mustRejoin(group, member, world));
  }
  world.timers.cancel(group.groupId, member.memberId, ['sync']);
  watch(group.groupId, member, world, { session: member.classic!.sessionTimeoutMs });
  const assignment = embeddedAssignment(member, member.assigned, world.topics);
  return { errorCode: ErrorCode.NONE, protocolType, protocolName, assignment };
}

export function classicHeartbeat(group: ConsumerGroup, claim: MemberClaim, world: ConsumerWorld): number {
  const member = validate(group, claim);
  if (typeof member === 'number') return member;
  watch(group.groupId, member, world, { session: member.classic!.sessionTimeoutMs });
  const isBehind =
    member.memberEpoch < group.groupEpoch ||
    member.state === 'UNREVOKED_PARTITIONS' ||
    (member.state === 'UNRELEASED_PARTITIONS' && !waitsForOthers(group, member));
  return isBehind ? mustRejoin(group, member, world) : ErrorCode.NONE;
}

/** Members of either protocol: an administrator may take any member out. */
export function classicLeave(
  group: ConsumerGroup,
  members: LeaveGroupRequest['members'],
  world: ConsumerWorld,
): { records: readonly GroupRecord[]; results: LeaveResult[] } {
  const leaving: string[] = [];
  const results = members.map(({ memberId, groupInstanceId }) => {
    const member =
      groupInstanceId === null ? group.members.get(memberId) : group.staticMember(groupInstanceId);
    const refuse = (errorCode: number) => ({ memberId, groupInstanceId, errorCode });
    if (member === undefined) return refuse(ErrorCode.UNKNOWN_MEMBER_ID);
    if (memberId !== '' && member.memberId !== memberId) return refuse(ErrorCode.FENCED_INSTANCE_ID);
    leaving.push(member.memberId);
    return { memberId: member.memberId, groupInstanceId, errorCode: ErrorCode.NONE };
  });
  return { records: leaving.length === 0 ? [] : fence(group, leaving, world), results };
}
