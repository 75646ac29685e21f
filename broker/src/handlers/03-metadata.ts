/**
 * Metadata, versions 0 to 13. Topics are created on demand (auto.create.topics.enable) as KRaft does it: the first
 * answer is UNKNOWN_TOPIC_OR_PARTITION while the controller is asked, and clients ask again.
 *
 * Left out: rebootstrap (KIP-1102 needs nothing from a broker).
 */
import type { TopicImage } from '../controller/image.ts';
import type { MetadataRequest, MetadataResponse } from '../messages/03-metadata.ts';
import { ErrorCode } from '../messages/errors.ts';
import { type Input, ZERO_UUID } from '../wire/main.ts';
import {
  aliveEndpoints,
  anyAliveBroker,
  clusterOperations,
  isInternal,
  type PartitionView,
  topicOperations,
  viewPartition,
} from './brokers.ts';
import type { RequestContext } from './context.ts';
import { isTopicName } from './topic-names.ts';

type Response = Input<typeof MetadataResponse>;
type TopicEntry = NonNullable<Response['topics']>[number];

export function metadata(request: MetadataRequest, context: RequestContext): Response {
  const { node } = context;
  const { image } = node.metadata;
  const wanted: { name: string; id: string }[] = [];
  const selected = selectTopics(request, context, wanted);
  const topics = request.includeTopicAuthorizedOperations ? selected.map(withOperations) : selected;
  if (wanted.length > 0) node.metadata.autoCreate(wanted.map(({ name }) => name));
  return {
    brokers: aliveEndpoints(image, context.listenerName).map(({ id, host, port, rack }) => ({
      nodeId: id,
      host,
      port,
      rack,
    })),
    clusterId: node.clusterId,
    controllerId: anyAliveBroker(image, node.random()),
    topics,
    ...(request.includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: clusterOperations } : {}),
  };
}

function withOperations(topic: TopicEntry): TopicEntry {
  return topic.errorCode === undefined ? { ...topic, topicAuthorizedOperations: topicOperations } : topic;
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
    if (name === null || topicId !== ZERO_UUID) return byId(topicId, context);
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

/** Version 0 names only replicas that live, and says so. */
function withoutDead(view: PartitionView): PartitionView {
  if (view.offline.length === 0 || view.errorCode !== ErrorCode.NONE) return view;
  const lives = (id: number) => !view.offline.includes(id);
  return {
    ...view,
    errorCode: ErrorCode.REPLICA_NOT_AVAILABLE,
    replicas: view.replicas.filter(lives),
    isr: view.isr.filter(lives),
  };
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
      const view = viewPartition(image, partition);
      const { errorCode, leaderId, leaderEpoch, replicas, isr, offline } =
        context.apiVersion === 0 ? withoutDead(view) : view;
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
