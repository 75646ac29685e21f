/**
 * Where a topic's replicas could go: spread over the chosen brokers as evenly as Kafka spreads a new topic, each partition
 * led by another broker in turn. Of the placements that are equally even, the one that moves the least data. Pure.
 */
export interface PlannedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly replicas: readonly number[];
  readonly sizeBytes: number;
}

export interface Move {
  readonly topic: string;
  readonly partition: number;
  readonly before: number[];
  readonly after: number[];
  /** To be copied to brokers that hold none of it yet. */
  readonly bytesToMove: number;
  readonly changed: boolean;
}

/** Throws RangeError when there are fewer brokers than replicas. */
export function planMoves(
  partitions: readonly PlannedPartition[],
  { brokers, replicationFactor }: { brokers: readonly number[]; replicationFactor: number | null },
): Move[] {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  return topics.flatMap((topic) => {
    const own = partitions.filter((one) => one.topic === topic).sort((a, b) => a.partition - b.partition);
    const widest = replicationFactor ?? Math.max(...own.map(({ replicas }) => replicas.length));
    if (widest > brokers.length)
      throw new RangeError(`${widest} replicas need as many brokers, not ${brokers.length}`);
    const plans = brokers.flatMap((_, start) =>
      Array.from({ length: Math.max(1, brokers.length - 1) }, (__, shift) =>
        own.map((one) => moveOf(one, placed(one, { brokers, start, shift, replicationFactor }))),
      ),
    );
    return plans.reduce((best, plan) => (costOf(plan) < costOf(best) ? plan : best));
  });
}

function placed(
  { partition, replicas }: PlannedPartition,
  given: { brokers: readonly number[]; start: number; shift: number; replicationFactor: number | null },
): number[] {
  const { brokers, start, shift, replicationFactor } = given;
  const count = brokers.length;
  const leader = (partition + start) % count;
  const wanted = replicationFactor ?? replicas.length;
  // As Kafka does, the followers' distance grows by one each time the leaders have gone around.
  const distance = shift + Math.floor(partition / count);
  return Array.from({ length: wanted }, (_, index) => {
    if (index === 0) return brokers[leader]!;
    return brokers[(leader + 1 + ((distance + index - 1) % (count - 1))) % count]!;
  });
}

function moveOf({ topic, partition, replicas, sizeBytes }: PlannedPartition, after: number[]): Move {
  const added = after.filter((broker) => !replicas.includes(broker)).length;
  return {
    topic,
    partition,
    before: [...replicas],
    after,
    bytesToMove: added * sizeBytes,
    changed: replicas.join() !== after.join(),
  };
}

/** Bytes first, then replicas that move, then partitions that change at all. */
function costOf(moves: readonly Move[]): number {
  return moves.reduce((sum, { before, after, bytesToMove, changed }) => {
    const added = after.filter((broker) => !before.includes(broker)).length;
    return sum + bytesToMove * 1e6 + added * 1e3 + Number(changed);
  }, 0);
}
