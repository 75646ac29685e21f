/** DeleteGroups, versions 0 to 2: empty groups only. */
import type { DeleteGroupsRequest, DeleteGroupsResponse } from '../messages/42-delete-groups.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { shardFor } from './groups.ts';

export async function deleteGroups(
  request: DeleteGroupsRequest,
  context: RequestContext,
): Promise<Input<typeof DeleteGroupsResponse>> {
  const names = [...new Set(request.groupsNames)];
  return {
    results: await Promise.all(
      names.map(async (groupId) => ({ groupId, errorCode: await deleteGroup(groupId, context) })),
    ),
  };
}

async function deleteGroup(groupId: string, context: RequestContext): Promise<number> {
  const active = shardFor(context, groupId);
  if (typeof active === 'number') return active;
  const { errorCode, records } = active.shard.deleteGroup(groupId);
  return errorCode === ErrorCode.NONE ? active.carryOut({ records, replies: [] }, groupId) : errorCode;
}
