import type { MapCluster, MapState } from '@brokerlab/server/contract';
import { describe, expect, it } from 'vitest';
import { drawCluster } from '../../web/features/cluster/cluster-map.ts';
import { flowsOf } from '../../web/features/cluster/flows.ts';
import { readEvents, toneOf } from '../../web/features/cluster/map-events.ts';

const up = (port: number) => ({ address: `localhost:${port}`, rack: '', seen: 'up' as const });

const cluster: MapCluster = {
  controller: 2,
  brokers: { 1: up(9092), 2: up(9093), 3: { address: '', rack: '', seen: 'gone' } },
  topics: {
    orders: {
      internal: false,
      partitions: {
        0: { leader: 1, epoch: 4, replicas: [3, 1], isr: [1] },
        1: { leader: 2, epoch: 1, replicas: [2, 1], isr: [1, 2] },
      },
      ends: { 0: 7, 1: 1 },
      starts: { 0: 2, 1: 0 },
      producers: { 0: { 1000: { epoch: 0, sequence: 6, at: 50, transactional: false } } },
    },
    __consumer_offsets: { internal: true, partitions: {}, ends: {}, starts: {}, producers: {} },
  },
  groups: {
    shipping: {
      protocol: 'classic',
      state: 'Stable',
      memberCount: 300,
      members: { m1: { clientId: 'c1', host: '', instanceId: '', partitions: { orders: [0] } } },
      committed: { orders: { 0: 5, 1: 1 } },
    },
  },
  topicsLeftOut: 0,
  groupsLeftOut: 0,
};
const state = (main: MapCluster): MapState => ({ clusters: { main } });
const draw = (view: MapCluster) => drawCluster(view, { brokerStates: [], showInternal: false });
const withPartition = (change: object): MapCluster => {
  const orders = cluster.topics['orders']!;
  const partitions = { ...orders.partitions, 0: { ...orders.partitions['0']!, ...change } };
  return { ...cluster, topics: { ...cluster.topics, orders: { ...orders, partitions } } };
};

describe('the cluster map', () => {
  it('keeps the column of a broker that has left, as stopped, with its replicas offline', () => {
    const map = draw(cluster);
    expect(map.brokers.map(({ id, state: seen }) => [id, seen])).toEqual([
      [1, 'up'],
      [2, 'up'],
      [3, 'stopped'],
    ]);
    const [row] = map.topics[0]!.rows;
    expect(row!.cells[2]).toMatchObject({ role: 'follower', preferred: true, inSync: false, offline: true });
  });

  it('marks leader, controller, under-replicated and leaderless partitions, and counts records', () => {
    const map = draw(cluster);
    expect(map.brokers.find(({ isController }) => isController)!.id).toBe(2);
    expect(map.topics[0]!.rows[0]).toMatchObject({ alarm: 'underReplicated', end: 7, records: 5 });
    expect(map.topics[0]!.rows[1]).toMatchObject({ alarm: null });
    expect(map.alarms).toEqual({ offline: 0, underReplicated: 1 });
    const lost = draw(withPartition({ leader: -1 }));
    expect(lost.topics[0]!.rows[0]!.alarm).toBe('offline');
  });

  it('shows replicas that arrive and leave, without calling the arriving ones missing', () => {
    const moving = { replicas: [1, 2, 3], isr: [1, 3], adding: [2], removing: [3] };
    const [row] = draw(withPartition(moving)).topics[0]!.rows;
    expect(row!.cells.map((cell) => cell?.moving)).toEqual([null, 'adding', 'removing']);
    expect(row!.alarm).toBeNull();
  });

  it('believes what is told of a broker from outside before what is seen', () => {
    const brokerStates = [{ id: 1, address: 'localhost:9092', state: 'isolated' as const }];
    expect(drawCluster(cluster, { brokerStates, showInternal: false }).brokers[0]!.state).toBe('isolated');
  });

  it('draws many partitions as tiles, few as rows', () => {
    const partitions = Object.fromEntries(
      Array.from({ length: 100 }, (_, id) => [id, { leader: 1, epoch: 0, replicas: [1, 2], isr: [1, 2] }]),
    );
    const wide = { ...cluster.topics['orders']!, partitions };
    const map = draw({ ...cluster, topics: { ...cluster.topics, wide } });
    expect(map.topics.map(({ name, dense }) => [name, dense])).toEqual([
      ['orders', false],
      ['wide', true],
    ]);
  });

  it('tells each member what it reads and how far, and what nobody reads', () => {
    const [group] = draw(cluster).groups;
    expect(group).toMatchObject({ lag: 2, membersLeftOut: 299 });
    expect(group!.members[0]!.rows).toEqual([
      { topic: 'orders', partition: 0, committed: 5, end: 7, lag: 2 },
    ]);
    expect(group!.unread).toMatchObject([{ partition: 1, lag: 0 }]);
  });

  it('hides internal topics until asked, and counts them', () => {
    expect(draw(cluster)).toMatchObject({ internalTopics: 1, topics: [{ name: 'orders' }] });
    const all = drawCluster(cluster, { brokerStates: [], showInternal: true });
    expect(all.topics.at(-1)).toMatchObject({ name: '__consumer_offsets', internal: true });
  });

  it('lists producers by their last record', () => {
    expect(draw(cluster).producers).toMatchObject([
      { id: '1000', lastAt: 50, places: [{ topic: 'orders', partition: 0, sequence: 6 }] },
    ]);
  });
});

