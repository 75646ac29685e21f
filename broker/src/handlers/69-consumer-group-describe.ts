/**
 * ConsumerGroupDescribe (KIP-848), versions 0 to 1. There are only classic groups so far: every group is answered
 * with GROUP_ID_NOT_FOUND, upon which clients ask DescribeGroups.
 */
import type {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from '../messages/69-consumer-group-describe.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { shardFor } from './groups.ts';

export function consumerGroupDescribe(
  request: ConsumerGroupDescribeRequest,
  context: RequestContext,
): Input<typeof ConsumerGroupDescribeResponse> {
  return {
    groups: request.groupIds.map((groupId) => {
      const active = shardFor(context, groupId);
      if (typeof active === 'number') return { groupId, errorCode: active };
      const isClassic = active.shard.groups.has(groupId);
      return {
        groupId,
        errorCode: ErrorCode.GROUP_ID_NOT_FOUND,
        errorMessage: isClassic ? `Group ${groupId} is not a consumer group.` : `Group ${groupId} not found.`,
      };
    }),
  };
}
