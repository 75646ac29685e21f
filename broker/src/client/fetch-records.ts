/** One Fetch for one partition, decoded: what grader and tools read records with. */
import { FetchRequest, FetchResponse } from '../messages/01-fetch.ts';
import { ClientError, refuse } from './client-error.ts';
import { decodeFetched } from './fetched-records.ts';
import { toInt64 } from './int64.ts';
import type { Network } from './network.ts';
import { withRetries } from './retry.ts';
import type { FetchedBatch, FetchQuery } from './types.ts';

const recordsMaxDefault = 1_000;
const bytesMaxDefault = 1024 * 1024;

export function fetchRecords(network: Network, query: FetchQuery): Promise<FetchedBatch> {
  const { topic, partition, from } = query;
  const isolation = query.isolation ?? 'read_uncommitted';
  return withRetries(network.limits, async () => {
    const place = await findPlace(network, topic, partition);
    const answer = await network.send(place.leader, {
      request: FetchRequest,
      response: FetchResponse,
      body: fetchBody(query, place),
      timeoutMs: network.limits.requestTimeoutMs + (query.waitMs ?? 0),
    });
    refuse(answer.errorCode);
    const fetched = answer.responses[0]?.partitions[0];
    if (fetched === undefined) throw new ClientError('corrupt', `the answer lacks ${topic}-${partition}`);
    refuse(fetched.errorCode);
    const max = query.max ?? recordsMaxDefault;
    return decodeFetched(fetched, { topic, partition, from, max, isolation });
  });
}

function fetchBody(query: FetchQuery, place: { readonly topicId: string; readonly leaderEpoch: number }) {
  const bytesMax = query.bytesMax ?? bytesMaxDefault;
  return {
    maxWaitMs: query.waitMs ?? 0,
    minBytes: 1,
    maxBytes: bytesMax,
    isolationLevel: query.isolation === 'read_committed' ? 1 : 0,
    topics: [
      {
        topic: query.topic,
        topicId: place.topicId,
        partitions: [
          {
            partition: query.partition,
            currentLeaderEpoch: place.leaderEpoch,
            fetchOffset: toInt64(query.from),
            partitionMaxBytes: bytesMax,
          },
        ],
      },
    ],
  };
}

async function findPlace(network: Network, topic: string, partition: number) {
  const answer = await network.metadata([topic]);
  const found = answer.topics.find((entry) => entry.name === topic);
  refuse(found?.errorCode ?? 3);
  const entry = found?.partitions.find((candidate) => candidate.partitionIndex === partition);
  if (found === undefined || entry === undefined) throw unknownPartition(topic, partition);
  refuse(entry.leaderId < 0 ? 5 : 0);
  return { leader: entry.leaderId, leaderEpoch: entry.leaderEpoch, topicId: found.topicId };
}

function unknownPartition(topic: string, partition: number): ClientError {
  return new ClientError('refused', `topic ${topic} has no partition ${partition}`, {
    api: {
      code: 3,
      name: 'UNKNOWN_TOPIC_OR_PARTITION',
      exception: 'UnknownTopicOrPartitionException',
      message: `topic ${topic} has no partition ${partition}`,
      retriable: false,
    },
  });
}
