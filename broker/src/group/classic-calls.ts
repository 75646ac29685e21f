/** SyncGroup, Heartbeat and LeaveGroup of the classic protocol. */

import type { LeaveGroupRequest } from '../messages/13-leave-group.ts';
import type { SyncGroupRequest } from '../messages/14-sync-group.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { ClassicGroup, ClassicMember } from './classic-group.ts';
import {
  type Moment,
  maybeCompleteJoin,
  maybePrepareRebalance,
  removeMember,
  renewSession,
} from './classic-rebalance.ts';
import { type Effects, merge, NOTHING, type Reply, type SyncReply, type Ticket } from './effects.ts';

export interface MemberClaim {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly generationId: number;
}

/** Whether the claim names a member of the current generation; 0 or the error that says why not. */
export function validateMember(group: ClassicGroup, claim: MemberClaim): number {
  if (group.state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE;
  if (claim.groupInstanceId !== null) {
    const known = group.staticMembers.get(claim.groupInstanceId);
    if (known === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
    if (known !== claim.memberId) return ErrorCode.FENCED_INSTANCE_ID;
  }
  if (!group.members.has(claim.memberId)) return ErrorCode.UNKNOWN_MEMBER_ID;
  return claim.generationId === group.generationId ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
}

export function syncError(ticket: Ticket, errorCode: number): Effects {
  return {
    records: [],
    replies: [{ kind: 'sync', ticket, body: { errorCode, assignment: Buffer.alloc(0) } }],
  };
}

export function sync(
  group: ClassicGroup,
  call: { request: SyncGroupRequest; ticket: Ticket; at: Moment },
): Effects {
  const { request, ticket, at } = call;
  const invalid = validateMember(group, request);
  if (invalid !== ErrorCode.NONE) return syncError(ticket, invalid);
  if (
    (request.protocolType !== null && request.protocolType !== group.protocolType) ||
    (request.protocolName !== null && request.protocolName !== group.protocolName)
  ) {
    return syncError(ticket, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
  }
  const member = group.members.get(request.memberId)!;
  switch (group.state) {
    case 'Empty':
    case 'Dead':
      return syncError(ticket, ErrorCode.UNKNOWN_MEMBER_ID);
    case 'PreparingRebalance':
      return syncError(ticket, ErrorCode.REBALANCE_IN_PROGRESS);
    case 'Stable':
      renewSession(member, at);
      return { records: [], replies: [{ kind: 'sync', ticket, body: syncReply(group, member) }] };
    case 'CompletingRebalance':
      return syncWhileCompleting(group, member, call);
  }
}

function syncWhileCompleting(
  group: ClassicGroup,
  member: ClassicMember,
  call: { request: SyncGroupRequest; ticket: Ticket; at: Moment },
): Effects {
  const displaced = syncDisplaced(member);
  member.awaitingSync = call.ticket;
  group.pendingSync.delete(member.memberId);
  if (group.leaderId !== member.memberId) return displaced;
  const assigned = new Map(call.request.assignments.map((entry) => [entry.memberId, entry.assignment]));
  for (const each of group.members.values()) each.assignment = Buffer.from(assigned.get(each.memberId) ?? []);
  group.transition('Stable', call.at.wallMs);
  return merge(displaced, {
    records: [{ kind: 'group', groupId: group.groupId, value: group.toValue() }],
    replies: answerAllSyncs(group, call.at),
  });
}

/** The same member syncs on a second connection: the first is let go. */
function syncDisplaced(member: ClassicMember): Effects {
  if (member.awaitingSync === undefined) return NOTHING;
  return syncError(member.awaitingSync, ErrorCode.REBALANCE_IN_PROGRESS);
}

function answerAllSyncs(group: ClassicGroup, at: Moment): Reply[] {
  const replies: Reply[] = [];
  for (const member of group.members.values()) {
    // From now on its heartbeats count, whether it has synced yet or not.
    renewSession(member, at);
    if (member.awaitingSync === undefined) continue;
    replies.push({ kind: 'sync', ticket: member.awaitingSync, body: syncReply(group, member) });
    member.awaitingSync = undefined;
  }
  return replies;
}

function syncReply(group: ClassicGroup, member: ClassicMember): SyncReply {
  return {
    errorCode: ErrorCode.NONE,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    assignment: member.assignment,
  };
}

/** The generation could not be written: nobody may act on it, so the group rebalances again. */
export function assignmentFailed(group: ClassicGroup, at: Moment): Effects {
  if (group.state !== 'Stable') return NOTHING;
  for (const member of group.members.values()) member.assignment = Buffer.alloc(0);
  return maybePrepareRebalance(group, at);
}

export function heartbeat(group: ClassicGroup, claim: MemberClaim, at: Moment): number {
  const invalid = validateMember(group, claim);
  if (invalid !== ErrorCode.NONE) return invalid;
  if (group.state === 'Empty' || group.state === 'Dead') return ErrorCode.UNKNOWN_MEMBER_ID;
  renewSession(group.members.get(claim.memberId)!, at);
  return group.state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
}

type LeavingMember = LeaveGroupRequest['members'][number];

export interface LeaveResult {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly errorCode: number;
}

export function leave(
  group: ClassicGroup,
  members: readonly LeavingMember[],
  at: Moment,
): { results: LeaveResult[]; effects: Effects } {
  const effects: Effects[] = [];
  const results = members.map((leaving) => {
    const { errorCode, effect } = leaveOne(group, leaving, at);
    if (effect) effects.push(effect);
    return { memberId: leaving.memberId, groupInstanceId: leaving.groupInstanceId, errorCode };
  });
  return { results, effects: merge(...effects) };
}

function leaveOne(
  group: ClassicGroup,
  leaving: LeavingMember,
  at: Moment,
): { errorCode: number; effect?: Effects } {
  if (group.state === 'Dead') return { errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE };
  if (group.pendingMembers.has(leaving.memberId)) {
    if (leaving.groupInstanceId !== null) return { errorCode: ErrorCode.UNKNOWN_MEMBER_ID };
    group.pendingMembers.delete(leaving.memberId);
    return { errorCode: ErrorCode.NONE, effect: maybeCompleteJoin(group, at) };
  }
  const { groupInstanceId } = leaving;
  const known = groupInstanceId === null ? leaving.memberId : group.staticMembers.get(groupInstanceId);
  const member = known === undefined ? undefined : group.members.get(known);
  if (member === undefined) return { errorCode: ErrorCode.UNKNOWN_MEMBER_ID };
  if (leaving.memberId !== '' && member.memberId !== leaving.memberId) {
    return { errorCode: ErrorCode.FENCED_INSTANCE_ID };
  }
  return { errorCode: ErrorCode.NONE, effect: removeMember(group, member, at) };
}
