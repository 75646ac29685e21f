/** Calls about consumer groups and their offsets; each goes to the group's coordinator. */
import { OffsetCommitRequest, OffsetCommitResponse } from '../messages/08-offset-commit.ts';
import { OffsetFetchRequest, OffsetFetchResponse } from '../messages/09-offset-fetch.ts';
import { LeaveGroupRequest, LeaveGroupResponse } from '../messages/13-leave-group.ts';
import { DescribeGroupsRequest, DescribeGroupsResponse } from '../messages/15-describe-groups.ts';
import { ListGroupsRequest, ListGroupsResponse } from '../messages/16-list-groups.ts';
import { DeleteGroupsRequest, DeleteGroupsResponse } from '../messages/42-delete-groups.ts';
import { OffsetDeleteRequest, OffsetDeleteResponse } from '../messages/47-offset-delete.ts';
import {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from '../messages/69-consumer-group-describe.ts';
import { ConsumerProtocolAssignment } from '../messages/consumer-protocol/consumer-protocol-assignment.ts';
import { decodeVersioned } from '../messages/versioned.ts';
import { ClientError, refuse, toApiError } from './client-error.ts';
import { byTopic } from './grouping.ts';
import { fromInt64, toInt64 } from './int64.ts';
import type { Network } from './network.ts';
import { withRetries } from './retry.ts';
import type {
  BrokerInfo,
  CommittedOffset,
  GroupDescription,
  GroupListing,
  GroupMember,
  OffsetToCommit,
  Outcome,
  PartitionOutcome,
  TopicPartition,
} from './types.ts';

const groupIdNotFound = 69;
const unsupportedVersion = 35;
/** The last versions that name topics by name (KIP-848 went on to topic ids). */
const namedTopicsVersion = 9;

export function listGroups(
  network: Network,
  options: { readonly states?: readonly string[]; readonly types?: readonly string[] } = {},
): Promise<readonly GroupListing[]> {
  return withRetries(network.limits, async () => {
    await network.metadata([]);
    const listings: GroupListing[] = [];
    await Promise.all(
      [...network.brokers.keys()].map(async (broker) => {
        const answer = await network.send(broker, {
          request: ListGroupsRequest,
          response: ListGroupsResponse,
          body: { statesFilter: [...(options.states ?? [])], typesFilter: [...(options.types ?? [])] },
        });
        refuse(answer.errorCode);
        for (const group of answer.groups) {
          listings.push({
            groupId: group.groupId,
            protocolType: group.protocolType,
            state: group.groupState,
            type: groupType(group.groupType),
          });
        }
      }),
    );
    return listings;
  });
}

/** Apache Kafka's brokers write a type as the asker's filter did. */
function groupType(name: string): string {
  return name === '' ? '' : `${name[0]!.toUpperCase()}${name.slice(1).toLowerCase()}`;
}

export function describeGroups(
  network: Network,
  groupIds: readonly string[],
): Promise<readonly GroupDescription[]> {
  return Promise.all(
    groupIds.map((groupId) =>
      atCoordinator(network, groupId, (broker) => describe(network, groupId, broker)),
    ),
  );
}

async function describe(network: Network, groupId: string, broker: BrokerInfo): Promise<GroupDescription> {
  const modern = await describeConsumer(network, groupId, broker);
  return modern ?? describeClassic(network, groupId, broker);
}

async function describeConsumer(
  network: Network,
  groupId: string,
  coordinator: BrokerInfo,
): Promise<GroupDescription | null> {
  let answer: ConsumerGroupDescribeResponse;
  try {
    answer = await network.send(coordinator.id, {
      request: ConsumerGroupDescribeRequest,
      response: ConsumerGroupDescribeResponse,
      body: { groupIds: [groupId] },
    });
  } catch (error) {
    if (error instanceof ClientError && error.code === 'unsupported-version') return null;
    throw error;
  }
  const group = answer.groups[0];
  if (group === undefined || group.errorCode === groupIdNotFound) return null;
  if (group.errorCode === unsupportedVersion) return null;
  refuseRetriable(group.errorCode, group.errorMessage);
  return {
    groupId,
    error: toApiError(group.errorCode, group.errorMessage),
    type: 'Consumer',
    protocolType: 'consumer',
    state: group.groupState,
    assignor: group.assignorName,
    members: group.members.map(consumerMember),
    coordinator,
    epoch: group.groupEpoch,
    targetEpoch: group.assignmentEpoch,
  };
}

function consumerMember(
  member: ConsumerGroupDescribeResponse['groups'][number]['members'][number],
): GroupMember {
  const upgradedByType: Readonly<Record<number, boolean>> = { 0: false, 1: true };
  return {
    memberId: member.memberId,
    instanceId: member.instanceId,
    clientId: member.clientId,
    host: member.clientHost,
    assignment: flatten(member.assignment.topicPartitions),
    target: flatten(member.targetAssignment.topicPartitions),
    epoch: member.memberEpoch,
    upgraded: upgradedByType[member.memberType] ?? null,
  };
}

async function describeClassic(
  network: Network,
  groupId: string,
  coordinator: BrokerInfo,
): Promise<GroupDescription> {
  const answer = await network.send(coordinator.id, {
    request: DescribeGroupsRequest,
    response: DescribeGroupsResponse,
    body: { groups: [groupId] },
  });
  const group = answer.groups[0];
  if (group === undefined) throw new ClientError('corrupt', `the answer lacks group ${groupId}`);
  refuseRetriable(group.errorCode, group.errorMessage);
  return {
    groupId,
    error: toApiError(group.errorCode, group.errorMessage),
    type: 'Classic',
    protocolType: group.protocolType,
    state: group.groupState,
    assignor: group.protocolData,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.groupInstanceId,
      clientId: member.clientId,
      host: member.clientHost,
      assignment: classicAssignment(group.protocolType, member.memberAssignment),
      target: null,
      epoch: null,
      upgraded: null,
    })),
    coordinator,
    epoch: null,
    targetEpoch: null,
  };
}

