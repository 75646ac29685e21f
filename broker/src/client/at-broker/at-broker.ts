/**
 * What one broker says when it alone is asked: one request each, no retries, a short limit. For those who look at a
 * cluster again and again and must neither wait for a broker that is stuck nor pay for looking up whom to ask.
 * Each rejects with a ClientError when the broker does not answer.
 */
import { ListOffsetsRequest, ListOffsetsResponse } from '../../messages/02-list-offsets.ts';
import { MetadataRequest, MetadataResponse } from '../../messages/03-metadata.ts';
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from '../../messages/46-list-partition-reassignments.ts';
import { DescribeQuorumRequest, DescribeQuorumResponse } from '../../messages/55-describe-quorum.ts';
import { DescribeClusterRequest, DescribeClusterResponse } from '../../messages/60-describe-cluster.ts';
import { DescribeProducersRequest, DescribeProducersResponse } from '../../messages/61-describe-producers.ts';
import type { Client } from '../client.ts';
import { refuse } from '../client-error.ts';
import { byTopic } from '../grouping.ts';
import { fromInt64 } from '../int64.ts';
import type { TopicPartition } from '../types.ts';
import { type GroupAtBroker, groupsAt } from './groups.ts';

export interface TopicAtBroker {
  readonly name: string;
  readonly internal: boolean;
  readonly partitions: readonly PartitionAtBroker[];
}

export interface PartitionAtBroker {
  readonly partition: number;
  /** -1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

export interface RegisteredBroker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  readonly fenced: boolean;
}

export interface MoveAtBroker extends TopicPartition {
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

export interface OffsetAtBroker extends TopicPartition {
  readonly offset: number;
}

export interface ProducerAtBroker extends TopicPartition {
  readonly producerId: string;
  readonly epoch: number;
  readonly lastSequence: number;
  /** The time in its last record, as the producer set it. */
  readonly lastTimestamp: number;
  readonly transactional: boolean;
}

export interface AtBroker {
  /** The brokers and topics it knows of. */
  topics(): Promise<{ readonly brokers: readonly number[]; readonly topics: readonly TopicAtBroker[] }>;
  registered(): Promise<readonly RegisteredBroker[]>;
  /** The quorum's leader; null: none is known now. */
  controller(): Promise<number | null>;
  moves(): Promise<readonly MoveAtBroker[]>;
  /** Of partitions it leads; others are left out of the answer. */
  offsets(
    partitions: readonly TopicPartition[],
    at: 'latest' | 'earliest',
  ): Promise<readonly OffsetAtBroker[]>;
  /** Idempotent ones only: others leave no trace. */
  producers(partitions: readonly TopicPartition[]): Promise<readonly ProducerAtBroker[]>;
  /** Those it coordinates; of more than `max` the rest is only counted. */
  groups(max: number): Promise<{ readonly groups: readonly GroupAtBroker[]; readonly left: number }>;
}

export function atBroker(client: Client, broker: number, timeoutMs: number): AtBroker {
  return {
    topics: () => topicsAt(client, broker, timeoutMs),
    registered: () => registeredAt(client, broker, timeoutMs),
    controller: () => controllerAt(client, broker, timeoutMs),
    moves: () => movesAt(client, broker, timeoutMs),
    offsets: (partitions, at) => offsetsAt(client, broker, { partitions, at, timeoutMs }),
    producers: (partitions) => producersAt(client, broker, { partitions, timeoutMs }),
    groups: (max) => groupsAt(client, broker, { max, timeoutMs }),
  };
}

const noError = 0;
const quorumTopic = { topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] };
const timestamps = { latest: -1n, earliest: -2n } as const;

