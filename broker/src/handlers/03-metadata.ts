/**
 * Metadata, versions 0 to 13. Topics are created on demand (auto.create.topics.enable) as KRaft does it: the first
 * answer is UNKNOWN_TOPIC_OR_PARTITION while the controller is asked, and clients ask again.
 *
 * Left out: authorized operations (no authorizer), rebootstrap (KIP-1102 needs nothing from a broker).
 */
import type { TopicImage } from '../controller/image.ts';
import type { MetadataRequest, MetadataResponse } from '../messages/03-metadata.ts';
import { ErrorCode } from '../messages/errors.ts';
import { type Input, ZERO_UUID } from '../wire/main.ts';
import { aliveEndpoints, anyAliveBroker, isInternal, viewPartition } from './brokers.ts';
import type { RequestContext } from './context.ts';
import { isTopicName } from './topic-names.ts';

type Response = Input<typeof MetadataResponse>;
type TopicEntry = NonNullable<Response['topics']>[number];

export function metadata(request: MetadataRequest, context: RequestContext): Response {
  const { node } = context;
  const { image } = node.metadata;
  const wanted: { name: string; id: string }[] = [];
  const topics = selectTopics(request, context, wanted);
  if (wanted.length > 0) node.metadata.autoCreate(wanted.map(({ name }) => name));
  return {
    brokers: aliveEndpoints(image).map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack })),
    clusterId: node.clusterId,
    controllerId: anyAliveBroker(image, node.random()),
    topics,
  };
}

function selectTopics(
  request: MetadataRequest,
  context: RequestContext,
  wanted: { name: string; id: string }[],
): TopicEntry[] {
  const { image } = context.node.metadata;
  const everything = request.topics === null || (context.apiVersion === 0 && request.topics.length === 0);
  if (everything) return [...image.topics.values()].map((topic) => describe(topic, context));
  const mayCreate =
    request.allowAutoTopicCreation && context.node.brokerConfig.boolean('auto.create.topics.enable');
  return (request.topics ?? []).map(({ name, topicId }) => {
    if (name === null || (name === '' && topicId !== ZERO_UUID)) return byId(topicId, context);
    const topic = image.topics.get(name);
    if (topic !== undefined) return describe(topic, context);
    if (!isTopicName(name)) return absent(name, ErrorCode.INVALID_TOPIC_EXCEPTION);
    if (mayCreate) wanted.push({ name, id: topicId });
    return absent(name, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  });
}

function byId(topicId: string, context: RequestContext): TopicEntry {
  const { image } = context.node.metadata;
  const name = image.topicNames.get(topicId);
  const topic = name === undefined ? undefined : image.topics.get(name);
  if (topic !== undefined) return describe(topic, context);
  return { errorCode: ErrorCode.UNKNOWN_TOPIC_ID, name: context.apiVersion >= 12 ? null : '', topicId };
}

function absent(name: string, errorCode: number): TopicEntry {
  return { errorCode, name, isInternal: isInternal(name) };
}

function describe(topic: TopicImage, context: RequestContext): TopicEntry {
  const { image } = context.node.metadata;
  return {
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternal(topic.name),
    partitions: topic.partitions.map((partition, partitionIndex) => {
      const { errorCode, leaderId, leaderEpoch, replicas, isr, offline } = viewPartition(image, partition);
      return {
        errorCode,
        partitionIndex,
        leaderId,
        leaderEpoch,
        replicaNodes: replicas,
        isrNodes: isr,
        offlineReplicas: offline,
      };
    }),
  };
}
