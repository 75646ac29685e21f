/** How a classic group's rebalance begins and ends. Each function changes the group and says what to write and answer. */
import { ErrorCode } from '../messages/errors.ts';
import { type ClassicGroup, type ClassicMember, isSessionRunning } from './classic-group.ts';
import {
  type Effects,
  type GroupConfig,
  type JoinReply,
  merge,
  NOTHING,
  type Now,
  type Reply,
} from './effects.ts';

/** A member that has joined and waits is given up after this long (KAFKA-7610). */
export const NEW_MEMBER_GRACE_MS = 300_000;

export interface Moment extends Now {
  readonly config: GroupConfig;
}

export function joinError(errorCode: number, memberId: string): JoinReply {
  return { errorCode, generationId: -1, protocolName: null, leader: '', memberId, members: [] };
}

/** Starts a rebalance where the state allows one; ends one at once where everybody is there already. */
export function maybePrepareRebalance(group: ClassicGroup, at: Moment): Effects {
  switch (group.state) {
    case 'Stable':
    case 'CompletingRebalance':
    case 'Empty':
      return prepareRebalance(group, at);
    case 'PreparingRebalance':
      return maybeCompleteJoin(group, at);
    case 'Dead':
      return NOTHING;
  }
}

function prepareRebalance(group: ClassicGroup, at: Moment): Effects {
  const replies: Reply[] = [];
  if (group.state === 'CompletingRebalance') {
    for (const member of group.members.values()) {
      member.assignment = Buffer.alloc(0);
      replies.push(...answerSync(member, ErrorCode.REBALANCE_IN_PROGRESS, at));
    }
  }
  const isInitial = group.state === 'Empty';
  group.transition('PreparingRebalance', at.wallMs);
  if (isInitial && at.config.initialRebalanceDelayMs > 0) {
    const delayMs = at.config.initialRebalanceDelayMs;
    group.joinPhase = {
      kind: 'initialDelay',
      deadlineMs: at.monotonicMs + delayMs,
      remainingMs: Math.max(group.rebalanceTimeoutMs - delayMs, 0),
      memberAdded: false,
    };
    return { records: [], replies };
  }
  group.joinPhase = { kind: 'rebalance', deadlineMs: at.monotonicMs + group.rebalanceTimeoutMs };
  return merge({ records: [], replies }, maybeCompleteJoin(group, at));
}

/** Ends the join phase when everybody has joined; the delay of a first rebalance is waited for in any case. */
export function maybeCompleteJoin(group: ClassicGroup, at: Moment): Effects {
  if (group.joinPhase?.kind !== 'rebalance' || !group.hasAllMembersJoined) return NOTHING;
  return completeJoin(group, at);
}

/** The join phase's deadline has passed. */
export function joinDeadlinePassed(group: ClassicGroup, at: Moment): Effects {
  const phase = group.joinPhase;
  if (phase?.kind === 'initialDelay' && phase.memberAdded && phase.remainingMs > 0) {
    const delayMs = Math.min(at.config.initialRebalanceDelayMs, phase.remainingMs);
    group.joinPhase = {
      kind: 'initialDelay',
      deadlineMs: at.monotonicMs + delayMs,
      remainingMs: Math.max(phase.remainingMs - delayMs, 0),
      memberAdded: false,
    };
    return NOTHING;
  }
  return completeJoin(group, at);
}

function completeJoin(group: ClassicGroup, at: Moment): Effects {
  for (const member of [...group.members.values()]) {
    if (member.awaitingJoin === undefined && member.groupInstanceId === null) group.remove(member.memberId);
  }
  if (group.members.size > 0 && !electLeader(group)) {
    // Only static members are left, and none of them has come back: wait for them another time.
    group.joinPhase = { kind: 'rebalance', deadlineMs: at.monotonicMs + group.rebalanceTimeoutMs };
    return NOTHING;
  }
  group.generationId += 1;
  if (group.members.size === 0) {
    group.protocolName = null;
    group.transition('Empty', at.wallMs);
    return { records: [{ kind: 'group', groupId: group.groupId, value: group.toValue() }], replies: [] };
  }
  group.protocolName = group.selectProtocol();
  group.transition('CompletingRebalance', at.wallMs);
  group.syncDeadlineMs = at.monotonicMs + group.rebalanceTimeoutMs;
  const replies: Reply[] = [];
  for (const member of group.members.values()) {
    group.pendingSync.add(member.memberId);
    replies.push(...answerJoin(member, joinReply(group, member), at));
    member.isNew = false;
  }
  return { records: [], replies };
}

