/** Groups as ListGroups and DescribeGroups tell them. */

import type { DescribeGroupsResponse } from '../messages/15-describe-groups.ts';
import type { ListGroupsResponse } from '../messages/16-list-groups.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/schema.ts';
import type { ClassicGroup } from './classic-group.ts';

export type ListedGroup = NonNullable<Input<typeof ListGroupsResponse>['groups']>[number];
export type DescribedGroup = NonNullable<Input<typeof DescribeGroupsResponse>['groups']>[number];

export interface ListFilter {
  readonly states: readonly string[];
  readonly types: readonly string[];
}

const TYPE = 'Classic';

export function listGroups(groups: Iterable<ClassicGroup>, filter: ListFilter): ListedGroup[] {
  const states = new Set(filter.states.map((state) => state.toLowerCase()));
  const types = new Set(filter.types.map((type) => type.toLowerCase()));
  if (types.size > 0 && !types.has(TYPE.toLowerCase())) return [];
  return [...groups]
    .filter((group) => states.size === 0 || states.has(group.state.toLowerCase()))
    .map((group) => ({
      groupId: group.groupId,
      protocolType: group.protocolType ?? '',
      groupState: group.state,
      groupType: TYPE,
    }));
}

/** From this version on an unknown group is an error, before it is a dead group. */
const GROUP_NOT_FOUND_SINCE = 6;

export function describeGroup(
  group: ClassicGroup | undefined,
  groupId: string,
  version: number,
): DescribedGroup {
  if (group === undefined) {
    if (version < GROUP_NOT_FOUND_SINCE) return { groupId, groupState: 'Dead' };
    return {
      groupId,
      groupState: 'Dead',
      errorCode: ErrorCode.GROUP_ID_NOT_FOUND,
      errorMessage: `Group ${groupId} not found.`,
    };
  }
  const isStable = group.state === 'Stable';
  return {
    groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: isStable ? (group.protocolName ?? '') : '',
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: isStable ? group.metadataOf(member) : Buffer.alloc(0),
      memberAssignment: isStable ? member.assignment : Buffer.alloc(0),
    })),
  };
}
