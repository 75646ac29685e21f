/**
 * AlterPartitionReassignments v0–1 (KIP-455, KIP-860).
 */
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../messages/45-alter-partition-reassignments.ts';
import { assignmentFailure } from './assignment.ts';
import {
  type ApiFailure,
  type DecideContext,
  type Decision,
  fail,
  failWithoutWords,
  isFailure,
  NO_ERROR,
  uncleanElectionEnabled,
} from './context.ts';
import type { PartitionRegistration, TopicImage } from './image.ts';
import { changeRecords } from './leadership.ts';
import type { MetadataRecord } from './records.ts';

export function decideAlterPartitionReassignments(
  context: DecideContext,
  request: AlterPartitionReassignmentsRequest,
): Decision<typeof AlterPartitionReassignmentsResponse.input> {
  const { allowReplicationFactorChange } = request;
  const records: MetadataRecord[] = [];
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => {
      const ask = { name, partitionIndex, replicas, allowReplicationFactorChange };
      const outcome = reassign(context, ask);
      if (!isFailure(outcome)) records.push(...outcome);
      return { partitionIndex, ...(isFailure(outcome) ? outcome : NO_ERROR) };
    }),
  }));
  return { records, response: { allowReplicationFactorChange, ...NO_ERROR, responses } };
}

function reassign(
  context: DecideContext,
  ask: {
    name: string;
    partitionIndex: number;
    replicas: readonly number[] | null;
    allowReplicationFactorChange: boolean;
  },
): MetadataRecord[] | ApiFailure {
  const { name, partitionIndex, replicas } = ask;
  const topic = context.image.topics.get(name);
  if (topic === undefined) {
    return fail('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find a topic named ${name}.`);
  }
  const partition = topic.partitions[partitionIndex];
  if (partition === undefined) {
    return fail('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find partition ${name}:${partitionIndex}.`);
  }
  const place = { topic, partition, partitionId: partitionIndex };
  if (replicas === null) return cancel(context, place);
  const refusal =
    assignmentFailure(context, replicas, null) ??
    (ask.allowReplicationFactorChange ? null : factorFailure(partition, replicas));
  if (refusal !== null) return refusal;
  const removing = partition.replicas.filter((id) => !replicas.includes(id)).sort((a, b) => a - b);
  const adding = replicas.filter((id) => !partition.replicas.includes(id)).sort((a, b) => a - b);
  return changeRecords(context, topic, {
    partitionId: partitionIndex,
    partition,
    replicas: [...replicas, ...removing],
    removing,
    adding,
  });
}

function factorFailure(partition: PartitionRegistration, replicas: readonly number[]): ApiFailure | null {
  const current = partition.replicas.filter((id) => !partition.removingReplicas.includes(id)).length;
  if (current === replicas.length) return null;
  return fail(
    'INVALID_REPLICATION_FACTOR',
    `The replication factor is changed from ${current} to ${replicas.length}`,
  );
}

function isReassigning(partition: PartitionRegistration): boolean {
  return partition.addingReplicas.length > 0 || partition.removingReplicas.length > 0;
}

/** Back to the replicas from before: without those being added. */
function cancel(
  context: DecideContext,
  place: { topic: TopicImage; partition: PartitionRegistration; partitionId: number },
): MetadataRecord[] | ApiFailure {
  const { topic, partition, partitionId } = place;
  if (!isReassigning(partition)) return failWithoutWords('NO_REASSIGNMENT_IN_PROGRESS');
  const unclean = uncleanElectionEnabled(context, topic.name);
  const isOriginal = (id: number): boolean => !partition.addingReplicas.includes(id);
  const replicas = partition.replicas.filter(isOriginal);
  let isr = partition.isr.filter(isOriginal);
  if (isr.length === 0) {
    if (!unclean) {
      return fail(
        'INVALID_REPLICA_ASSIGNMENT',
        `Unable to revert partition assignment for ${topic.name}:${partitionId} because it would require an ` +
          'unclean leader election.',
      );
    }
    isr = replicas.slice(0, 1);
  }
  const election = unclean ? 'unclean' : 'online';
  const change = { partitionId, partition, election, isr, replicas, removing: [], adding: [] } as const;
  return changeRecords(context, topic, change);
}
