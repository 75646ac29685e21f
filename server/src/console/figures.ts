/** The percentages of the console, as CMAK defines them. Pure. */

export interface PlacedPartition {
  readonly partition: number;
  readonly leader: number | null;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

export interface BrokerShare {
  readonly broker: number;
  readonly partitions: readonly number[];
  readonly leads: readonly number[];
  /** Holds more than its even share, rounded up, of the topic's replicas. */
  readonly skewed: boolean;
  /** Leads more than its even share, rounded up, of the topic's partitions. */
  readonly leaderSkewed: boolean;
}

/** `brokers`: all of the cluster. Brokers that hold nothing of the topic have no share. */
export function sharesOf(partitions: readonly PlacedPartition[], brokers: readonly number[]): BrokerShare[] {
  const replicas = partitions.reduce((sum, { replicas: held }) => sum + held.length, 0);
  const evenReplicas = Math.ceil(replicas / Math.max(1, brokers.length));
  const evenLeaders = Math.ceil(partitions.length / Math.max(1, brokers.length));
  const ids = [...new Set(partitions.flatMap(({ replicas: held }) => held))].sort((a, b) => a - b);
  return ids.map((broker) => {
    const held = partitions.filter((partition) => partition.replicas.includes(broker));
    const leads = held.filter(({ leader }) => leader === broker);
    return {
      broker,
      partitions: held.map(({ partition }) => partition),
      leads: leads.map(({ partition }) => partition),
      skewed: held.length > evenReplicas,
      leaderSkewed: leads.length > evenLeaders,
    };
  });
}

export interface TopicFigures {
  readonly brokers: number;
  readonly spreadPercent: number;
  readonly skewPercent: number;
  readonly leaderSkewPercent: number;
  readonly preferredPercent: number;
  readonly underReplicated: number;
  readonly underReplicatedPercent: number;
}

export function topicFigures(
  partitions: readonly PlacedPartition[],
  brokers: readonly number[],
): TopicFigures {
  const shares = sharesOf(partitions, brokers);
  const underReplicated = partitions.filter(isUnderReplicated).length;
  return {
    brokers: shares.length,
    spreadPercent: percent(shares.length, brokers.length),
    skewPercent: percent(shares.filter(({ skewed }) => skewed).length, brokers.length),
    leaderSkewPercent: percent(shares.filter(({ leaderSkewed }) => leaderSkewed).length, brokers.length),
    preferredPercent: percent(partitions.filter(isPreferred).length, partitions.length),
    underReplicated,
    underReplicatedPercent: underReplicated === 0 ? 0 : percent(underReplicated, partitions.length),
  };
}

export function isUnderReplicated({ replicas, isr }: PlacedPartition): boolean {
  return isr.length < replicas.length;
}

/** The leader is the first of the replicas. */
export function isPreferred({ leader, replicas }: PlacedPartition): boolean {
  return leader !== null && leader === replicas[0];
}

/** Of nothing, all. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.round((1000 * part) / whole) / 10;
}
