/** Flows between clusters of ours: what arrives, what is made, what survives stops and outages. */
import { type Cluster, startCluster } from '@brokerlab/broker';
import { type Client, connectCluster, type FetchedRecord, Producer } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MirrorMaker, readSettings } from '../../broker/src/mirror/main.ts';
import { eventually } from '../support/eventually.ts';

const ones = [
  'replication.factor=1',
  'checkpoints.topic.replication.factor=1',
  'heartbeats.topic.replication.factor=1',
  'offset-syncs.topic.replication.factor=1',
  'offset.storage.replication.factor=1',
  'status.storage.replication.factor=1',
  'config.storage.replication.factor=1',
  'refresh.topics.interval.seconds=1',
  'refresh.groups.interval.seconds=1',
  'sync.topic.configs.interval.seconds=1',
  'emit.checkpoints.interval.seconds=1',
  'sync.group.offsets.interval.seconds=1',
  'A.offset.flush.interval.ms=200',
  'B.offset.flush.interval.ms=200',
];

let a: Cluster;
let b: Cluster;
let source: Client;
let target: Client;
beforeAll(async () => {
  [a, b] = await Promise.all([startCluster(), startCluster()]);
  source = connectCluster({ bootstrap: a.bootstrap });
  target = connectCluster({ bootstrap: b.bootstrap });
}, 60_000);
afterAll(async () => {
  await Promise.all([source?.close(), target?.close()]);
  await Promise.all([a?.stop(), b?.stop()]);
});

const logged: string[] = [];

async function mirror(...lines: string[]): Promise<MirrorMaker> {
  const clusters = [
    'clusters=A,B',
    `A.bootstrap.servers=${a.bootstrap}`,
    `B.bootstrap.servers=${b.bootstrap}`,
  ];
  const { settings, problems } = readSettings([...clusters, ...ones, ...lines].join('\n'));
  expect(problems).toEqual([]);
  const maker = new MirrorMaker({
    settings,
    onLog: ({ level, flow, text }) => logged.push(`${level} ${flow} ${text}`),
    now: () => Date.now(),
  });
  await maker.start();
  return maker;
}

async function produce(client: Cluster, topic: string, values: readonly string[]): Promise<void> {
  const producer = new Producer({ bootstrap: client.bootstrap });
  const failures: string[] = [];
  for (const value of values) {
    const headers = [{ key: 'from', value: Buffer.from(value) }];
    const record = { topic, partition: 0, key: Buffer.from(value), value: Buffer.from(value), headers };
    await producer.send({ ...record, timestamp: 1_700_000_000_000 }, (outcome) => {
      if (!outcome.ok) failures.push(outcome.failure.message);
    });
  }
  await producer.close();
  expect(failures).toEqual([]);
}

async function readAll(client: Client, topic: string, partition = 0): Promise<readonly FetchedRecord[]> {
  const all: FetchedRecord[] = [];
  const place = { topic, partition, isolation: 'read_committed', bytesMax: 8 << 20 } as const;
  for (let from = 0; ; ) {
    const { records, nextOffset, lastStableOffset } = await client.fetchRecords({ ...place, from });
    all.push(...records);
    if (nextOffset >= lastStableOffset || nextOffset === from) return all;
    from = nextOffset;
  }
}

const valuesOf = (records: readonly FetchedRecord[]) => records.map(({ value }) => value?.toString());
const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);

