/** DescribeTopicPartitions, version 0 (KIP-966): topics page by page, with eligible leader replicas. */
import type { TopicImage } from '../controller/image.ts';
import type {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from '../messages/75-describe-topic-partitions.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import { isInternal, topicOperations, viewPartition } from './brokers.ts';
import type { RequestContext } from './context.ts';
import { isTopicName } from './topic-names.ts';

type Response = Input<typeof DescribeTopicPartitionsResponse>;
type TopicEntry = NonNullable<Response['topics']>[number];

export function describeTopicPartitions(
  request: DescribeTopicPartitionsRequest,
  context: RequestContext,
): Response {
  const { node } = context;
  const { image } = node.metadata;
  const everything = request.topics.length === 0;
  const names = everything ? [...image.topics.keys()] : [...new Set(request.topics.map(({ name }) => name))];
  const { cursor } = request;
  if (isBadCursor(request, everything)) {
    const errorCode = ErrorCode.INVALID_REQUEST;
    return { topics: request.topics.map(({ name }) => ({ errorCode, name })) };
  }
  const pending = names.sort(byCodeUnits).filter((name) => cursor === null || name >= cursor.topicName);
  const limit = Math.min(
    node.brokerConfig.number('max.request.partition.size.limit'),
    Math.max(request.responsePartitionLimit, 1),
  );
  const topics: TopicEntry[] = [];
  let room = limit;
  for (const name of pending) {
    const topic = image.topics.get(name);
    if (room === 0) return { topics, nextCursor: { topicName: name, partitionIndex: 0 } };
    if (topic === undefined) {
      if (!everything) topics.push(absent(name));
      continue;
    }
    const first = cursor?.topicName === name ? cursor.partitionIndex : 0;
    const last = Math.min(topic.partitions.length, first + room);
    topics.push(describe(topic, { first, last }, context));
    room -= last - first;
    if (last < topic.partitions.length)
      return { topics, nextCursor: { topicName: name, partitionIndex: last } };
  }
  return { topics };
}

/** A cursor points at a partition of a topic that is asked for. */
function isBadCursor({ cursor, topics }: DescribeTopicPartitionsRequest, everything: boolean): boolean {
  if (cursor === null) return false;
  return cursor.partitionIndex < 0 || !(everything || topics.some(({ name }) => name === cursor.topicName));
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function absent(name: string): TopicEntry {
  const errorCode = isTopicName(name)
    ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    : ErrorCode.INVALID_TOPIC_EXCEPTION;
  const topicAuthorizedOperations = topicOperations;
  return { errorCode, name, isInternal: isInternal(name), topicAuthorizedOperations };
}

function describe(
  topic: TopicImage,
  range: { first: number; last: number },
  context: RequestContext,
): TopicEntry {
  const { image } = context.node.metadata;
  const topicAuthorizedOperations = topicOperations;
  const partitions = topic.partitions.slice(range.first, range.last).map((partition, index) => {
    const view = viewPartition(image, partition);
    return {
      partitionIndex: range.first + index,
      leaderId: view.leaderId,
      leaderEpoch: view.leaderEpoch,
      replicaNodes: view.replicas,
      isrNodes: view.isr,
      eligibleLeaderReplicas: view.elr,
      lastKnownElr: view.lastKnownElr,
      offlineReplicas: view.offline,
    };
  });
  return {
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternal(topic.name),
    partitions,
    topicAuthorizedOperations,
  };
}
