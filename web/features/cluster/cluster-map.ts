/** One cluster of the map's state → what is drawn of it. Pure. */
import type {
  BrokerState,
  MapCluster,
  MapGroup,
  MapMember,
  MapPartition,
  MapTopic,
} from '@brokerlab/server/contract';

/** `fenced`, `silent`: seen through the protocol only, and nobody has said why. */
export type ColumnState = BrokerState['state'] | 'fenced' | 'silent';

export interface BrokerColumn {
  readonly id: number;
  readonly address: string;
  readonly rack: string;
  readonly state: ColumnState;
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
  readonly moving: 'adding' | 'removing' | null;
}

export interface PartitionRow {
  readonly partition: number;
  readonly leader: number;
  readonly isr: readonly number[];
  readonly alarm: 'offline' | 'underReplicated' | null;
  readonly end: number | null;
  readonly records: number | null;
  /** By broker column; null where the broker holds no replica. */
  readonly cells: readonly (Replica | null)[];
}

export interface TopicRows {
  readonly name: string;
  readonly internal: boolean;
  /** Partitions as small tiles, many to a line. */
  readonly dense: boolean;
  /** The cluster it is mirrored from, where its name says so. */
  readonly source: string | null;
  readonly rows: readonly PartitionRow[];
}

export interface GroupRow {
  readonly topic: string;
  readonly partition: number;
  readonly committed: number | null;
  readonly end: number | null;
  readonly lag: number | null;
}

export interface MemberCard {
  readonly id: string;
  readonly clientId: string;
  readonly instanceId: string;
  readonly rows: readonly GroupRow[];
}

export interface GroupCard {
  readonly id: string;
  readonly protocol: MapGroup['protocol'];
  readonly state: string;
  readonly lag: number | null;
  readonly members: readonly MemberCard[];
  readonly membersLeftOut: number;
  /** Partitions with offsets that no member reads. */
  readonly unread: readonly GroupRow[];
}

export interface ProducerCard {
  readonly id: string;
  readonly places: readonly { topic: string; partition: number; sequence: number }[];
  readonly lastAt: number;
  readonly transactional: boolean;
}

export interface ClusterMap {
  readonly brokers: readonly BrokerColumn[];
  readonly topics: readonly TopicRows[];
  readonly groups: readonly GroupCard[];
  readonly producers: readonly ProducerCard[];
  readonly internalTopics: number;
  readonly topicsLeftOut: number;
  readonly groupsLeftOut: number;
  /** Among the topics drawn. */
  readonly alarms: { readonly offline: number; readonly underReplicated: number };
}

export interface DrawOptions {
  /** What is known of the brokers from outside; only of the present. */
  readonly brokerStates: readonly BrokerState[];
  readonly showInternal: boolean;
  /** Names of the other clusters, for remote topics. */
  readonly clusters?: readonly string[];
}

/** More rows than these at full height, and topics of several partitions are drawn as tiles. */
const rowsComfortable = 14;
const denseFrom = 5;

export function drawCluster(cluster: MapCluster, options: DrawOptions): ClusterMap {
  const brokers = brokerColumns(cluster, options.brokerStates);
  const shown = Object.entries(cluster.topics)
    .filter(([, topic]) => options.showInternal || !topic.internal)
    .sort(([a, one], [b, other]) => Number(one.internal) - Number(other.internal) || a.localeCompare(b));
  const rowCount = shown.reduce((count, [, topic]) => count + Object.keys(topic.partitions).length, 0);
  const topics = shown.map(([name, topic]): TopicRows => {
    const rows = rowsOf(topic, brokers);
    return {
      name,
      internal: topic.internal,
      dense: rowCount > rowsComfortable && rows.length >= denseFrom,
      source: sourceOf(name, options.clusters ?? []),
      rows,
    };
  });
  const every = topics.flatMap(({ rows }) => rows);
  return {
    brokers,
    topics,
    groups: Object.entries(cluster.groups).map(([id, group]) => groupCard(id, group, cluster)),
    producers: producerCards(cluster),
    internalTopics: Object.values(cluster.topics).filter(({ internal }) => internal).length,
    topicsLeftOut: cluster.topicsLeftOut,
    groupsLeftOut: cluster.groupsLeftOut,
    alarms: {
      offline: every.filter(({ alarm }) => alarm === 'offline').length,
      underReplicated: every.filter(({ alarm }) => alarm === 'underReplicated').length,
    },
  };
}

/** `A.orders` on another cluster is the mirror of A's `orders`. */
function sourceOf(topic: string, clusters: readonly string[]): string | null {
  return clusters.find((cluster) => topic.startsWith(`${cluster}.`)) ?? null;
}

