/** Calls that move things: reassignments, leader elections, deleted records; and how much the disks hold. */
import { DeleteRecordsRequest, DeleteRecordsResponse } from '../messages/21-delete-records.ts';
import { DescribeLogDirsRequest, DescribeLogDirsResponse } from '../messages/35-describe-log-dirs.ts';
import { ElectLeadersRequest, ElectLeadersResponse } from '../messages/43-elect-leaders.ts';
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../messages/45-alter-partition-reassignments.ts';
import { refuse, toApiError } from './client-error.ts';
import { byTopic, groupBy } from './grouping.ts';
import { fromInt64, toInt64 } from './int64.ts';
import type { Network } from './network.ts';
import { withRetries } from './retry.ts';
import type { LogSize, PartitionOutcome, Reassignment, TopicPartition } from './types.ts';

export function alterReassignments(
  network: Network,
  moves: readonly Reassignment[],
): Promise<readonly PartitionOutcome[]> {
  return withRetries(network.limits, async () => {
    const answer = await network.send('controller', {
      request: AlterPartitionReassignmentsRequest,
      response: AlterPartitionReassignmentsResponse,
      body: {
        timeoutMs: network.limits.requestTimeoutMs,
        topics: byTopic(moves).map(({ topic, items }) => ({
          name: topic,
          partitions: items.map(({ partition, replicas }) => ({
            partitionIndex: partition,
            replicas: replicas === null ? null : [...replicas],
          })),
        })),
      },
    });
    refuse(answer.errorCode, answer.errorMessage);
    return answer.responses.flatMap((topic) =>
      topic.partitions.map((entry) => ({
        topic: topic.name,
        partition: entry.partitionIndex,
        error: toApiError(entry.errorCode, entry.errorMessage),
      })),
    );
  });
}

/** Preferred leaders, where they are in sync; `error` tells of the others. */
export function electPreferredLeaders(
  network: Network,
  partitions: readonly TopicPartition[],
): Promise<readonly PartitionOutcome[]> {
  return withRetries(network.limits, async () => {
    const answer = await network.send('controller', {
      request: ElectLeadersRequest,
      response: ElectLeadersResponse,
      body: {
        electionType: 0,
        topicPartitions: byTopic(partitions).map(({ topic, items }) => ({
          topic,
          partitions: items.map(({ partition }) => partition),
        })),
        timeoutMs: network.limits.requestTimeoutMs,
      },
    });
    refuse(answer.errorCode);
    return answer.replicaElectionResults.flatMap((topic) =>
      topic.partitionResult.map((entry) => ({
        topic: topic.topic,
        partition: entry.partitionId,
        error: toApiError(entry.errorCode, entry.errorMessage),
      })),
    );
  });
}

/** Everything below `before` goes; asked of each partition's leader. */
export function deleteRecords(
  network: Network,
  limits: readonly (TopicPartition & { readonly before: number })[],
): Promise<readonly PartitionOutcome[]> {
  return withRetries(network.limits, async () => {
    const { topics } = await network.metadata([...new Set(limits.map(({ topic }) => topic))]);
    const leaderOf = ({ topic, partition }: TopicPartition): number => {
      const found = topics
        .find((entry) => entry.name === topic)
        ?.partitions.find((entry) => entry.partitionIndex === partition);
      refuse(found === undefined ? 3 : found.leaderId < 0 ? 5 : 0);
      return found?.leaderId ?? -1;
    };
    const answers = await Promise.all(
      [...groupBy(limits, leaderOf)].map(([leader, items]) => deleteAt(network, leader, items)),
    );
    return answers.flat();
  });
}

async function deleteAt(
  network: Network,
  leader: number,
  limits: readonly (TopicPartition & { readonly before: number })[],
): Promise<PartitionOutcome[]> {
  const answer = await network.send(leader, {
    request: DeleteRecordsRequest,
    response: DeleteRecordsResponse,
    body: {
      topics: byTopic(limits).map(({ topic, items }) => ({
        name: topic,
        partitions: items.map(({ partition, before }) => ({
          partitionIndex: partition,
          offset: toInt64(before),
        })),
      })),
      timeoutMs: network.limits.requestTimeoutMs,
    },
  });
  return answer.topics.flatMap((topic) =>
    topic.partitions.map((entry) => ({
      topic: topic.name,
      partition: entry.partitionIndex,
      error: toApiError(entry.errorCode),
    })),
  );
}

/** On every broker that answers; a broker that is down is left out. */
export async function describeLogSizes(network: Network, topics: readonly string[]): Promise<LogSize[]> {
  const answer = await withRetries(network.limits, () => network.metadata([...topics]));
  const asked = answer.topics.map((topic) => ({
    topic: topic.name ?? '',
    partitions: topic.partitions.map((entry) => entry.partitionIndex),
  }));
  const all = await Promise.all(
    [...network.brokers.keys()].map(async (broker): Promise<LogSize[]> => {
      const sizes = await network
        .send(broker, {
          request: DescribeLogDirsRequest,
          response: DescribeLogDirsResponse,
          body: { topics: asked },
        })
        .catch(() => null);
      if (sizes === null) return [];
      return sizes.results.flatMap(({ topics: found }) =>
        found.flatMap(({ name, partitions }) =>
          partitions
            .filter(({ isFutureKey }) => !isFutureKey)
            .map(({ partitionIndex, partitionSize }) => ({
              broker,
              topic: name,
              partition: partitionIndex,
              sizeBytes: fromInt64(partitionSize),
            })),
        ),
      );
    }),
  );
  return all.flat();
}