function classicAssignment(protocolType: string, bytes: Buffer): TopicPartition[] {
  if (protocolType !== 'consumer' || bytes.length === 0) return [];
  const { assignedPartitions } = decodeVersioned(ConsumerProtocolAssignment, bytes);
  return flatten(assignedPartitions.map(({ topic, partitions }) => ({ topicName: topic, partitions })));
}

function flatten(
  topics: readonly { readonly topicName: string; readonly partitions: readonly number[] }[],
): TopicPartition[] {
  return topics.flatMap(({ topicName, partitions }) =>
    partitions.map((partition) => ({ topic: topicName, partition })),
  );
}

export function offsetFetch(
  network: Network,
  groupId: string,
  partitions?: readonly TopicPartition[],
): Promise<readonly CommittedOffset[]> {
  const topics =
    partitions === undefined
      ? null
      : byTopic(partitions).map(({ topic, items }) => {
          return { name: topic, partitionIndexes: items.map((item) => item.partition) };
        });
  return atCoordinator(network, groupId, async (broker) => {
    const answer = await network.send(broker.id, {
      request: OffsetFetchRequest,
      response: OffsetFetchResponse,
      body: { groupId, topics, groups: [{ groupId, topics }] },
      versionMax: namedTopicsVersion,
    });
    const group = answer.groups[0] ?? answer;
    refuse(group.errorCode);
    return group.topics.flatMap((topic) =>
      topic.partitions.map((entry) => ({
        topic: topic.name,
        partition: entry.partitionIndex,
        error: toApiError(entry.errorCode),
        offset: entry.committedOffset < 0n ? null : fromInt64(entry.committedOffset),
        leaderEpoch: entry.committedLeaderEpoch < 0 ? null : entry.committedLeaderEpoch,
        metadata: entry.metadata,
      })),
    );
  });
}