/** A stopped broker leaves the metadata but keeps its column: it is where its replicas will be again. */
function brokerColumns(cluster: MapCluster, states: readonly BrokerState[]): BrokerColumn[] {
  const ids = new Set([
    ...Object.keys(cluster.brokers).map(Number),
    ...states.map((broker) => broker.id),
    ...Object.values(cluster.topics).flatMap((topic) =>
      Object.values(topic.partitions).flatMap((partition) => partition.replicas),
    ),
  ]);
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => ({
      id,
      address: cluster.brokers[id]?.address ?? '',
      rack: cluster.brokers[id]?.rack ?? '',
      state: columnState(id, cluster, states),
      isController: cluster.controller === id,
    }));
}

function columnState(id: number, cluster: MapCluster, states: readonly BrokerState[]): ColumnState {
  const told = states.find((broker) => broker.id === id)?.state;
  const seen = cluster.brokers[id]?.seen ?? 'gone';
  if (told !== undefined && told !== 'up') return told;
  if (seen === 'gone') return 'stopped';
  return told === 'up' && seen === 'fenced' ? 'starting' : seen;
}

function rowsOf(topic: MapTopic, brokers: readonly BrokerColumn[]): PartitionRow[] {
  return Object.entries(topic.partitions)
    .map(([key, partition]): PartitionRow => {
      const end = topic.ends[key] ?? null;
      const start = topic.starts[key];
      return {
        partition: Number(key),
        leader: partition.leader,
        isr: partition.isr,
        alarm: alarmOf(partition),
        end,
        records: end === null || start === undefined ? null : Math.max(0, end - start),
        cells: brokers.map((broker) => cellOf(partition, broker)),
      };
    })
    .sort((a, b) => a.partition - b.partition);
}

function alarmOf({ leader, isr, replicas, adding }: MapPartition): PartitionRow['alarm'] {
  if (leader < 0) return 'offline';
  // Replicas that are only on their way do not count as missing.
  const wanted = replicas.filter((id) => !adding?.includes(id));
  return wanted.some((id) => !isr.includes(id)) ? 'underReplicated' : null;
}

function cellOf(partition: MapPartition, { id, state }: BrokerColumn): Replica | null {
  if (!partition.replicas.includes(id)) return null;
  return {
    broker: id,
    role: partition.leader === id ? 'leader' : 'follower',
    preferred: partition.replicas[0] === id,
    inSync: partition.isr.includes(id),
    offline: state === 'stopped' || state === 'paused' || state === 'silent',
    moving: partition.adding?.includes(id) ? 'adding' : partition.removing?.includes(id) ? 'removing' : null,
  };
}

function groupCard(id: string, group: MapGroup, cluster: MapCluster): GroupCard {
  const rowOf = (topic: string, partition: number): GroupRow => {
    const committed = group.committed[topic]?.[partition] ?? null;
    const end = cluster.topics[topic]?.ends[partition] ?? null;
    const lag = committed === null || end === null ? null : Math.max(0, end - committed);
    return { topic, partition, committed, end, lag };
  };
  const members = Object.entries(group.members)
    .map(([memberId, member]) => memberCard(memberId, member, rowOf))
    .sort((a, b) => a.clientId.localeCompare(b.clientId) || a.id.localeCompare(b.id));
  const read = new Set(members.flatMap(({ rows }) => rows.map((row) => `${row.topic}/${row.partition}`)));
  const committed = Object.entries(group.committed).flatMap(([topic, offsets]) =>
    Object.keys(offsets).map((partition) => rowOf(topic, Number(partition))),
  );
  const lags = committed.flatMap(({ lag }) => (lag === null ? [] : [lag]));
  return {
    id,
    protocol: group.protocol,
    state: group.state,
    lag: lags.length > 0 ? lags.reduce((sum, lag) => sum + lag, 0) : null,
    members,
    membersLeftOut: group.memberCount - members.length,
    unread: committed.filter((row) => !read.has(`${row.topic}/${row.partition}`)),
  };
}

function memberCard(
  id: string,
  member: MapMember,
  rowOf: (topic: string, partition: number) => GroupRow,
): MemberCard {
  const rows = Object.entries(member.partitions).flatMap(([topic, partitions]) =>
    partitions.map((partition) => rowOf(topic, partition)),
  );
  return { id, clientId: member.clientId, instanceId: member.instanceId, rows };
}

function producerCards(cluster: MapCluster): ProducerCard[] {
  const cards = new Map<string, { -readonly [Key in keyof ProducerCard]: ProducerCard[Key] }>();
  for (const [topic, { producers }] of Object.entries(cluster.topics)) {
    for (const [partition, known] of Object.entries(producers)) {
      for (const [id, producer] of Object.entries(known)) {
        const card = cards.get(id) ?? { id, places: [], lastAt: 0, transactional: false };
        card.places = [...card.places, { topic, partition: Number(partition), sequence: producer.sequence }];
        card.lastAt = Math.max(card.lastAt, producer.at);
        card.transactional ||= producer.transactional;
        cards.set(id, card);
      }
    }
  }
  return [...cards.values()].sort((a, b) => b.lastAt - a.lastAt);
}
