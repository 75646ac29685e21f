/** SyncGroup, versions 0 to 5: answered when the leader's assignment is written down. */
import type { SyncReply } from '../group/effects.ts';
import type { SyncGroupRequest } from '../messages/14-sync-group.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { RequestContext } from './context.ts';
import { GROUP_WAIT_MS_MAX, shardFor } from './groups.ts';

/** From this version on the member must say which protocol it means (KIP-559). */
const NAMED_SINCE = 5;

export async function syncGroup(request: SyncGroupRequest, context: RequestContext): Promise<SyncReply> {
  const isNamed = request.protocolType !== null && request.protocolName !== null;
  if (context.apiVersion >= NAMED_SINCE && !isNamed) {
    return { errorCode: ErrorCode.INCONSISTENT_GROUP_PROTOCOL };
  }
  const active = shardFor(context, request.groupId);
  if (typeof active === 'number') return { errorCode: active };
  const wait = context.wait<SyncReply>({
    timeoutMs: GROUP_WAIT_MS_MAX,
    onTimeout: () => ({ errorCode: ErrorCode.REBALANCE_IN_PROGRESS }),
  });
  const effects = active.shard.sync(request, active.expect(wait), context.node.groups.now());
  void active.carryOut(effects, request.groupId);
  return wait.promise;
}
