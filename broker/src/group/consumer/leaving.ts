/** Members that go: they say so, or they are not heard of any more. */
import type { ConsumerGroupHeartbeatRequest } from '../../messages/68-consumer-group-heartbeat.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { GroupRecord } from '../effects.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { Draft } from './draft.ts';
import type { HeartbeatBody } from './heartbeat.ts';
import { LEAVING_STATIC_EPOCH } from './member.ts';
import { removeMembers } from './membership.ts';
import { downgrade } from './migration.ts';
import { NO_EPOCHS } from './partitions.ts';
import type { MemberTimer } from './timers.ts';
import { instanceProblem, unknownMember } from './validation.ts';
import { type ConsumerWorld, type Decision, type Problem, problem } from './world.ts';

export function leaveGroup(
  world: ConsumerWorld,
  request: ConsumerGroupHeartbeatRequest,
): Decision<HeartbeatBody> | Problem {
  const { groupId, memberId, instanceId, memberEpoch } = request;
  const group = world.groups.get(groupId);
  if (group === undefined) return problem(ErrorCode.GROUP_ID_NOT_FOUND, `Group ${groupId} not found.`);
  if (group.type !== 'Consumer') {
    return problem(ErrorCode.GROUP_ID_NOT_FOUND, `Group ${groupId} is not a consumer group.`);
  }
  const member = instanceId === null ? group.members.get(memberId) : group.staticMember(instanceId);
  if (instanceId !== null) {
    const wrong = instanceProblem(member, { memberId, instanceId });
    if (wrong !== undefined) return wrong;
  }
  if (member === undefined) return unknownMember(group, memberId);
  const body = { memberId, memberEpoch };
  if (instanceId !== null && memberEpoch === LEAVING_STATIC_EPOCH) {
    // It keeps its partitions until it comes back or its session ends.
    const draft = new Draft(group);
    draft.putCurrent({ ...member, memberEpoch: LEAVING_STATIC_EPOCH, pendingRevocation: NO_EPOCHS });
    world.timers.cancel(groupId, member.memberId, ['rebalance']);
    return { records: draft.records, replies: [], body };
  }
  return { records: fence(group, [member.memberId], world), replies: [], body };
}

/** Takes members out; when only members of the classic protocol are left, the group becomes a classic one again. */
export function fence(
  group: ConsumerGroup,
  memberIds: readonly string[],
  world: ConsumerWorld,
): readonly GroupRecord[] {
  const asClassic = downgrade(group, memberIds, world);
  if (asClassic !== undefined) return asClassic;
  const draft = new Draft(group);
  removeMembers(draft, memberIds, world);
  return draft.records;
}

/** A deadline has passed: the member is out, if it is still where the timer was set. */
export function timerPassed(timer: MemberTimer, world: ConsumerWorld): readonly GroupRecord[] {
  const group = world.groups.get(timer.groupId);
  if (group?.type !== 'Consumer') return [];
  const member = group.members.get(timer.memberId);
  if (member === undefined) return [];
  if (timer.kind === 'rebalance' && member.memberEpoch !== timer.memberEpoch) return [];
  return fence(group, [member.memberId], world);
}
