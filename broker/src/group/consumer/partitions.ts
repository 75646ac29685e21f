/** Sets of partitions by topic id, as assignments hold them. Never changed in place. */

/** Topic id → partitions, ascending. A topic without partitions is absent. */
export type Partitions = ReadonlyMap<string, readonly number[]>;

/** Topic id → partition → the epoch at which the member got it. */
export type PartitionEpochs = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface TopicPartitionsValue {
  readonly topicId: string;
  readonly partitions: readonly number[];
}

export interface EpochPartitionsValue extends TopicPartitionsValue {
  readonly assignmentEpochs: readonly number[] | null;
}

export const NO_PARTITIONS: Partitions = new Map();
export const NO_EPOCHS: PartitionEpochs = new Map();

export function partitionsFrom(values: readonly TopicPartitionsValue[]): Partitions {
  const result = new Map<string, number[]>();
  for (const { topicId, partitions } of values) {
    if (partitions.length > 0) result.set(topicId, [...partitions].sort(ascending));
  }
  return result;
}

export function partitionsToValue(partitions: Partitions): { topicId: string; partitions: number[] }[] {
  return [...partitions].map(([topicId, of]) => ({ topicId, partitions: [...of] }));
}

/** Partitions written before they had epochs of their own have the member's. */
export function epochsFrom(values: readonly EpochPartitionsValue[], memberEpoch: number): PartitionEpochs {
  const result = new Map<string, Map<number, number>>();
  for (const { topicId, partitions, assignmentEpochs } of values) {
    if (partitions.length === 0) continue;
    result.set(
      topicId,
      new Map(partitions.map((partition, index) => [partition, assignmentEpochs?.[index] ?? memberEpoch])),
    );
  }
  return result;
}

export function epochsToValue(
  epochs: PartitionEpochs,
): { topicId: string; partitions: number[]; assignmentEpochs: number[] }[] {
  return [...epochs].map(([topicId, of]) => {
    const entries = [...of].sort(([a], [b]) => a - b);
    return {
      topicId,
      partitions: entries.map(([partition]) => partition),
      assignmentEpochs: entries.map(([, epoch]) => epoch),
    };
  });
}

export function partitionsOf(epochs: PartitionEpochs): Partitions {
  return new Map([...epochs].map(([topicId, of]) => [topicId, [...of.keys()].sort(ascending)]));
}

export function withEpoch(partitions: Partitions, epoch: number): PartitionEpochs {
  return new Map(
    [...partitions].map(([topicId, of]) => [topicId, new Map(of.map((partition) => [partition, epoch]))]),
  );
}

export function samePartitions(a: Partitions, b: Partitions): boolean {
  if (a.size !== b.size) return false;
  for (const [topicId, of] of a) {
    const other = b.get(topicId);
    if (other?.length !== of.length || of.some((partition, index) => other[index] !== partition))
      return false;
  }
  return true;
}

export function sameEpochs(a: PartitionEpochs, b: PartitionEpochs): boolean {
  if (a.size !== b.size) return false;
  for (const [topicId, of] of a) {
    const other = b.get(topicId);
    if (other?.size !== of.size) return false;
    for (const [partition, epoch] of of) if (other.get(partition) !== epoch) return false;
  }
  return true;
}

/** Whether every partition a client says it owns is one of these. */
export function holdsAll(held: PartitionEpochs, owned: readonly TopicPartitionsValue[]): boolean {
  return owned.every(({ topicId, partitions }) =>
    partitions.every((partition) => held.get(topicId)?.has(partition) === true),
  );
}

export function* eachPartition(epochs: PartitionEpochs): Generator<{ topicId: string; partition: number }> {
  for (const [topicId, of] of epochs) for (const partition of of.keys()) yield { topicId, partition };
}

function ascending(a: number, b: number): number {
  return a - b;
}
