import type { ClusterView } from '@brokerlab/server/contract';
import { describe, expect, it } from 'vitest';
import { drawMap } from '../../web/features/cluster/cluster-map.ts';

const view: ClusterView = {
  labId: 'first-topic',
  revision: 1,
  at: 0,
  controller: 2,
  brokers: [
    { id: 1, address: 'localhost:9092', rack: null, up: true },
    { id: 2, address: 'localhost:9093', rack: null, up: true },
  ],
  topics: [
    {
      name: 'orders',
      internal: false,
      configs: [],
      partitions: [{ partition: 0, leader: 1, replicas: [3, 1], isr: [1], firstOffset: 0, lastOffset: 7 }],
    },
    { name: '__consumer_offsets', internal: true, configs: [], partitions: [] },
  ],
  groups: [
    {
      id: 'shipping',
      state: 'Stable',
      lag: 2,
      members: [{ id: 'm1', clientId: 'c1', host: '/', partitions: [{ topic: 'orders', partition: 0 }] }],
      offsets: [
        { topic: 'orders', partition: 0, committed: 5, end: 7, lag: 2 },
        { topic: 'orders', partition: 1, committed: 1, end: 1, lag: 0 },
      ],
    },
  ],
  truncated: false,
};

describe('the cluster map', () => {
  it('keeps the column of a broker that has left the metadata, as stopped, with its replicas offline', () => {
    const map = drawMap(view, { brokerStates: [], showInternal: false });
    expect(map.brokers.map((broker) => [broker.id, broker.state])).toEqual([
      [1, 'up'],
      [2, 'up'],
      [3, 'stopped'],
    ]);
    expect(map.topics[0]?.rows[0]?.cells[2]).toEqual({
      broker: 3,
      role: 'follower',
      preferred: true,
      inSync: false,
      offline: true,
    });
  });

  it('believes the environment when it says paused or isolated, and the metadata when it says up', () => {
    const states = [
      { id: 1, address: '', state: 'paused' as const },
      { id: 3, address: '', state: 'up' as const },
    ];
    const map = drawMap(view, { brokerStates: states, showInternal: false });
    expect(map.brokers.map((broker) => broker.state)).toEqual(['paused', 'up', 'stopped']);
  });

  it('leaves cells empty where a broker has no replica', () => {
    expect(drawMap(view, { brokerStates: [], showInternal: false }).topics[0]?.rows[0]?.cells[1]).toBeNull();
  });

  it('hides internal topics unless asked, and says how many there are', () => {
    expect(drawMap(view, { brokerStates: [], showInternal: false }).topics).toHaveLength(1);
    const all = drawMap(view, { brokerStates: [], showInternal: true });
    expect(all.topics).toHaveLength(2);
    expect(all.internalTopics).toBe(1);
  });

  it('shows committed partitions that nobody reads apart from those of members', () => {
    const [group] = drawMap(view, { brokerStates: [], showInternal: false }).groups;
    expect(
      group?.members.map((member) => [member.clientId, member.rows.map((row) => row.partition)]),
    ).toEqual([
      ['c1', [0]],
      [null, [1]],
    ]);
  });
});
