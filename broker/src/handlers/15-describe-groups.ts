/** DescribeGroups, versions 0 to 6. */
import { type DescribedGroup, describeGroup } from '../group/descriptions.ts';
import type { DescribeGroupsRequest, DescribeGroupsResponse } from '../messages/15-describe-groups.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { shardFor } from './groups.ts';

export function describeGroups(
  request: DescribeGroupsRequest,
  context: RequestContext,
): Input<typeof DescribeGroupsResponse> {
  return { groups: request.groups.map((groupId) => describe(groupId, context)) };
}

function describe(groupId: string, context: RequestContext): DescribedGroup {
  const active = shardFor(context, groupId);
  if (typeof active === 'number') return { groupId, errorCode: active };
  return describeGroup(active.shard.groups.get(groupId), groupId, context.apiVersion);
}
