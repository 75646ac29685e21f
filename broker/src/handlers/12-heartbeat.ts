/** Heartbeat of classic groups, versions 0 to 4. */
import type { HeartbeatRequest, HeartbeatResponse } from '../messages/12-heartbeat.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { shardFor } from './groups.ts';

export function heartbeat(
  request: HeartbeatRequest,
  context: RequestContext,
): Input<typeof HeartbeatResponse> {
  const active = shardFor(context, request.groupId);
  if (typeof active === 'number') return { errorCode: active };
  return { errorCode: active.shard.heartbeat(request.groupId, request, context.node.groups.now()) };
}
