/** ClusterView → what a figure draws, and the example that stands where no lab is open. Pure. */
import type { ClusterView, Figure } from '@brokerlab/server/contract';

type Topic = ClusterView['topics'][number];
type Group = ClusterView['groups'][number];

/** By name; without one the first that is not Kafka's own. */
export function topicOf(view: ClusterView, name: string | null): Topic | undefined {
  if (name !== null) return view.topics.find((topic) => topic.name === name);
  return view.topics.find((topic) => !topic.internal);
}

export function groupOf(view: ClusterView, name: string | null): Group | undefined {
  return name === null ? view.groups[0] : view.groups.find((group) => group.id === name);
}

export interface BrokerFigure {
  readonly id: number;
  readonly address: string;
  readonly up: boolean;
  readonly isController: boolean;
  readonly leaders: number;
  readonly replicas: number;
}

export function brokersOf(view: ClusterView): BrokerFigure[] {
  const partitions = view.topics.filter(({ internal }) => !internal).flatMap((topic) => topic.partitions);
  const gone = [...new Set(partitions.flatMap(({ replicas }) => replicas))].filter(
    (id) => !view.brokers.some((broker) => broker.id === id),
  );
  return [...view.brokers, ...gone.map((id) => ({ id, address: '', up: false }))]
    .map(({ id, address, up }) => ({
      id,
      address,
      up,
      isController: view.controller === id,
      leaders: partitions.filter(({ leader }) => leader === id).length,
      replicas: partitions.filter(({ replicas }) => replicas.includes(id)).length,
    }))
    .sort((a, b) => a.id - b.id);
}

/** Of a log: where it begins and ends, on one scale for all partitions of the topic. */
export interface LogFigure {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
  /** 0 to 1. */
  readonly from: number;
  readonly to: number;
}

export function logsOf({ partitions }: Topic): LogFigure[] {
  const end = Math.max(1, ...partitions.map(({ lastOffset }) => lastOffset ?? 0));
  return partitions.map(({ partition, firstOffset, lastOffset }) => {
    const [first, last] = [firstOffset ?? 0, lastOffset ?? 0];
    return { partition, first, last, from: first / end, to: last / end };
  });
}

export interface MemberFigure {
  /** '': partitions that nobody reads now. */
  readonly id: string;
  readonly clientId: string | null;
  readonly rows: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly lag: number | null;
    /** Committed part, 0 to 1. */
    readonly share: number;
  }[];
}

export function membersOf(group: Group): MemberFigure[] {
  const rowOf = (topic: string, partition: number) => {
    const known = group.offsets.find((row) => row.topic === topic && row.partition === partition);
    const share = known?.end ? Math.min(1, (known.committed ?? 0) / known.end) : 0;
    return { topic, partition, lag: known?.lag ?? null, share };
  };
  const members = group.members.map(({ id, clientId, partitions }) => ({
    id,
    clientId,
    rows: partitions.map(({ topic, partition }) => rowOf(topic, partition)),
  }));
  const read = members.flatMap(({ rows }) => rows.map(({ topic, partition }) => `${topic}/${partition}`));
  const left = group.offsets.filter(({ topic, partition }) => !read.includes(`${topic}/${partition}`));
  if (left.length === 0) return members;
  return [
    ...members,
    { id: '', clientId: null, rows: left.map(({ topic, partition }) => rowOf(topic, partition)) },
  ];
}

/** Whether the live cluster has what the figure shows. */
export function canDraw(view: ClusterView, { figure, name }: Figure): boolean {
  if (figure === 'brokers') return view.brokers.length > 0;
  return figure === 'group' ? groupOf(view, name) !== undefined : topicOf(view, name) !== undefined;
}

const partition = (number: number, replicas: readonly number[], lastOffset: number) => ({
  partition: number,
  leader: replicas[0] ?? null,
  replicas: [...replicas],
  isr: [...replicas],
  firstOffset: 0,
  lastOffset,
});

/** What the course draws on its first slide: three brokers, one topic spread over them, one group. */
export const EXAMPLE: ClusterView = {
  labId: '',
  revision: 0,
  at: 0,
  controller: 2,
  brokers: [1, 2, 3].map((id) => ({ id, address: `localhost:${9091 + id}`, rack: null, up: true })),
  topics: [
    {
      name: 'orders',
      internal: false,
      partitions: [partition(0, [1, 2, 3], 12), partition(1, [2, 3, 1], 9), partition(2, [3, 1, 2], 15)],
      configs: [],
    },
  ],
  groups: [
    {
      id: 'receipts',
      state: 'Stable',
      members: [
        {
          id: 'a',
          clientId: 'receipts-1',
          host: '',
          partitions: [0, 1].map((n) => ({ topic: 'orders', partition: n })),
        },
        { id: 'b', clientId: 'receipts-2', host: '', partitions: [{ topic: 'orders', partition: 2 }] },
        { id: 'c', clientId: 'receipts-3', host: '', partitions: [] },
      ],
      offsets: [
        { topic: 'orders', partition: 0, committed: 12, end: 12, lag: 0 },
        { topic: 'orders', partition: 1, committed: 6, end: 9, lag: 3 },
        { topic: 'orders', partition: 2, committed: 15, end: 15, lag: 0 },
      ],
      lag: 3,
    },
  ],
  truncated: false,
};