export function offsetCommit(
  network: Network,
  groupId: string,
  offsets: readonly OffsetToCommit[],
): Promise<readonly PartitionOutcome[]> {
  return atCoordinator(network, groupId, async (broker) => {
    const answer = await network.send(broker.id, {
      request: OffsetCommitRequest,
      response: OffsetCommitResponse,
      body: { groupId, topics: byTopic(offsets).map(committedTopic) },
      versionMax: namedTopicsVersion,
    });
    const outcomes = partitionOutcomes(answer.topics);
    for (const { error } of outcomes) if (error?.retriable) refuse(error.code);
    return outcomes;
  });
}

export function committedTopic({ topic, items }: { topic: string; items: readonly OffsetToCommit[] }) {
  return {
    name: topic,
    partitions: items.map(({ partition, offset, leaderEpoch, metadata }) => ({
      partitionIndex: partition,
      committedOffset: toInt64(offset),
      committedLeaderEpoch: leaderEpoch ?? -1,
      committedMetadata: metadata ?? '',
    })),
  };
}

export async function deleteGroups(
  network: Network,
  groupIds: readonly string[],
): Promise<readonly Outcome[]> {
  return Promise.all(
    groupIds.map((groupId) =>
      atCoordinator(network, groupId, async (broker) => {
        const answer = await network.send(broker.id, {
          request: DeleteGroupsRequest,
          response: DeleteGroupsResponse,
          body: { groupsNames: [groupId] },
        });
        const errorCode = answer.results[0]?.errorCode ?? 0;
        refuseRetriable(errorCode);
        return { name: groupId, error: toApiError(errorCode) };
      }),
    ),
  );
}

/** Takes everybody out of a classic group, static members (KIP-345) too; those that run join again. */
export async function removeMembers(
  network: Network,
  groupId: string,
  members: readonly { readonly memberId: string; readonly instanceId: string | null }[],
): Promise<void> {
  await atCoordinator(network, groupId, async (broker) => {
    const { errorCode } = await network.send(broker.id, {
      request: LeaveGroupRequest,
      response: LeaveGroupResponse,
      body: {
        groupId,
        memberId: '',
        members: members.map(({ memberId, instanceId }) => {
          // A static member is known by its place, whatever id it has by now.
          return {
            memberId: instanceId === null ? memberId : '',
            groupInstanceId: instanceId,
            reason: 'removed',
          };
        }),
      },
    });
    refuse(errorCode);
  });
}

export function offsetDelete(
  network: Network,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<readonly PartitionOutcome[]> {
  return atCoordinator(network, groupId, async (broker) => {
    const answer = await network.send(broker.id, {
      request: OffsetDeleteRequest,
      response: OffsetDeleteResponse,
      body: {
        groupId,
        topics: byTopic(partitions).map(({ topic, items }) => {
          return { name: topic, partitions: items.map((item) => ({ partitionIndex: item.partition })) };
        }),
      },
    });
    refuse(answer.errorCode);
    return partitionOutcomes(answer.topics);
  });
}

function partitionOutcomes(
  topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
  }[],
): PartitionOutcome[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.map((entry) => ({
      topic: name,
      partition: entry.partitionIndex,
      error: toApiError(entry.errorCode),
    })),
  );
}

/** Asks the coordinator, and looks for it anew when it has moved. */
function atCoordinator<T>(
  network: Network,
  groupId: string,
  action: (broker: BrokerInfo) => Promise<T>,
): Promise<T> {
  return withRetries(network.limits, async () => {
    try {
      return await action(await network.findCoordinator({ coordinator: groupId }));
    } catch (error) {
      network.forgetCoordinator(groupId);
      throw error;
    }
  });
}

function refuseRetriable(errorCode: number, errorMessage?: string | null): void {
  if (toApiError(errorCode)?.retriable) refuse(errorCode, errorMessage);
}