/** The leader stays when it has rejoined; else the first member that has becomes one (KIP-345). */
function electLeader(group: ClassicGroup): boolean {
  const leader = group.leaderId === null ? undefined : group.members.get(group.leaderId);
  if (leader?.awaitingJoin !== undefined) return true;
  for (const member of group.members.values()) {
    if (member.awaitingJoin === undefined) continue;
    group.leaderId = member.memberId;
    return true;
  }
  return false;
}

/** What a member is told of the current generation; the leader also whom it assigns. */
export function joinReply(group: ClassicGroup, member: ClassicMember): JoinReply {
  const isLeader = group.leaderId === member.memberId;
  return {
    errorCode: ErrorCode.NONE,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leaderId ?? '',
    memberId: member.memberId,
    members: isLeader ? membersFor(group) : [],
  };
}

export function membersFor(group: ClassicGroup): NonNullable<JoinReply['members']> {
  return [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    metadata: group.metadataOf(member),
  }));
}

export function answerJoin(member: ClassicMember, body: JoinReply, at: Now): Reply[] {
  const ticket = member.awaitingJoin;
  if (ticket === undefined) return [];
  member.awaitingJoin = undefined;
  renewSession(member, at);
  return [{ kind: 'join', ticket, body }];
}

export function answerSync(member: ClassicMember, errorCode: number, at: Now): Reply[] {
  const ticket = member.awaitingSync;
  if (ticket === undefined) return [];
  member.awaitingSync = undefined;
  renewSession(member, at);
  return [{ kind: 'sync', ticket, body: { errorCode, assignment: Buffer.alloc(0) } }];
}

export function renewSession(member: ClassicMember, at: Now): void {
  member.sessionDeadlineMs = at.monotonicMs + member.sessionTimeoutMs;
}

/** Takes a member out and lets the group go on without it. */
export function removeMember(group: ClassicGroup, member: ClassicMember, at: Moment): Effects {
  const replies = [
    ...answerJoin(member, joinError(ErrorCode.UNKNOWN_MEMBER_ID, member.memberId), at),
    ...answerSync(member, ErrorCode.UNKNOWN_MEMBER_ID, at),
  ];
  group.remove(member.memberId);
  return merge({ records: [], replies }, maybePrepareRebalance(group, at));
}

/** Everything that is due by now: ended sessions and phases. */
export function advance(group: ClassicGroup, at: Moment): Effects {
  const all: Effects[] = [];
  if (group.mustRebalance) {
    group.mustRebalance = false;
    all.push(maybePrepareRebalance(group, at));
  }
  for (const [memberId, deadlineMs] of [...group.pendingMembers]) {
    if (deadlineMs > at.monotonicMs) continue;
    group.pendingMembers.delete(memberId);
    all.push(maybeCompleteJoin(group, at));
  }
  for (const member of [...group.members.values()]) {
    if (!isSessionRunning(member) || member.sessionDeadlineMs > at.monotonicMs) continue;
    if (group.members.get(member.memberId) === member) all.push(removeMember(group, member, at));
  }
  if (group.joinPhase !== undefined && group.joinPhase.deadlineMs <= at.monotonicMs) {
    all.push(joinDeadlinePassed(group, at));
  }
  if (group.syncDeadlineMs !== undefined && group.syncDeadlineMs <= at.monotonicMs) {
    all.push(syncDeadlinePassed(group, at));
  }
  return merge(...all);
}

/** Members that never asked for their assignment are out (KAFKA-9752). */
function syncDeadlinePassed(group: ClassicGroup, at: Moment): Effects {
  const replies: Reply[] = [];
  for (const memberId of [...group.pendingSync]) {
    const member = group.remove(memberId);
    if (member) replies.push(...answerSync(member, ErrorCode.UNKNOWN_MEMBER_ID, at));
  }
  group.syncDeadlineMs = undefined;
  return merge({ records: [], replies }, maybePrepareRebalance(group, at));
}
