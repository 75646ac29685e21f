/** ClusterView → what the map draws. Pure. */
import type { BrokerState, ClusterView, GroupView, PartitionView } from '@brokerlab/server/contract';

export interface BrokerColumn {
  readonly id: number;
  readonly state: BrokerState['state'];
  readonly isController: boolean;
}

/** One replica: a cell of the map. */
export interface Replica {
  readonly broker: number;
  readonly role: 'leader' | 'follower';
  /** First in the replica list: the preferred leader. */
  readonly preferred: boolean;
  readonly inSync: boolean;
  readonly offline: boolean;
}

export interface PartitionRow {
  readonly partition: number;
  readonly hasLeader: boolean;
  readonly lastOffset: number | null;
  /** By broker column; null where the broker holds no replica. */
  readonly cells: readonly (Replica | null)[];
}

export interface TopicRows {
  readonly name: string;
  readonly rows: readonly PartitionRow[];
}

export interface GroupRow {
  readonly topic: string;
  readonly partition: number;
  readonly committed: number | null;
  readonly end: number | null;
  readonly lag: number | null;
}

export interface GroupMember {
  /** Null: partitions with offsets that nobody reads now. */
  readonly clientId: string | null;
  readonly id: string;
  readonly rows: readonly GroupRow[];
}

export interface GroupCard {
  readonly id: string;
  readonly state: string;
  readonly lag: number | null;
  readonly members: readonly GroupMember[];
}

export interface ClusterMap {
  readonly brokers: readonly BrokerColumn[];
  readonly topics: readonly TopicRows[];
  readonly groups: readonly GroupCard[];
  readonly internalTopics: number;
}

export function drawMap(
  view: ClusterView,
  options: { readonly brokerStates: readonly BrokerState[]; readonly showInternal: boolean },
): ClusterMap {
  const brokers = brokerColumns(view, options.brokerStates);
  const shown = view.topics.filter((topic) => options.showInternal || !topic.internal);
  return {
    brokers,
    topics: shown.map((topic) => ({
      name: topic.name,
      rows: topic.partitions.map((partition) => partitionRow(partition, brokers)),
    })),
    groups: view.groups.map(groupCard),
    internalTopics: view.topics.filter((topic) => topic.internal).length,
  };
}

/** A stopped broker leaves the metadata but keeps its column: it is where its replicas will be again. */
function brokerColumns(view: ClusterView, states: readonly BrokerState[]): BrokerColumn[] {
  const ids = new Set([
    ...view.brokers.map((broker) => broker.id),
    ...states.map((broker) => broker.id),
    ...view.topics.flatMap((topic) => topic.partitions.flatMap((partition) => partition.replicas)),
  ]);
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => ({
      id,
      state: brokerState(id, view, states),
      isController: view.controller === id,
    }));
}

function brokerState(id: number, view: ClusterView, states: readonly BrokerState[]): BrokerState['state'] {
  const told = states.find((broker) => broker.id === id)?.state;
  const seenUp = view.brokers.find((broker) => broker.id === id)?.up ?? false;
  if (told !== undefined && told !== 'up') return told;
  return seenUp ? 'up' : 'stopped';
}

function partitionRow(partition: PartitionView, brokers: readonly BrokerColumn[]): PartitionRow {
  return {
    partition: partition.partition,
    hasLeader: partition.leader !== null,
    lastOffset: partition.lastOffset,
    cells: brokers.map((broker) =>
      partition.replicas.includes(broker.id)
        ? {
            broker: broker.id,
            role: partition.leader === broker.id ? 'leader' : 'follower',
            preferred: partition.replicas[0] === broker.id,
            inSync: partition.isr.includes(broker.id),
            offline: broker.state !== 'up',
          }
        : null,
    ),
  };
}

function groupCard(group: GroupView): GroupCard {
  const rowOf = (topic: string, partition: number): GroupRow => {
    const known = group.offsets.find((offset) => offset.topic === topic && offset.partition === partition);
    return known ?? { topic, partition, committed: null, end: null, lag: null };
  };
  const members = group.members.map((member) => ({
    id: member.id,
    clientId: member.clientId,
    rows: member.partitions.map(({ topic, partition }) => rowOf(topic, partition)),
  }));
  const read = new Set(
    members.flatMap((member) => member.rows.map((row) => `${row.topic}/${row.partition}`)),
  );
  const unread = group.offsets.filter((row) => !read.has(`${row.topic}/${row.partition}`));
  return {
    id: group.id,
    state: group.state,
    lag: group.lag,
    members: unread.length > 0 ? [...members, { id: '', clientId: null, rows: unread }] : members,
  };
}
