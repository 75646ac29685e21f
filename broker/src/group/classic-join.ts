/** JoinGroup of the classic protocol (versions 0 to 9; KIP-345 static members, KIP-394 member ids, KIP-814). */

import type { JoinGroupRequest } from '../messages/11-join-group.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { ClassicGroup, ClassicMember, Protocol } from './classic-group.ts';
import {
  answerJoin,
  answerSync,
  joinError,
  joinReply,
  type Moment,
  maybeCompleteJoin,
  maybePrepareRebalance,
  membersFor,
  NEW_MEMBER_GRACE_MS,
  renewSession,
} from './classic-rebalance.ts';
import { type Effects, type GroupPorts, type JoinReply, merge, type Ticket } from './effects.ts';

/** From this version on a dynamic member must come back with the id it was given (KIP-394). */
const MEMBER_ID_REQUIRED_SINCE = 4;
/** From this version on a static leader that comes back is told to skip assigning (KIP-814). */
const SKIP_ASSIGNMENT_SINCE = 9;

export interface JoinCall {
  readonly request: JoinGroupRequest;
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
  readonly ticket: Ticket;
  readonly at: Moment;
  readonly ports: GroupPorts;
}

export function join(group: ClassicGroup, call: JoinCall): Effects {
  const { request } = call;
  if (group.state === 'Dead') return refuse(call, ErrorCode.COORDINATOR_NOT_AVAILABLE);
  if (isFull(group, call)) {
    group.pendingMembers.delete(request.memberId);
    return refuse(call, ErrorCode.GROUP_MAX_SIZE_REACHED, '');
  }
  const names = request.protocols.map(({ name }) => name);
  if (!group.supports(request.protocolType, names))
    return refuse(call, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
  return request.memberId === '' ? joinWithoutId(group, call) : joinWithId(group, call);
}

function isFull(group: ClassicGroup, { request, at }: JoinCall): boolean {
  if (group.members.has(request.memberId)) return false;
  if (request.groupInstanceId !== null && group.staticMembers.has(request.groupInstanceId)) return false;
  if (group.pendingMembers.has(request.memberId)) return group.members.size >= at.config.maxSize;
  return group.members.size + group.pendingMembers.size >= at.config.maxSize;
}

function refuse(call: JoinCall, errorCode: number, memberId = call.request.memberId): Effects {
  return answer(call, joinError(errorCode, memberId));
}

function answer({ ticket }: JoinCall, body: JoinReply): Effects {
  return { records: [], replies: [{ kind: 'join', ticket, body }] };
}

function joinWithoutId(group: ClassicGroup, call: JoinCall): Effects {
  const { request, version, clientId, at, ports } = call;
  const instanceId = request.groupInstanceId;
  const memberId = `${instanceId ?? clientId}-${ports.randomUuid()}`;
  if (instanceId !== null) {
    const known = group.staticMembers.get(instanceId);
    return known === undefined
      ? addMember(group, call, memberId)
      : replaceStatic(group, call, { known, memberId });
  }
  if (version < MEMBER_ID_REQUIRED_SINCE) return addMember(group, call, memberId);
  group.pendingMembers.set(memberId, at.monotonicMs + request.sessionTimeoutMs);
  return refuse(call, ErrorCode.MEMBER_ID_REQUIRED, memberId);
}

function joinWithId(group: ClassicGroup, call: JoinCall): Effects {
  const { request } = call;
  if (group.pendingMembers.has(request.memberId)) {
    // A pending id is a dynamic member's; a static one never gets it.
    if (request.groupInstanceId !== null) return refuse(call, ErrorCode.UNKNOWN_MEMBER_ID);
    return addMember(group, call, request.memberId);
  }
  if (request.groupInstanceId !== null) {
    const known = group.staticMembers.get(request.groupInstanceId);
    if (known === undefined) return refuse(call, ErrorCode.UNKNOWN_MEMBER_ID);
    if (known !== request.memberId) return refuse(call, ErrorCode.FENCED_INSTANCE_ID);
  }
  const member = group.members.get(request.memberId);
  if (member === undefined) return refuse(call, ErrorCode.UNKNOWN_MEMBER_ID);
  return rejoin(group, member, call);
}

/** A member of the group joins again. */
function rejoin(group: ClassicGroup, member: ClassicMember, call: JoinCall): Effects {
  const unchanged = sameProtocols(member.protocols, call.request.protocols);
  switch (group.state) {
    case 'PreparingRebalance':
      return updateMember(group, member, call);
    case 'CompletingRebalance':
      // The answer to its join was lost: tell it again.
      return unchanged ? answer(call, joinReply(group, member)) : updateMember(group, member, call);
    case 'Stable':
      if (!unchanged || group.leaderId === member.memberId) return updateMember(group, member, call);
      return answer(call, joinReply(group, member));
    case 'Empty':
    case 'Dead':
      return refuse(call, ErrorCode.UNKNOWN_MEMBER_ID);
  }
}

function updateMember(group: ClassicGroup, member: ClassicMember, call: JoinCall): Effects {
  const displaced = answerJoin(member, joinError(ErrorCode.REBALANCE_IN_PROGRESS, member.memberId), call.at);
  member.clientId = call.clientId;
  member.clientHost = call.clientHost;
  member.protocols = protocolsOf(call.request);
  member.rebalanceTimeoutMs = rebalanceTimeoutOf(call);
  member.sessionTimeoutMs = call.request.sessionTimeoutMs;
  member.awaitingJoin = call.ticket;
  return merge({ records: [], replies: displaced }, maybePrepareRebalance(group, call.at));
}

function addMember(group: ClassicGroup, call: JoinCall, memberId: string): Effects {
  const { request, at } = call;
  if (group.members.size === 0) group.protocolType = request.protocolType;
  if (group.joinPhase?.kind === 'initialDelay') group.joinPhase.memberAdded = true;
  group.add({
    memberId,
    groupInstanceId: request.groupInstanceId,
    clientId: call.clientId,
    clientHost: call.clientHost,
    rebalanceTimeoutMs: rebalanceTimeoutOf(call),
    sessionTimeoutMs: request.sessionTimeoutMs,
    protocols: protocolsOf(request),
    assignment: Buffer.alloc(0),
    awaitingJoin: call.ticket,
    awaitingSync: undefined,
    isNew: true,
    sessionDeadlineMs: at.monotonicMs + NEW_MEMBER_GRACE_MS,
  });
  return maybePrepareRebalance(group, at);
}

/** A static member has come back under a new member id: it takes its own place (KIP-345). */
function replaceStatic(
  group: ClassicGroup,
  call: JoinCall,
  ids: { known: string; memberId: string },
): Effects {
  const { request, at } = call;
  const old = group.members.get(ids.known)!;
  const fenced = [
    ...answerJoin(old, joinError(ErrorCode.FENCED_INSTANCE_ID, old.memberId), at),
    ...answerSync(old, ErrorCode.FENCED_INSTANCE_ID, at),
  ];
  const wasLeader = group.leaderId === old.memberId;
  const selectedBefore = group.protocolName;
  const member: ClassicMember = {
    ...old,
    memberId: ids.memberId,
    // client.id and host stay those of the first one, as in Apache Kafka; the timeouts do not.
    rebalanceTimeoutMs: rebalanceTimeoutOf(call),
    sessionTimeoutMs: request.sessionTimeoutMs,
    protocols: protocolsOf(request),
    awaitingJoin: undefined,
  };
  renewSession(member, at);
  group.remove(old.memberId);
  group.add(member);
  if (wasLeader) group.leaderId = member.memberId;
  const before = { records: [], replies: fenced };
  // Only another assignor makes a rebalance, not other metadata: that holds the generation it last knew (KIP-792).
  if (group.state === 'Stable' && group.selectProtocol() === selectedBefore) {
    return merge(before, returnWithoutRebalance(group, member, call, wasLeader ? old.memberId : null));
  }
  member.awaitingJoin = call.ticket;
  return merge(
    before,
    group.state === 'PreparingRebalance' ? maybeCompleteJoin(group, at) : maybePrepareRebalance(group, at),
  );
}

/**
 * Nothing has changed but the member's id: the generation stays, and the new id is written down. A leader that
 * cannot be told to skip assigning is told its former id leads, so that it does not assign either.
 */
function returnWithoutRebalance(
  group: ClassicGroup,
  member: ClassicMember,
  call: JoinCall,
  formerLeaderId: string | null,
): Effects {
  const skips = formerLeaderId !== null && call.version >= SKIP_ASSIGNMENT_SINCE;
  const body: JoinReply = {
    ...joinReply(group, member),
    leader: skips ? member.memberId : (formerLeaderId ?? group.leaderId ?? ''),
    skipAssignment: skips,
    members: skips ? membersFor(group) : [],
  };
  return {
    records: [{ kind: 'group', groupId: group.groupId, value: group.toValue() }],
    replies: [{ kind: 'join', ticket: call.ticket, body }],
  };
}

function protocolsOf(request: JoinGroupRequest): Protocol[] {
  // Copied: the request's buffer is the connection's.
  return request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) }));
}

function sameProtocols(a: readonly Protocol[], b: readonly Protocol[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => one.name === b[index]!.name && one.metadata.equals(b[index]!.metadata))
  );
}

function rebalanceTimeoutOf({ request, version }: JoinCall): number {
  return version === 0 || request.rebalanceTimeoutMs < 0
    ? request.sessionTimeoutMs
    : request.rebalanceTimeoutMs;
}
