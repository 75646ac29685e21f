/** CreatePartitions v0–3: more partitions for a topic, placed or assigned by hand. */
import type { CreatePartitionsRequest, CreatePartitionsResponse } from '../messages/37-create-partitions.ts';
import { assignedPartition, PARTITIONS_PER_REQUEST_MAX, placePartitions } from './assignment.ts';
import {
  type ApiFailure,
  type DecideContext,
  type Decision,
  duplicatesOf,
  fail,
  failWithoutWords,
  isFailure,
  NO_ERROR,
} from './context.ts';
import type { PartitionRegistration } from './image.ts';
import { toPartitionRecord } from './partition.ts';
import type { MetadataRecord } from './records.ts';

type ExtendedTopic = CreatePartitionsRequest['topics'][number];

export function decideCreatePartitions(
  context: DecideContext,
  request: CreatePartitionsRequest,
): Decision<typeof CreatePartitionsResponse.input> {
  const duplicates = duplicatesOf(request.topics.map((topic) => topic.name));
  const records: MetadataRecord[] = [];
  const results = [];
  for (const name of duplicates) results.push({ name, ...fail('INVALID_REQUEST', 'Duplicate topic name.') });
  for (const topic of request.topics) {
    if (duplicates.has(topic.name)) continue;
    const added = addPartitions(context, topic);
    if (!isFailure(added)) records.push(...added);
    results.push({ name: topic.name, ...(isFailure(added) ? added : NO_ERROR) });
  }
  return { records: request.validateOnly ? [] : records, response: { results } };
}

function addPartitions(context: DecideContext, request: ExtendedTopic): MetadataRecord[] | ApiFailure {
  const topic = context.image.topics.get(request.name);
  if (topic === undefined) return failWithoutWords('UNKNOWN_TOPIC_OR_PARTITION');
  const count = topic.partitions.length;
  if (request.count === count) return fail('INVALID_PARTITIONS', `Topic already has ${count} partition(s).`);
  if (request.count < count) {
    return fail(
      'INVALID_PARTITIONS',
      `The topic ${request.name} currently has ${count} partition(s); ${request.count} would not be an increase.`,
    );
  }
  const additional = request.count - count;
  if (additional > PARTITIONS_PER_REQUEST_MAX) {
    return fail('POLICY_VIOLATION', 'Excessively large number of partitions per request.');
  }
  const replicationFactor = topic.partitions[0]!.replicas.length;
  const partitions =
    request.assignments === null
      ? placeAdditional(context, additional, replicationFactor)
      : assignAdditional(context, request.assignments, { first: count, additional, replicationFactor });
  if (isFailure(partitions)) return partitions;
  return partitions.map((partition, index) => toPartitionRecord(topic.id, count + index, partition));
}

function placeAdditional(context: DecideContext, additional: number, replicationFactor: number) {
  const partitions = placePartitions(context, additional, replicationFactor);
  if (!isFailure(partitions) || !partitions.errorMessage?.endsWith('in controlled shutdown.'))
    return partitions;
  const prefix = `Unable to replicate the partition ${replicationFactor} time(s): `;
  return fail('INVALID_REPLICATION_FACTOR', prefix + partitions.errorMessage);
}

function assignAdditional(
  context: DecideContext,
  assignments: readonly { brokerIds: readonly number[] }[],
  wanted: { first: number; additional: number; replicationFactor: number },
): PartitionRegistration[] | ApiFailure {
  const { first, additional, replicationFactor } = wanted;
  if (assignments.length !== additional) {
    return fail(
      'INVALID_REPLICA_ASSIGNMENT',
      `Attempted to add ${additional} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
    );
  }
  const partitions: PartitionRegistration[] = [];
  for (const [index, { brokerIds }] of assignments.entries()) {
    const partitionIndex = first + index;
    const partition = assignedPartition(context, { partitionIndex, brokerIds, replicationFactor });
    if (isFailure(partition)) return partition;
    partitions.push(partition);
  }
  return partitions;
}
