/** The groups that one broker coordinates, with members, assignments and committed offsets, in three requests. */
import { OffsetFetchRequest, OffsetFetchResponse } from '../../messages/09-offset-fetch.ts';
import { DescribeGroupsRequest, DescribeGroupsResponse } from '../../messages/15-describe-groups.ts';
import { ListGroupsRequest, ListGroupsResponse } from '../../messages/16-list-groups.ts';
import {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from '../../messages/69-consumer-group-describe.ts';
import { ConsumerProtocolAssignment } from '../../messages/consumer-protocol/consumer-protocol-assignment.ts';
import { decodeVersioned } from '../../messages/versioned.ts';
import type { Client } from '../client.ts';
import { fromInt64 } from '../int64.ts';
import type { TopicPartition } from '../types.ts';

export interface GroupAtBroker {
  readonly groupId: string;
  readonly protocol: 'classic' | 'consumer';
  readonly state: string;
  readonly members: readonly MemberAtBroker[];
  readonly committed: readonly (TopicPartition & { readonly offset: number })[];
}

export interface MemberAtBroker {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly TopicPartition[];
}

interface Asked {
  readonly broker: number;
  readonly timeoutMs: number;
}
type Described = Omit<GroupAtBroker, 'committed'>;

/** The last version that names topics by name. */
const namedTopicsVersion = 9;

export async function groupsAt(
  client: Client,
  broker: number,
  { max, timeoutMs }: { max: number; timeoutMs: number },
): Promise<{ groups: GroupAtBroker[]; left: number }> {
  const listed = await client.network.send(broker, {
    request: ListGroupsRequest,
    response: ListGroupsResponse,
    body: { statesFilter: [], typesFilter: [] },
    timeoutMs,
  });
  const all = listed.groups
    .filter(({ groupType }) => groupType === '' || /^(classic|consumer)$/i.test(groupType))
    .sort((one, other) => one.groupId.localeCompare(other.groupId));
  const chosen = all.slice(0, max);
  if (chosen.length === 0) return { groups: [], left: 0 };
  const idsOf = (modern: boolean) =>
    chosen
      .filter(({ groupType }) => (groupType.toLowerCase() === 'consumer') === modern)
      .map(({ groupId }) => groupId);
  const asked = { broker, timeoutMs };
  const [modern, classic, committed] = await Promise.all([
    describeModern(client, idsOf(true), asked),
    describeClassic(client, idsOf(false), asked),
    fetchCommitted(
      client,
      chosen.map(({ groupId }) => groupId),
      asked,
    ),
  ]);
  const groups = [...modern, ...classic].map((group) => ({
    ...group,
    committed: committed.get(group.groupId) ?? [],
  }));
  return { groups, left: all.length - chosen.length };
}

async function describeModern(
  client: Client,
  groupIds: readonly string[],
  { broker, timeoutMs }: Asked,
): Promise<Described[]> {
  if (groupIds.length === 0) return [];
  const answer = await client.network.send(broker, {
    request: ConsumerGroupDescribeRequest,
    response: ConsumerGroupDescribeResponse,
    body: { groupIds },
    timeoutMs,
  });
  return answer.groups
    .filter(({ errorCode }) => errorCode === 0)
    .map((group) => ({
      groupId: group.groupId,
      protocol: 'consumer',
      state: group.groupState,
      members: group.members.map((member) => ({
        memberId: member.memberId,
        instanceId: member.instanceId,
        clientId: member.clientId,
        host: member.clientHost,
        assignment: member.assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
          partitions.map((partition) => ({ topic: topicName, partition })),
        ),
      })),
    }));
}

async function describeClassic(
  client: Client,
  groupIds: readonly string[],
  { broker, timeoutMs }: Asked,
): Promise<Described[]> {
  if (groupIds.length === 0) return [];
  const answer = await client.network.send(broker, {
    request: DescribeGroupsRequest,
    response: DescribeGroupsResponse,
    body: { groups: groupIds },
    timeoutMs,
  });
  return answer.groups
    .filter(({ errorCode, groupState }) => errorCode === 0 && groupState !== 'Dead')
    .map((group) => ({
      groupId: group.groupId,
      protocol: 'classic',
      state: group.groupState,
      members: group.members.map((member) => ({
        memberId: member.memberId,
        instanceId: member.groupInstanceId,
        clientId: member.clientId,
        host: member.clientHost,
        assignment: assignedIn(group.protocolType, member.memberAssignment),
      })),
    }));
}

/** Whoever joined wrote these bytes: they may be anything. */
function assignedIn(protocolType: string, bytes: Buffer): TopicPartition[] {
  if (protocolType !== 'consumer' || bytes.length === 0) return [];
  try {
    const { assignedPartitions } = decodeVersioned(ConsumerProtocolAssignment, bytes);
    return assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    );
  } catch {
    return [];
  }
}

async function fetchCommitted(
  client: Client,
  groupIds: readonly string[],
  { broker, timeoutMs }: Asked,
): Promise<Map<string, GroupAtBroker['committed']>> {
  const answer = await client.network.send(broker, {
    request: OffsetFetchRequest,
    response: OffsetFetchResponse,
    body: { groups: groupIds.map((groupId) => ({ groupId, topics: null })) },
    versionMax: namedTopicsVersion,
    timeoutMs,
  });
  return new Map(
    answer.groups.map(({ groupId, topics }) => [
      groupId,
      topics.flatMap(({ name, partitions }) =>
        partitions
          .filter(({ committedOffset }) => committedOffset >= 0n)
          .map((entry) => ({
            topic: name,
            partition: entry.partitionIndex,
            offset: fromInt64(entry.committedOffset),
          })),
      ),
    ]),
  );
}
