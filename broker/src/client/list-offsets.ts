/** ListOffsets: each partition's leader is asked, all leaders at once. */
import { setTimeout as delay } from 'node:timers/promises';
import { ListOffsetsRequest, ListOffsetsResponse } from '../messages/02-list-offsets.ts';
import { ClientError, toApiError } from './client-error.ts';
import { byTopic, groupBy } from './grouping.ts';
import { fromInt64, toInt64 } from './int64.ts';
import type { Network } from './network.ts';
import { withRetries } from './retry.ts';
import type { IsolationLevel, OffsetAnswer, OffsetQuery, OffsetSpec, TopicPartition } from './types.ts';

const unknownTopicOrPartition = 3;
const leaderNotAvailable = 5;
const notLeaderOrFollower = 6;

const specTimestamps: Readonly<Record<Exclude<OffsetSpec, number>, number>> = {
  latest: -1,
  earliest: -2,
  'max-timestamp': -3,
  'earliest-local': -4,
  'latest-tiered': -5,
  'earliest-pending-upload': -6,
};

export async function listOffsets(
  network: Network,
  queries: readonly OffsetQuery[],
  options: { readonly isolation?: IsolationLevel } = {},
): Promise<readonly OffsetAnswer[]> {
  const answers = new Map<string, OffsetAnswer>();
  const { apiTimeoutMs, retryBackoffMs, retryBackoffMaxMs } = network.limits;
  const deadline = Date.now() + apiTimeoutMs;
  let backoffMs = retryBackoffMs;
  let open = queries;
  while (open.length > 0) {
    const round = await askLeaders(network, open, options.isolation ?? 'read_uncommitted');
    for (const answer of round) answers.set(keyOf(answer), answer);
    // A leader that moved, or does not answer, is looked up again; a partition without one is not waited for.
    open = open.filter((query) => answers.get(keyOf(query))?.error?.code === notLeaderOrFollower);
    if (open.length === 0 || Date.now() + backoffMs > deadline) break;
    await delay(backoffMs);
    backoffMs = Math.min(backoffMs * 2, retryBackoffMaxMs);
  }
  return queries.map((query) => answers.get(keyOf(query)) ?? failure(query, unknownTopicOrPartition));
}

async function askLeaders(
  network: Network,
  queries: readonly OffsetQuery[],
  isolation: IsolationLevel,
): Promise<OffsetAnswer[]> {
  if (queries.length === 0) return [];
  const leaders = await findLeaders(network, queries);
  const lost = queries.filter((query) => typeof leaders.get(keyOf(query)) !== 'number');
  const answers = lost.map((query) => {
    const known = leaders.get(keyOf(query));
    return failure(query, known === null ? leaderNotAvailable : unknownTopicOrPartition);
  });
  const asked = queries.filter((query) => typeof leaders.get(keyOf(query)) === 'number');
  const groups = [...groupBy(asked, (query) => leaders.get(keyOf(query))!)];
  const found = await Promise.all(
    groups.map(([leader, group]) => askLeader(network, leader, group, isolation)),
  );
  return [...answers, ...found.flat()];
}

/** A partition's leader; `null`: none now; no entry: no such partition. */
async function findLeaders(
  network: Network,
  partitions: readonly TopicPartition[],
): Promise<Map<string, number | null>> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const answer = await withRetries(network.limits, () => network.metadata(topics));
  return new Map(
    answer.topics.flatMap((topic) =>
      topic.partitions.map((entry) => [
        keyOf({ topic: topic.name ?? '', partition: entry.partitionIndex }),
        entry.leaderId < 0 ? null : entry.leaderId,
      ]),
    ),
  );
}

async function askLeader(
  network: Network,
  leader: number,
  ...[queries, isolation]: [readonly OffsetQuery[], IsolationLevel]
): Promise<OffsetAnswer[]> {
  const answer = await unlessUnreachable(
    network.send(leader, {
      request: ListOffsetsRequest,
      response: ListOffsetsResponse,
      body: {
        replicaId: -1,
        isolationLevel: isolation === 'read_committed' ? 1 : 0,
        topics: byTopic(queries).map(({ topic, items }) => ({
          name: topic,
          partitions: items.map(({ partition, at }) => {
            const timestamp = typeof at === 'number' ? at : specTimestamps[at];
            return { partitionIndex: partition, timestamp: toInt64(timestamp) };
          }),
        })),
        timeoutMs: network.limits.requestTimeoutMs,
      },
    }),
  );
  if (answer === null) return queries.map((query) => failure(query, notLeaderOrFollower));
  return answer.topics.flatMap((topic) =>
    topic.partitions.map((entry) => ({
      topic: topic.name,
      partition: entry.partitionIndex,
      error: toApiError(entry.errorCode),
      offset: fromInt64(entry.offset),
      timestamp: fromInt64(entry.timestamp),
      leaderEpoch: entry.leaderEpoch,
    })),
  );
}

async function unlessUnreachable<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ClientError && error.canRetry) return null;
    throw error;
  }
}

function failure({ topic, partition }: TopicPartition, code: number): OffsetAnswer {
  return { topic, partition, error: toApiError(code), offset: -1, timestamp: -1, leaderEpoch: -1 };
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
