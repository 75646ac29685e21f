/**
 * CreateTopics v2–7. Left out: policies and quotas on partition changes (none are set).
 */
import type { CreateTopicsRequest, CreateTopicsResponse } from '../messages/19-create-topics.ts';
import { topicConfigs } from '../messages/configs/config-table.ts';
import { assignedPartition, PARTITIONS_PER_REQUEST_MAX, placePartitions } from './assignment.ts';
import { alterResource } from './configs.ts';
import {
  type ApiFailure,
  type DecideContext,
  type Decision,
  duplicatesOf,
  fail,
  isFailure,
  NO_ERROR,
} from './context.ts';
import { brokerLayers, resolveTopicConfig } from './effective-config.ts';
import { type PartitionRegistration, ResourceType } from './image.ts';
import { toPartitionRecord } from './partition.ts';
import { type MetadataRecord, record } from './records.ts';
import { collidingTopic, topicNameError } from './topic-names.ts';

const METADATA_TOPIC = '__cluster_metadata';

type CreatableTopic = CreateTopicsRequest['topics'][number];
type CreateResult = NonNullable<(typeof CreateTopicsResponse.input)['topics']>[number];

interface NewTopic {
  readonly records: readonly MetadataRecord[];
  readonly result: CreateResult;
}

export function decideCreateTopics(
  context: DecideContext,
  request: CreateTopicsRequest,
): Decision<typeof CreateTopicsResponse.input> {
  const duplicates = duplicatesOf(request.topics.map((topic) => topic.name));
  const tooMany = partitionsAsked(context, request) > PARTITIONS_PER_REQUEST_MAX;
  const records: MetadataRecord[] = [];
  const topics: CreateResult[] = [];
  const created: string[] = [];
  for (const topic of request.topics) {
    if (duplicates.has(topic.name)) continue;
    const outcome = tooMany
      ? fail('POLICY_VIOLATION', 'Excessively large number of partitions per request.')
      : createTopic(context, topic, created);
    if (isFailure(outcome)) {
      topics.push({ name: topic.name, ...outcome });
      continue;
    }
    created.push(topic.name);
    records.push(...outcome.records);
    topics.push(outcome.result);
  }
  for (const name of duplicates) topics.push({ name, ...fail('INVALID_REQUEST', 'Duplicate topic name.') });
  return { records: request.validateOnly ? [] : records, response: { topics } };
}

function partitionsAsked(context: DecideContext, request: CreateTopicsRequest): number {
  const { defaultPartitions } = context.settings;
  return request.topics.reduce((sum, topic) => {
    if (topic.assignments.length > 0) return sum + topic.assignments.length;
    return sum + (topic.numPartitions === -1 ? defaultPartitions : Math.max(0, topic.numPartitions));
  }, 0);
}

function createTopic(
  context: DecideContext,
  topic: CreatableTopic,
  createdBefore: readonly string[],
): NewTopic | ApiFailure {
  const { name } = topic;
  const refusal = nameFailure(context, name, createdBefore);
  if (refusal !== null) return refusal;
  const configs = configRecords(context, topic);
  if (isFailure(configs)) return configs;
  const partitions =
    topic.assignments.length > 0 ? assignedPartitions(context, topic) : placedPartitions(context, topic);
  if (isFailure(partitions)) return partitions;
  const topicId = context.ports.newUuid();
  const records = [
    record('TopicRecord', { name, topicId }),
    ...configs,
    ...partitions.map((partition, index) => toPartitionRecord(topicId, index, partition)),
  ];
  const result: CreateResult = {
    name,
    topicId,
    ...NO_ERROR,
    topicConfigErrorCode: 0,
    numPartitions: partitions.length,
    replicationFactor: partitions[0]?.replicas.length ?? 0,
    configs: effectiveConfigs(context, topic),
  };
  return { records, result };
}