describe('flows between clusters', () => {
  it('are seen by the names of remote topics, with about how far behind they are', () => {
    const remote = { ...cluster.topics['orders']!, ends: { 0: 3, 1: 1 }, starts: { 0: 0, 1: 0 } };
    const heartbeats = { ...remote, ends: {} };
    const west = {
      ...cluster,
      topics: { 'east.orders': remote, 'east.heartbeats': heartbeats, 'east.gone': remote },
    };
    const flows = flowsOf({ clusters: { east: cluster, west } });
    expect(flows).toEqual([
      {
        from: 'east',
        to: 'west',
        behind: 2,
        topics: [
          { topic: 'orders', remote: 'east.orders', behind: 2 },
          { topic: 'gone', remote: 'east.gone', behind: null },
        ],
      },
    ]);
  });
});

describe('events of the map', () => {
  const after = (now: MapCluster) => readEvents(state(cluster), state(now));

  it('tell leaders, ISR, moves and their ends', () => {
    expect(after(withPartition({ leader: 3, isr: [1, 3] }))).toEqual([
      { cluster: 'main', kind: 'leader', topic: 'orders', partition: 0, from: 1, to: 3 },
      { cluster: 'main', kind: 'isr', topic: 'orders', partition: 0, left: [], joined: [3] },
    ]);
    const moving = withPartition({ adding: [2], removing: [] });
    expect(after(moving)).toMatchObject([{ kind: 'moveStarted', adding: [2] }]);
    expect(readEvents(state(moving), state(cluster))).toMatchObject([
      { kind: 'moveEnded', replicas: [3, 1] },
    ]);
  });

  it('tell brokers, controller, topics and groups', () => {
    const now: MapCluster = {
      ...cluster,
      controller: 1,
      brokers: { ...cluster.brokers, 2: { ...cluster.brokers['2']!, seen: 'gone' } },
      topics: { fresh: cluster.topics['orders']! },
      groups: { shipping: { ...cluster.groups['shipping']!, members: {} } },
    };
    const events = after(now);
    expect(events.map(({ kind }) => kind)).toEqual([
      'broker',
      'controller',
      'topic',
      'topic',
      'topic',
      'rebalance',
    ]);
    expect(events.map(toneOf)).toEqual(['bad', 'warn', 'plain', 'plain', 'plain', 'warn']);
  });

  it('are none when only numbers moved', () => {
    const orders = { ...cluster.topics['orders']!, ends: { 0: 9, 1: 1 } };
    expect(after({ ...cluster, topics: { ...cluster.topics, orders } })).toEqual([]);
  });
});
