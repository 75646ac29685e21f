/** JoinGroup, versions 0 to 9: answered when the group's rebalance ends. */
import type { JoinReply } from '../group/effects.ts';
import type { JoinGroupRequest } from '../messages/11-join-group.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { RequestContext } from './context.ts';
import { GROUP_WAIT_MS_MAX, shardFor } from './groups.ts';

/** Before this version "no protocol" is an empty string. */
const NULL_PROTOCOL_SINCE = 7;

export async function joinGroup(request: JoinGroupRequest, context: RequestContext): Promise<JoinReply> {
  const active = shardFor(context, request.groupId);
  if (typeof active === 'number') return forVersion(refusal(active, request.memberId), context.apiVersion);
  const wait = context.wait<JoinReply>({
    timeoutMs: GROUP_WAIT_MS_MAX,
    onTimeout: () => refusal(ErrorCode.REBALANCE_IN_PROGRESS, request.memberId),
  });
  const { apiVersion: version, clientId, clientHost, node } = context;
  const ticket = active.expect(wait);
  const effects = active.shard.join(request, { version, clientId, clientHost, ticket }, node.groups.now());
  void active.carryOut(effects, request.groupId);
  return forVersion(await wait.promise, version);
}

function refusal(errorCode: number, memberId: string): JoinReply {
  return { errorCode, generationId: -1, protocolName: null, leader: '', memberId, members: [] };
}

function forVersion(reply: JoinReply, version: number): JoinReply {
  if (version >= NULL_PROTOCOL_SINCE) return reply;
  return { ...reply, protocolName: reply.protocolName ?? '' };
}
