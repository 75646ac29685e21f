/** ConsumerGroupHeartbeat (KIP-848), versions 0 to 1: answered when what it says is committed. */
import type { HeartbeatBody } from '../group/consumer/heartbeat.ts';
import type { ConsumerGroupHeartbeatRequest } from '../messages/68-consumer-group-heartbeat.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { RequestContext } from './context.ts';
import { shardFor } from './groups.ts';

export async function consumerGroupHeartbeat(
  request: ConsumerGroupHeartbeatRequest,
  context: RequestContext,
): Promise<HeartbeatBody> {
  const { node, apiVersion: version, clientId, clientHost } = context;
  const isFinalized = (node.metadata.image.features.get('group.version') ?? 0) >= 1;
  if (!isFinalized || !node.brokerConfig.list('group.coordinator.rebalance.protocols').includes('consumer')) {
    return { errorCode: ErrorCode.UNSUPPORTED_VERSION, errorMessage: null };
  }
  const active = request.groupId === '' ? ErrorCode.INVALID_REQUEST : shardFor(context, request.groupId);
  if (typeof active === 'number') {
    const errorMessage = request.groupId === '' ? "GroupId can't be empty." : null;
    return { errorCode: active, errorMessage };
  }
  const call = { request, version, clientId, clientHost };
  const { records, replies, body } = active.shard.consumerHeartbeat(call, node.groups.now());
  const written = await active.carryOut({ records, replies }, request.groupId, { afterAllBefore: true });
  return written === ErrorCode.NONE ? body : { errorCode: written, errorMessage: null };
}
