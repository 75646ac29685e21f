/** Calls about the cluster as a whole: brokers, topics' placement, quorum, reassignments. */
import type { MetadataResponse } from '../messages/03-metadata.ts';
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from '../messages/46-list-partition-reassignments.ts';
import { DescribeQuorumRequest, DescribeQuorumResponse } from '../messages/55-describe-quorum.ts';
import { DescribeClusterRequest, DescribeClusterResponse } from '../messages/60-describe-cluster.ts';
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from '../messages/75-describe-topic-partitions.ts';
import { ClientError, refuse, toApiError } from './client-error.ts';
import { byTopic } from './grouping.ts';
import { fromInt64 } from './int64.ts';
import type { Network } from './network.ts';
import { withRetries } from './retry.ts';
import type {
  ClusterDescription,
  ClusterMetadata,
  OngoingReassignment,
  PartitionMetadata,
  QuorumDescription,
  QuorumReplica,
  TopicDescription,
  TopicMetadata,
  TopicPartition,
} from './types.ts';

const partitionsPerResponseDefault = 2000;
const metadataTopic = '__cluster_metadata';

export function metadata(
  network: Network,
  options: { readonly topics?: readonly string[]; readonly autoCreate?: boolean } = {},
): Promise<ClusterMetadata> {
  return withRetries(network.limits, async () => {
    const answer = await network.metadata(options.topics ?? null, {
      autoCreate: options.autoCreate === true,
    });
    return {
      clusterId: answer.clusterId,
      controller: presentId(answer.controllerId),
      brokers: [...network.brokers.values()],
      topics: answer.topics.map(topicMetadata),
    };
  });
}

export function describeCluster(
  network: Network,
  options: { readonly includeFenced?: boolean } = {},
): Promise<ClusterDescription> {
  return withRetries(network.limits, async () => {
    const answer = await network.send('any', {
      request: DescribeClusterRequest,
      response: DescribeClusterResponse,
      body: { endpointType: network.endpointType, includeFencedBrokers: options.includeFenced === true },
    });
    refuse(answer.errorCode, answer.errorMessage);
    return {
      clusterId: answer.clusterId,
      controller: presentId(answer.controllerId),
      brokers: answer.brokers.map(({ brokerId, host, port, rack, isFenced }) => {
        return { id: brokerId, host, port, rack, fenced: isFenced };
      }),
    };
  });
}

export function describeTopicPartitions(
  network: Network,
  topics: readonly string[],
  options: { readonly partitionsPerResponse?: number } = {},
): Promise<readonly TopicDescription[]> {
  // Asked for no topic by name, a broker would tell of all.
  if (topics.length === 0) return Promise.resolve([]);
  const limit = options.partitionsPerResponse ?? partitionsPerResponseDefault;
  return withRetries(network.limits, async () => {
    try {
      return await describePages(network, topics, limit);
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== 'unsupported-version') throw error;
      return describeByMetadata(network, topics);
    }
  });
}

async function describePages(
  network: Network,
  topics: readonly string[],
  limit: number,
): Promise<TopicDescription[]> {
  const found = new Map<string, TopicDescription>();
  let cursor: DescribeTopicPartitionsRequest['cursor'] = null;
  do {
    const from: string = cursor?.topicName ?? '';
    const names = [...topics].sort().filter((name) => name >= from);
    const answer: DescribeTopicPartitionsResponse = await network.send('any', {
      request: DescribeTopicPartitionsRequest,
      response: DescribeTopicPartitionsResponse,
      body: { topics: names.map((name) => ({ name })), responsePartitionLimit: limit, cursor },
    });
    for (const topic of answer.topics) {
      const described = topicDescription(topic);
      const earlier = found.get(described.name);
      const partitions = [...(earlier?.partitions ?? []), ...described.partitions];
      found.set(described.name, { ...described, partitions });
    }
    cursor = answer.nextCursor;
  } while (cursor !== null);
  return [...found.values()];
}

async function describeByMetadata(network: Network, topics: readonly string[]): Promise<TopicDescription[]> {
  const answer = await network.metadata(topics);
  return answer.topics.map((topic) => {
    const known = topicMetadata(topic);
    const partitions = known.partitions.map((partition) => ({
      ...partition,
      eligibleLeaderReplicas: null,
      lastKnownElr: null,
    }));
    return { ...known, partitions };
  });
}

