/** The console's mirror screen: what clusters tell becomes flows, what a box tells is let through only as it should be. */
import { describe, expect, it } from 'vitest';
import type { ClusterLook } from '../../server/src/console/mirror/cluster-notes.ts';
import { flowsBetween } from '../../server/src/console/mirror/flows.ts';
import { readTold } from '../../server/src/console/mirror/told.ts';

type Notes = ReturnType<ClusterLook['notesOf']>;

interface Parts {
  readonly topics?: Readonly<Record<string, readonly [first: number, last: number]>>;
  readonly notes?: Partial<Notes>;
  readonly makers?: ClusterLook['makers'];
  readonly heartbeats?: Readonly<Record<string, number>>;
  readonly committed?: ClusterLook['committed'];
}

/** One partition each, led by broker 1. */
function look({ topics = {}, notes = {}, makers = new Map(), heartbeats = {}, ...rest }: Parts): ClusterLook {
  const partition = {
    partition: 0,
    error: null,
    leader: 1,
    leaderEpoch: 0,
    replicas: [1],
    isr: [1],
    offlineReplicas: [],
  };
  const described = Object.keys(topics).map((name) => {
    return [name, { name, topicId: name, error: null, internal: false, partitions: [partition] }] as const;
  });
  return {
    topics: new Map(described),
    bounds: new Map(Object.entries(topics).map(([name, [first, last]]) => [`${name}/0`, { first, last }])),
    sizes: Object.keys(topics).map((topic) => ({ topic, partition: 0, broker: 1, sizeBytes: 99 })),
    makers,
    heartbeats: new Map(Object.entries(heartbeats)),
    committed: rest.committed ?? new Map(),
    notesOf: () => ({ stored: new Map(), checkpoints: new Map(), syncs: new Map(), ...notes }),
  };
}

const sync = (upstream: number, downstream: number) =>
  new Map([['t/0', { topic: 't', partition: 0, upstream, downstream, atMs: 5 }]]);
const flowOf = (source: Parts | null, target: Parts | null) =>
  flowsBetween(
    new Map([
      ['A', source === null ? null : look(source)],
      ['B', target === null ? null : look(target)],
    ]),
  );
const copy = { topics: { 'A.t': [0, 40] } as const };

describe('a flow', () => {
  it('is nowhere while nothing tells of it; heartbeats alone are none', () => {
    expect(flowOf({ topics: { t: [0, 9] } }, { heartbeats: { 'A/B': 1 } })).toEqual([]);
  });

  it('lies behind by what the stored offset leaves, exactly when that is nothing', () => {
    const source = { topics: { t: [0, 100] as const } };
    const at = (offset: number) => ({ ...copy, notes: { stored: new Map([['t/0', offset]]) } });
    expect(flowOf(source, at(89))[0]?.partitions[0]).toMatchObject({ next: 90, lag: 10, exact: false });
    expect(flowOf(source, at(99))[0]?.partitions[0]).toMatchObject({ next: 100, lag: 0, exact: true });
  });

  it('counts what came to the copy since the last sync, up to the end of the source', () => {
    const source = { topics: { t: [0, 100] as const }, notes: { syncs: sync(60, 10) } };
    expect(flowOf(source, copy)[0]?.partitions[0]).toMatchObject({ next: 90, lag: 10, exact: false });
    const marked = { topics: { 'A.t': [0, 400] as const } };
    expect(flowOf(source, marked)[0]?.partitions[0]).toMatchObject({ next: 100, lag: 0, exact: false });
  });

  it('keeps topics that kept their names (IdentityReplicationPolicy)', () => {
    const target = { topics: { t: [0, 5] as const }, notes: { stored: new Map([['t/0', 4]]) } };
    expect(flowOf({ topics: { t: [0, 5] } }, target)[0]?.partitions[0]).toMatchObject({
      remote: 't',
      lag: 0,
    });
  });

  it('leaves open what a cluster that is down alone knows', () => {
    expect(flowOf(null, copy)[0]).toMatchObject({
      makers: [],
      partitions: [{ topic: 't', end: null, lag: null, records: 40, bytes: 99 }],
    });
    expect(flowOf({ notes: { syncs: sync(1, 1) } }, null)[0]).toMatchObject({ makers: null, partitions: [] });
  });

  it('lets no number through that is no offset', () => {
    const odd = [Number.NaN, -7, 1e300, Number.POSITIVE_INFINITY, 0.5];
    for (const value of odd) {
      const source = { topics: { t: [0, 10] as const }, notes: { syncs: sync(value, value) } };
      const checkpoint = { group: 'g', topic: 'A.t', partition: 0, metadata: '', atMs: value };
      const checkpoints = new Map([['g', { ...checkpoint, upstream: value, downstream: value }]]);
      const target = { ...copy, notes: { stored: new Map([['t/0', value]]), checkpoints } };
      const [flow] = flowOf(source, { ...target, heartbeats: { 'A/B': value } });
      expect(flow).toMatchObject({ heartbeatMs: null, checkpoints: [] });
      expect(flow?.partitions[0]).toMatchObject({ next: null, lag: null, sync: null });
    }
  });
});

describe('what a box says', () => {
  const told = {
    source: 'A',
    target: 'B',
    enabled: true,
    started: true,
    waiting: false,
    progress: [{ topic: 't', partition: 0, lag: 3, problem: null }],
    figures: { partitions: [], groups: [] },
  };

  it('is read line by line; what is no MirrorMaker’s word is passed over', () => {
    const lines = ['', '[', 'null', '{"a":1}', JSON.stringify([told]), `[${'['.repeat(5_000)}`];
    expect(readTold(lines.join('\n'))).toEqual([told]);
  });

  it('is refused with names without end, numbers that are none, and rows without end', () => {
    const wrong = [
      { ...told, source: 'A'.repeat(501) },
      { ...told, progress: [{ ...told.progress[0], lag: 'much' }] },
      { ...told, progress: Array.from({ length: 501 }, () => told.progress[0]) },
      { ...told, progress: [{ ...told.progress[0], problem: 'x'.repeat(2_001) }] },
    ];
    for (const one of wrong) expect(readTold(JSON.stringify([one]))).toEqual([]);
  });
});
