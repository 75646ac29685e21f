/**
 * New partitions on brokers: assigned by hand, or placed. In sync are those replicas whose brokers are active.
 */
import {
  type ApiFailure,
  type DecideContext,
  defaultDirectory,
  fail,
  isActive,
  isFailure,
} from './context.ts';
import type { PartitionRegistration } from './image.ts';
import { newPartition } from './partition.ts';
import { placeReplicas } from './placement.ts';

/** More in one request is refused before any memory is spent on it. */
export const PARTITIONS_PER_REQUEST_MAX = 10_000;

export function assignedPartition(
  context: DecideContext,
  assignment: { partitionIndex: number; brokerIds: readonly number[]; replicationFactor: number | null },
): PartitionRegistration | ApiFailure {
  const { partitionIndex, brokerIds, replicationFactor } = assignment;
  const refusal = assignmentFailure(context, brokerIds, replicationFactor);
  if (refusal !== null) return refusal;
  const partition = activePartition(context, brokerIds);
  if (partition !== null) return partition;
  return fail(
    'INVALID_REPLICA_ASSIGNMENT',
    `All brokers specified in the manual partition assignment for partition ${partitionIndex} are fenced or ` +
      'in controlled shutdown.',
  );
}

/** Why this list of brokers cannot hold a partition; null when it can. `replicationFactor`: what it must have. */
export function assignmentFailure(
  context: DecideContext,
  brokerIds: readonly number[],
  replicationFactor: number | null,
): ApiFailure | null {
  const reason = assignmentProblem(context, brokerIds, replicationFactor);
  return reason === null ? null : fail('INVALID_REPLICA_ASSIGNMENT', `The manual partition ${reason}`);
}

function assignmentProblem(
  context: DecideContext,
  brokerIds: readonly number[],
  replicationFactor: number | null,
): string | null {
  if (brokerIds.length === 0) return 'assignment includes an empty replica list.';
  const sorted = [...brokerIds].sort((a, b) => a - b);
  for (const [index, id] of sorted.entries()) {
    const broker = context.image.brokers.get(id);
    if (broker === undefined) return `assignment includes broker ${id}, but no such broker is registered.`;
    const { logDirs, cordonedLogDirs } = broker;
    if (logDirs.length > 0 && logDirs.every((dir) => cordonedLogDirs.includes(dir))) {
      return `assignment includes broker ${id}, but all its log directories are cordoned.`;
    }
    if (id === sorted[index - 1]) return `assignment includes the broker ${id} more than once.`;
  }
  if (replicationFactor === null || replicationFactor === sorted.length) return null;
  return (
    `assignment includes a partition with ${sorted.length} replica(s), but this is not consistent with previous ` +
    `partitions, which have ${replicationFactor} replica(s).`
  );
}

/** The partition on these brokers, those in sync that are active; null when none is. */
function activePartition(context: DecideContext, replicas: readonly number[]): PartitionRegistration | null {
  const { image } = context;
  const isr = replicas.filter((id) => isActive(image.brokers.get(id)));
  if (isr.length === 0) return null;
  return newPartition(
    replicas,
    isr,
    replicas.map((id) => defaultDirectory(image, id)),
  );
}

export function placePartitions(
  context: DecideContext,
  partitionCount: number,
  replicationFactor: number,
): PartitionRegistration[] | ApiFailure {
  const brokers = context.image.brokers.values();
  const placed = placeReplicas({ brokers, partitionCount, replicationFactor, random: context.ports.random });
  if (isFailure(placed)) return placed;
  const partitions: PartitionRegistration[] = [];
  for (const replicas of placed) {
    const partition = activePartition(context, replicas);
    if (partition === null) {
      const message = 'All brokers are currently fenced or in controlled shutdown.';
      return fail('INVALID_REPLICATION_FACTOR', message);
    }
    partitions.push(partition);
  }
  return partitions;
}
