/** Groups as ListGroups and DescribeGroups tell them. */

import type { DescribeGroupsResponse } from '../messages/15-describe-groups.ts';
import type { ListGroupsResponse } from '../messages/16-list-groups.ts';
import type { ConsumerGroupDescribeResponse } from '../messages/69-consumer-group-describe.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/schema.ts';
import type { ConsumerGroup } from './consumer/consumer-group.ts';
import { type Partitions, partitionsOf } from './consumer/partitions.ts';
import { preferredAssignor } from './consumer/target.ts';
import type { Group } from './consumer/world.ts';
import type { ConsumerProtocolConfig, TopicView } from './effects.ts';

export type ListedGroup = NonNullable<Input<typeof ListGroupsResponse>['groups']>[number];
export type DescribedGroup = NonNullable<Input<typeof DescribeGroupsResponse>['groups']>[number];

export interface ListFilter {
  readonly states: readonly string[];
  readonly types: readonly string[];
}

export function listGroups(groups: Iterable<Group>, filter: ListFilter): ListedGroup[] {
  const states = new Set(filter.states.map((state) => state.toLowerCase()));
  const types = new Set(filter.types.map((type) => type.toLowerCase()));
  return [...groups]
    .filter(({ state, type }) => {
      if (types.size > 0 && !types.has(type.toLowerCase())) return false;
      return states.size === 0 || states.has(state.toLowerCase());
    })
    .map((group) => ({
      groupId: group.groupId,
      protocolType: group.type === 'Consumer' ? 'consumer' : (group.protocolType ?? ''),
      groupState: group.state,
      groupType: group.type,
    }));
}

/** From this version on an unknown group is an error, before it is a dead group. */
const GROUP_NOT_FOUND_SINCE = 6;

export function describeGroup(group: Group | undefined, groupId: string, version: number): DescribedGroup {
  if (group?.type !== 'Classic') {
    if (version < GROUP_NOT_FOUND_SINCE) return { groupId, groupState: 'Dead' };
    const errorMessage = group ? `Group ${groupId} is not a classic group.` : `Group ${groupId} not found.`;
    return { groupId, groupState: 'Dead', errorCode: ErrorCode.GROUP_ID_NOT_FOUND, errorMessage };
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

export type DescribedConsumerGroup = NonNullable<
  Input<typeof ConsumerGroupDescribeResponse>['groups']
>[number];

const CLASSIC_MEMBER = 0;
const CONSUMER_MEMBER = 1;

export function describeConsumerGroup(
  group: ConsumerGroup,
  { topics, config }: { topics: TopicView; config: ConsumerProtocolConfig },
): DescribedConsumerGroup {
  return {
    groupId: group.groupId,
    groupState: group.state,
    groupEpoch: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    assignorName: preferredAssignor(group.members.values(), config),
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      rackId: member.rackId,
      memberEpoch: member.memberEpoch,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: [...member.subscribedTopicNames],
      subscribedTopicRegex: member.subscribedTopicRegex,
      assignment: { topicPartitions: named(partitionsOf(member.assigned), topics) },
      targetAssignment: { topicPartitions: named(group.targetOf(member.memberId), topics) },
      memberType: member.classic === null ? CONSUMER_MEMBER : CLASSIC_MEMBER,
    })),
  };
}

/** Topics that are gone are left out. */
function named(partitions: Partitions, topics: TopicView) {
  return [...partitions].flatMap(([topicId, of]) => {
    const topicName = topics.nameOf(topicId);
    return topicName === undefined ? [] : [{ topicId, topicName, partitions: [...of] }];
  });
}
