/** Flows between clusters of ours: what arrives, what is made, what survives stops and outages. */
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { numbered, pairOfClusters, produce, producedAt, readAll, valuesOf } from './pair.ts';

const pair = pairOfClusters();

describe('a flow', () => {
  it('mirrors records with all they have, partitions, configs, and what changes later', async () => {
    await pair.source.createTopics([
      { name: 'orders', partitions: 2, configs: { 'retention.ms': '7777000' } },
    ]);
    await produce(pair.a, 'orders', numbered('v', 50));
    const maker = await pair.mirror(
      'A->B.enabled=true',
      'A->B.topics=orders.*',
      'emit.heartbeats.enabled=false',
    );
    const records = await eventually(async () => {
      const found = await readAll(pair.target, 'A.orders');
      expect(found).toHaveLength(50);
      return found;
    });
    expect(valuesOf(records)).toEqual(numbered('v', 50));
    expect(records[7]).toMatchObject({ key: Buffer.from('v7'), timestamp: producedAt });
    expect(records[7]!.headers).toEqual([{ key: 'from', value: Buffer.from('v7') }]);
    await pair.source.createPartitions([{ topic: 'orders', totalCount: 3 }]);
    await pair.source.createTopics([{ name: 'orders-late', partitions: 1 }]);
    const changes = [{ name: 'retention.ms', operation: 'set', value: '8888000' } as const];
    await pair.source.incrementalAlterConfigs([{ resource: { type: 'topic', name: 'orders' }, changes }]);
    await eventually(async () => {
      const { topics } = await pair.target.metadata({ topics: ['A.orders', 'A.orders-late'] });
      expect(topics.map(({ partitions }) => partitions.length)).toEqual([3, 1]);
      const [configs] = await pair.target.describeConfigs([{ type: 'topic', name: 'A.orders' }]);
      expect(configs!.entries.find(({ name }) => name === 'retention.ms')?.value).toBe('8888000');
    });
    expect(maker.metricsText()).toMatch(
      /MirrorSourceConnector_record_count\{source="A",target="B",topic="A.orders",partition="0"\} 50\n/,
    );
    expect(maker.status.find(({ enabled }) => enabled)).toMatchObject({ started: true, recordCount: 50 });
    await maker.stop();
  }, 60_000);

  it('goes on where it stopped, and where its target was away', async () => {
    await pair.source.createTopics([{ name: 'again', partitions: 1 }]);
    await produce(pair.a, 'again', numbered('x', 20));
    const settings = ['A->B.enabled=true', 'A->B.topics=again', 'emit.heartbeats.enabled=false'];
    const first = await pair.mirror(...settings);
    await eventually(async () => expect(await readAll(pair.target, 'A.again')).toHaveLength(20));
    await first.stop();
    await produce(pair.a, 'again', numbered('y', 20));
    const second = await pair.mirror(...settings);
    await eventually(async () => expect(await readAll(pair.target, 'A.again')).toHaveLength(40));
    await pair.b.stop(1);
    await produce(pair.a, 'again', numbered('z', 20));
    await pair.b.start(1);
    const all = await eventually(
      async () => {
        const found = await readAll(pair.target, 'A.again');
        expect(found).toHaveLength(60);
        return found;
      },
      { timeoutMs: 30_000 },
    );
    expect(valuesOf(all)).toEqual([...numbered('x', 20), ...numbered('y', 20), ...numbered('z', 20)]);
    await second.stop();
  }, 60_000);

  it('translates group offsets and moves only groups that nobody uses, forward', async () => {
    await pair.source.createTopics([{ name: 'read', partitions: 1 }]);
    await produce(pair.a, 'read', numbered('r', 30));
    const settings = ['A->B.enabled=true', 'A->B.topics=read', 'sync.group.offsets.enabled=true'];
    const maker = await pair.mirror(...settings, 'emit.heartbeats.enabled=false');
    await eventually(async () => expect(await readAll(pair.target, 'A.read')).toHaveLength(30));
    await pair.source.offsetCommit('readers', [{ topic: 'read', partition: 0, offset: 30 }]);
    const offsetThere = async () => (await pair.target.offsetFetch('readers'))[0]?.offset;
    await eventually(async () => expect(await offsetThere()).toBeGreaterThan(0));
    expect(await offsetThere()).toBeLessThanOrEqual(30);
    await pair.target.offsetCommit('readers', [{ topic: 'A.read', partition: 0, offset: 999 }]);
    await pair.source.offsetCommit('readers', [{ topic: 'read', partition: 0, offset: 5 }]);
    await eventually(async () =>
      expect((await readAll(pair.target, 'A.checkpoints.internal')).length).toBeGreaterThan(1),
    );
    expect(await offsetThere()).toBe(999);
    await maker.stop();
  }, 60_000);
});

describe('two flows in opposite directions', () => {
  it('make no cycle, and carry heartbeats across', async () => {
    await pair.source.createTopics([{ name: 'both', partitions: 1 }]);
    await pair.target.createTopics([{ name: 'both', partitions: 1 }]);
    await produce(pair.a, 'both', ['from-a']);
    await produce(pair.b, 'both', ['from-b']);
    const maker = await pair.mirror(
      'A->B.enabled=true',
      'B->A.enabled=true',
      'A->B.topics=both,.*both',
      'B->A.topics=.*both',
    );
    await eventually(async () => {
      expect(valuesOf(await readAll(pair.target, 'A.both'))).toEqual(['from-a']);
      expect(valuesOf(await readAll(pair.source, 'B.both'))).toEqual(['from-b']);
      expect((await readAll(pair.target, 'A.heartbeats')).length).toBeGreaterThan(1);
    });
    const names = (await pair.target.metadata()).topics.map(({ name }) => name);
    expect(names.filter((name) => name.includes('B.'))).toEqual([]);
    await maker.stop();
  }, 60_000);
});