describe('a flow', () => {
  it('mirrors records with all they have, partitions, configs, and what changes later', async () => {
    await source.createTopics([{ name: 'orders', partitions: 2, configs: { 'retention.ms': '7777000' } }]);
    await produce(a, 'orders', numbered('v', 50));
    const maker = await mirror('A->B.enabled=true', 'A->B.topics=orders.*', 'emit.heartbeats.enabled=false');
    const records = await eventually(async () => {
      const found = await readAll(target, 'A.orders');
      expect(found).toHaveLength(50);
      return found;
    });
    expect(valuesOf(records)).toEqual(numbered('v', 50));
    expect(records[7]).toMatchObject({ key: Buffer.from('v7'), timestamp: 1_700_000_000_000 });
    expect(records[7]!.headers).toEqual([{ key: 'from', value: Buffer.from('v7') }]);
    await source.createPartitions([{ topic: 'orders', totalCount: 3 }]);
    await source.createTopics([{ name: 'orders-late', partitions: 1 }]);
    const changes = [{ name: 'retention.ms', operation: 'set', value: '8888000' } as const];
    await source.incrementalAlterConfigs([{ resource: { type: 'topic', name: 'orders' }, changes }]);
    await eventually(async () => {
      const { topics } = await target.metadata({ topics: ['A.orders', 'A.orders-late'] });
      expect(topics.map(({ partitions }) => partitions.length)).toEqual([3, 1]);
      const [configs] = await target.describeConfigs([{ type: 'topic', name: 'A.orders' }]);
      expect(configs!.entries.find(({ name }) => name === 'retention.ms')?.value).toBe('8888000');
    });
    expect(maker.metricsText()).toMatch(
      /MirrorSourceConnector_record_count\{source="A",target="B",topic="A.orders",partition="0"\} 50\n/,
    );
    expect(maker.status.find(({ enabled }) => enabled)).toMatchObject({ started: true, recordCount: 50 });
    await maker.stop();
  }, 60_000);

  it('goes on where it stopped, and where its target was away', async () => {
    await source.createTopics([{ name: 'again', partitions: 1 }]);
    await produce(a, 'again', numbered('x', 20));
    const settings = ['A->B.enabled=true', 'A->B.topics=again', 'emit.heartbeats.enabled=false'];
    const first = await mirror(...settings);
    await eventually(async () => expect(await readAll(target, 'A.again')).toHaveLength(20));
    await first.stop();
    await produce(a, 'again', numbered('y', 20));
    const second = await mirror(...settings);
    await eventually(async () => expect(await readAll(target, 'A.again')).toHaveLength(40));
    await b.stop(1);
    await produce(a, 'again', numbered('z', 20));
    await b.start(1);
    const all = await eventually(
      async () => {
        const found = await readAll(target, 'A.again');
        expect(found).toHaveLength(60);
        return found;
      },
      { timeoutMs: 30_000 },
    );
    expect(valuesOf(all)).toEqual([...numbered('x', 20), ...numbered('y', 20), ...numbered('z', 20)]);
    await second.stop();
  }, 60_000);

  it('translates group offsets and moves only groups that nobody uses, forward', async () => {
    await source.createTopics([{ name: 'read', partitions: 1 }]);
    await produce(a, 'read', numbered('r', 30));
    const settings = ['A->B.enabled=true', 'A->B.topics=read', 'sync.group.offsets.enabled=true'];
    const maker = await mirror(...settings, 'emit.heartbeats.enabled=false');
    await eventually(async () => expect(await readAll(target, 'A.read')).toHaveLength(30));
    await source.offsetCommit('readers', [{ topic: 'read', partition: 0, offset: 30 }]);
    const offsetThere = async () => (await target.offsetFetch('readers'))[0]?.offset;
    await eventually(async () => expect(await offsetThere()).toBeGreaterThan(0));
    expect(await offsetThere()).toBeLessThanOrEqual(30);
    await target.offsetCommit('readers', [{ topic: 'A.read', partition: 0, offset: 999 }]);
    await source.offsetCommit('readers', [{ topic: 'read', partition: 0, offset: 5 }]);
    await eventually(async () =>
      expect((await readAll(target, 'A.checkpoints.internal')).length).toBeGreaterThan(1),
    );
    expect(await offsetThere()).toBe(999);
    await maker.stop();
  }, 60_000);

  it('writes records and offsets in one transaction when asked for, and fences its forerunner', async () => {
    await source.createTopics([{ name: 'once', partitions: 1 }]);
    await produce(a, 'once', numbered('o', 30));
    const settings = ['A->B.enabled=true', 'A->B.topics=once', 'emit.heartbeats.enabled=false'];
    const first = await mirror(...settings, 'B.exactly.once.source.support=enabled');
    await eventually(async () => expect(await readAll(target, 'A.once')).toHaveLength(30));
    const second = await mirror(...settings, 'B.exactly.once.source.support=enabled');
    await eventually(() => expect(second.status.every(({ started }) => started)).toBe(true));
    await produce(a, 'once', numbered('p', 30));
    await expect(first.failure).rejects.toThrow('taken over');
    await first.stop();
    const all = await eventually(async () => {
      const found = await readAll(target, 'A.once');
      expect(found).toHaveLength(60);
      return found;
    });
    expect(valuesOf(all)).toEqual([...numbered('o', 30), ...numbered('p', 30)]);
    await second.stop();
  }, 60_000);
});

describe('two flows in opposite directions', () => {
  it('make no cycle, and carry heartbeats across', async () => {
    await source.createTopics([{ name: 'both', partitions: 1 }]);
    await target.createTopics([{ name: 'both', partitions: 1 }]);
    await produce(a, 'both', ['from-a']);
    await produce(b, 'both', ['from-b']);
    const maker = await mirror(
      'A->B.enabled=true',
      'B->A.enabled=true',
      'A->B.topics=both,.*both',
      'B->A.topics=.*both',
    );
    await eventually(async () => {
      expect(valuesOf(await readAll(target, 'A.both'))).toEqual(['from-a']);
      expect(valuesOf(await readAll(source, 'B.both'))).toEqual(['from-b']);
      expect((await readAll(target, 'A.heartbeats')).length).toBeGreaterThan(1);
    });
    const names = (await target.metadata()).topics.map(({ name }) => name);
    expect(names.filter((name) => name.includes('B.'))).toEqual([]);
    await maker.stop();
  }, 60_000);
});
