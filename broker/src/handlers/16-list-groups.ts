/** ListGroups, versions 0 to 5: the groups this node coordinates. */
import { listGroups as list } from '../group/descriptions.ts';
import type { ListGroupsRequest, ListGroupsResponse } from '../messages/16-list-groups.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

export function listGroups(
  request: ListGroupsRequest,
  context: RequestContext,
): Input<typeof ListGroupsResponse> {
  const { shards, loading } = context.node.groups.active();
  const filter = { states: request.statesFilter, types: request.typesFilter };
  return {
    errorCode: loading ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : ErrorCode.NONE,
    groups: shards.flatMap(({ shard }) => list(shard.groups.values(), filter)),
  };
}