async function topicsAt(client: Client, broker: number, timeoutMs: number) {
  const answer = await client.network.send(broker, {
    request: MetadataRequest,
    response: MetadataResponse,
    body: { topics: null, allowAutoTopicCreation: false },
    timeoutMs,
  });
  const topics = answer.topics
    .filter((topic) => topic.errorCode === noError)
    .map((topic) => ({
      name: topic.name ?? '',
      internal: topic.isInternal,
      partitions: topic.partitions.map((entry) => ({
        partition: entry.partitionIndex,
        leader: entry.leaderId,
        leaderEpoch: entry.leaderEpoch,
        replicas: entry.replicaNodes,
        isr: entry.isrNodes,
      })),
    }));
  return { brokers: answer.brokers.map(({ nodeId }) => nodeId), topics };
}

async function registeredAt(client: Client, broker: number, timeoutMs: number): Promise<RegisteredBroker[]> {
  const answer = await client.network.send(broker, {
    request: DescribeClusterRequest,
    response: DescribeClusterResponse,
    body: { endpointType: 1, includeFencedBrokers: true },
    timeoutMs,
  });
  refuse(answer.errorCode, answer.errorMessage);
  return answer.brokers.map(({ brokerId, host, port, rack, isFenced }) => {
    return { id: brokerId, host, port, rack, fenced: isFenced };
  });
}

async function controllerAt(client: Client, broker: number, timeoutMs: number): Promise<number | null> {
  const answer = await client.network.send(broker, {
    request: DescribeQuorumRequest,
    response: DescribeQuorumResponse,
    body: { topics: [quorumTopic] },
    timeoutMs,
  });
  const leader = answer.topics[0]?.partitions[0]?.leaderId ?? -1;
  return answer.errorCode !== noError || leader < 0 ? null : leader;
}

async function movesAt(client: Client, broker: number, timeoutMs: number): Promise<MoveAtBroker[]> {
  const answer = await client.network.send(broker, {
    request: ListPartitionReassignmentsRequest,
    response: ListPartitionReassignmentsResponse,
    body: { timeoutMs, topics: null },
    timeoutMs,
  });
  refuse(answer.errorCode, answer.errorMessage);
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.map((entry) => ({
      topic: name,
      partition: entry.partitionIndex,
      adding: entry.addingReplicas,
      removing: entry.removingReplicas,
    })),
  );
}

async function offsetsAt(
  client: Client,
  broker: number,
  asked: { partitions: readonly TopicPartition[]; at: 'latest' | 'earliest'; timeoutMs: number },
): Promise<OffsetAtBroker[]> {
  const timestamp = timestamps[asked.at];
  const answer = await client.network.send(broker, {
    request: ListOffsetsRequest,
    response: ListOffsetsResponse,
    body: {
      replicaId: -1,
      isolationLevel: 0,
      topics: byTopic(asked.partitions).map(({ topic, items }) => ({
        name: topic,
        partitions: items.map(({ partition }) => ({ partitionIndex: partition, timestamp })),
      })),
    },
    timeoutMs: asked.timeoutMs,
  });
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions
      .filter(({ errorCode }) => errorCode === noError)
      .map((entry) => ({ topic: name, partition: entry.partitionIndex, offset: fromInt64(entry.offset) })),
  );
}

async function producersAt(
  client: Client,
  broker: number,
  asked: { partitions: readonly TopicPartition[]; timeoutMs: number },
): Promise<ProducerAtBroker[]> {
  const answer = await client.network.send(broker, {
    request: DescribeProducersRequest,
    response: DescribeProducersResponse,
    body: {
      topics: byTopic(asked.partitions).map(({ topic, items }) => {
        return { name: topic, partitionIndexes: items.map(({ partition }) => partition) };
      }),
    },
    timeoutMs: asked.timeoutMs,
  });
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.flatMap(({ partitionIndex, activeProducers }) =>
      activeProducers.map((producer) => ({
        topic: name,
        partition: partitionIndex,
        producerId: String(producer.producerId),
        epoch: producer.producerEpoch,
        lastSequence: producer.lastSequence,
        lastTimestamp: fromInt64(producer.lastTimestamp),
        transactional: producer.currentTxnStartOffset >= 0n,
      })),
    ),
  );
}
