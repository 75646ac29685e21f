/** LeaveGroup of classic groups, versions 0 to 5; several members at once from version 3 (KIP-345). */
import type { LeaveGroupRequest, LeaveGroupResponse } from '../messages/13-leave-group.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { shardFor } from './groups.ts';

const BATCHED_SINCE = 3;

export async function leaveGroup(
  request: LeaveGroupRequest,
  context: RequestContext,
): Promise<Input<typeof LeaveGroupResponse>> {
  const active = shardFor(context, request.groupId);
  if (typeof active === 'number') return { errorCode: active };
  const batched = context.apiVersion >= BATCHED_SINCE;
  const members = batched
    ? request.members
    : [{ memberId: request.memberId, groupInstanceId: null, reason: null }];
  const { results, effects } = active.shard.leave(request.groupId, members, context.node.groups.now());
  const written = await active.carryOut(effects, request.groupId);
  if (written !== ErrorCode.NONE) return { errorCode: written };
  return batched ? { members: results } : { errorCode: results[0]?.errorCode ?? ErrorCode.NONE };
}