function nameFailure(
  context: DecideContext,
  name: string,
  createdBefore: readonly string[],
): ApiFailure | null {
  if (name === METADATA_TOPIC) {
    return fail('INVALID_REQUEST', `Creation of internal topic ${METADATA_TOPIC} is prohibited.`);
  }
  const { topics } = context.image;
  if (topics.has(name)) return fail('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`);
  const invalid = topicNameError(name);
  if (invalid !== null) return fail('INVALID_TOPIC_EXCEPTION', invalid);
  const colliding = collidingTopic(name, topics.keys()) ?? collidingTopic(name, createdBefore);
  if (colliding === null) return null;
  return fail('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${colliding}`);
}

function configRecords(context: DecideContext, topic: CreatableTopic): MetadataRecord[] | ApiFailure {
  const nulls = topic.configs.filter((config) => config.value === null).map((config) => config.name);
  if (nulls.length > 0) {
    return fail('INVALID_CONFIG', `Null value not supported for topic configs: ${nulls.join(',')}`);
  }
  const operations = topic.configs.map(({ name, value }) => ({ name, value, operation: 0 }));
  if (operations.length === 0) return [];
  const resource = { type: ResourceType.TOPIC, name: topic.name, isNew: true };
  return alterResource(context, resource, operations);
}

function effectiveConfigs(
  context: DecideContext,
  topic: CreatableTopic,
): NonNullable<CreateResult['configs']> {
  const own = new Map(topic.configs.map((config) => [config.name, config.value ?? '']));
  const { image, settings } = context;
  const layers = brokerLayers(image, settings.nodeId, settings.staticConfigs);
  return [...topicConfigs.values()]
    .filter((definition) => !definition.internal)
    .map((definition) => resolveTopicConfig(definition, own, layers))
    .map(({ definition: { name }, value, source }) => ({ name, value, configSource: source }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function assignedPartitions(
  context: DecideContext,
  topic: CreatableTopic,
): PartitionRegistration[] | ApiFailure {
  if (topic.replicationFactor !== -1) {
    return fail(
      'INVALID_REQUEST',
      'A manual partition assignment was specified, but replication factor was not set to -1.',
    );
  }
  if (topic.numPartitions !== -1) {
    return fail(
      'INVALID_REQUEST',
      'A manual partition assignment was specified, but numPartitions was not set to -1.',
    );
  }
  const partitions = new Map<number, PartitionRegistration>();
  let replicationFactor: number | null = null;
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (partitions.has(partitionIndex)) {
      const message = `Found multiple manual partition assignments for partition ${partitionIndex}`;
      return fail('INVALID_REPLICA_ASSIGNMENT', message);
    }
    const partition = assignedPartition(context, { partitionIndex, brokerIds, replicationFactor });
    if (isFailure(partition)) return partition;
    replicationFactor = brokerIds.length;
    partitions.set(partitionIndex, partition);
  }
  const inOrder = Array.from({ length: partitions.size }, (_, index) => partitions.get(index));
  if (inOrder.includes(undefined)) {
    return fail('INVALID_REPLICA_ASSIGNMENT', 'partitions should be a consecutive 0-based integer sequence');
  }
  return inOrder as PartitionRegistration[];
}

function placedPartitions(
  context: DecideContext,
  topic: CreatableTopic,
): PartitionRegistration[] | ApiFailure {
  const { settings } = context;
  if (topic.replicationFactor < -1 || topic.replicationFactor === 0) {
    const message = 'Replication factor must be larger than 0, or -1 to use the default value.';
    return fail('INVALID_REPLICATION_FACTOR', message);
  }
  if (topic.numPartitions < -1 || topic.numPartitions === 0) {
    return fail('INVALID_PARTITIONS', 'Number of partitions was set to an invalid non-positive value.');
  }
  const replicationFactor =
    topic.replicationFactor === -1 ? settings.defaultReplicationFactor : topic.replicationFactor;
  const partitionCount = topic.numPartitions === -1 ? settings.defaultPartitions : topic.numPartitions;
  const partitions = placePartitions(context, partitionCount, replicationFactor);
  if (!isFailure(partitions)) return partitions;
  const prefix = `Unable to replicate the partition ${replicationFactor} time(s): `;
  return fail('INVALID_REPLICATION_FACTOR', prefix + partitions.errorMessage);
}