export function describeQuorum(network: Network): Promise<QuorumDescription> {
  return withRetries(network.limits, async () => {
    const answer = await network.send('any', {
      request: DescribeQuorumRequest,
      response: DescribeQuorumResponse,
      body: { topics: [{ topicName: metadataTopic, partitions: [{ partitionIndex: 0 }] }] },
    });
    refuse(answer.errorCode, answer.errorMessage);
    const partition = answer.topics[0]?.partitions[0];
    if (partition === undefined) throw new ClientError('corrupt', 'the answer has no quorum');
    refuse(partition.errorCode, partition.errorMessage);
    return {
      leader: presentId(partition.leaderId),
      leaderEpoch: partition.leaderEpoch,
      highWatermark: fromInt64(partition.highWatermark),
      voters: partition.currentVoters.map(quorumReplica),
      observers: partition.observers.map(quorumReplica),
      endpoints: new Map(answer.nodes.map((node) => [node.nodeId, node.listeners])),
    };
  });
}

export function listReassignments(
  network: Network,
  partitions?: readonly TopicPartition[],
): Promise<readonly OngoingReassignment[]> {
  const topics =
    partitions === undefined
      ? null
      : byTopic(partitions).map(({ topic, items }) => {
          return { name: topic, partitionIndexes: items.map((item) => item.partition) };
        });
  return withRetries(network.limits, async () => {
    const answer = await network.send('any', {
      request: ListPartitionReassignmentsRequest,
      response: ListPartitionReassignmentsResponse,
      body: { topics, timeoutMs: network.limits.requestTimeoutMs },
    });
    refuse(answer.errorCode, answer.errorMessage);
    return answer.topics.flatMap((topic) =>
      topic.partitions.map((entry) => ({
        topic: topic.name,
        partition: entry.partitionIndex,
        replicas: entry.replicas,
        adding: entry.addingReplicas,
        removing: entry.removingReplicas,
      })),
    );
  });
}

type WireTopic = MetadataResponse['topics'][number];
type WirePartition = WireTopic['partitions'][number];
type WireDescription = DescribeTopicPartitionsResponse['topics'][number];

export function topicMetadata(topic: WireTopic): TopicMetadata {
  return {
    name: topic.name ?? '',
    topicId: topic.topicId,
    error: toApiError(topic.errorCode),
    internal: topic.isInternal,
    partitions: topic.partitions.map(partitionMetadata).sort((a, b) => a.partition - b.partition),
  };
}

function partitionMetadata(partition: Omit<WirePartition, never>): PartitionMetadata {
  return {
    partition: partition.partitionIndex,
    error: toApiError(partition.errorCode),
    leader: presentId(partition.leaderId),
    leaderEpoch: partition.leaderEpoch,
    replicas: partition.replicaNodes,
    isr: partition.isrNodes,
    offlineReplicas: partition.offlineReplicas,
  };
}

function topicDescription(topic: WireDescription): TopicDescription {
  return {
    name: topic.name ?? '',
    topicId: topic.topicId,
    error: toApiError(topic.errorCode),
    internal: topic.isInternal,
    partitions: topic.partitions
      .map((partition) => ({
        ...partitionMetadata(partition),
        eligibleLeaderReplicas: partition.eligibleLeaderReplicas,
        lastKnownElr: partition.lastKnownElr,
      }))
      .sort((a, b) => a.partition - b.partition),
  };
}

function quorumReplica(
  replica: DescribeQuorumResponse['topics'][number]['partitions'][number]['currentVoters'][number],
): QuorumReplica {
  return {
    id: replica.replicaId,
    directoryId: replica.replicaDirectoryId,
    logEndOffset: fromInt64(replica.logEndOffset),
    lastFetchTimestamp: presentTime(replica.lastFetchTimestamp),
    lastCaughtUpTimestamp: presentTime(replica.lastCaughtUpTimestamp),
  };
}

function presentId(id: number): number | null {
  return id < 0 ? null : id;
}

function presentTime(time: bigint): number | null {
  return time < 0n ? null : fromInt64(time);
}
