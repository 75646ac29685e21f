/** Proposed assignments: where the controller would place the replicas of new topics (docs/decisions/0011). */
import type { BrokerInfo } from '../../client/main.ts';
import { isFailure } from '../../controller/context.ts';
import { placeReplicas } from '../../controller/placement.ts';
import { ZERO_UUID } from '../../wire/schema.ts';
import { hashOfTopicPartition, inHashOrder } from '../java/hash-order.ts';
import { kafkaError } from '../java/java-error.ts';
import { operationError } from '../java/json.ts';
import type { Assignment } from './plan.ts';

export interface Placement {
  readonly brokers: readonly BrokerInfo[];
  readonly rackAware: boolean;
  /** Whole number from 0 to below `bound`. */
  random(bound: number): number;
}

const randomSteps = 2 ** 30;

export function propose(current: readonly Assignment[], placement: Placement): Assignment[] {
  const racked = placement.brokers.filter(({ rack }) => rack !== null).length;
  if (placement.rackAware && racked !== 0 && racked !== placement.brokers.length) {
    throw operationError(
      'Not all brokers have rack information. Add --disable-rack-aware in command line to make replica assignment without rack information.',
    );
  }
  // The first decides how many replicas all of its topic get, as in Java's map.
  const ordered = inHashOrder(current, hashOfTopicPartition);
  const topics = [...new Set(current.map(({ topic }) => topic))];
  return topics.flatMap((topic) => {
    const partitions = ordered.filter((entry) => entry.topic === topic);
    const lists = place(placement, partitions.length, partitions[0]!.replicas.length);
    return partitions
      .map(({ partition }, index) => ({ topic, partition, replicas: lists[index]! }))
      .sort((a, b) => a.partition - b.partition);
  });
}

function place({ brokers, rackAware, random }: Placement, partitionCount: number, replicationFactor: number) {
  const placed = placeReplicas({
    brokers: brokers.map(({ id, rack }) => ({
      id,
      rack: rackAware ? rack : null,
      epoch: 0,
      incarnationId: ZERO_UUID,
      listeners: [],
      features: [],
      fenced: false,
      inControlledShutdown: false,
      logDirs: [],
      cordonedLogDirs: [],
    })),
    partitionCount,
    replicationFactor,
    random: () => random(randomSteps) / randomSteps,
  });
  if (isFailure(placed)) throw kafkaError('InvalidReplicationFactorException', placed.errorMessage);
  return placed;
}
