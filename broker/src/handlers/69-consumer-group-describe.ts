/** ConsumerGroupDescribe (KIP-848), versions 0 to 1. Classic groups are not found: clients then ask DescribeGroups. */
import { type DescribedConsumerGroup, describeConsumerGroup } from '../group/descriptions.ts';
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
  return { groups: request.groupIds.map((groupId) => describe(groupId, context)) };
}

function describe(groupId: string, context: RequestContext): DescribedConsumerGroup {
  const active = shardFor(context, groupId);
  if (typeof active === 'number') return { groupId, errorCode: active };
  const group = active.shard.groups.get(groupId);
  if (group?.type === 'Consumer') return describeConsumerGroup(group, context.node.groups.view());
  return {
    groupId,
    errorCode: ErrorCode.GROUP_ID_NOT_FOUND,
    errorMessage: group ? `Group ${groupId} is not a consumer group.` : `Group ${groupId} not found.`,
  };
}
