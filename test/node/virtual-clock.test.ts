/** A cluster whose time is moved by the test: what takes a broker days happens at once, while clients work as ever. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, ClusterError, startCluster, VirtualClock } from '@brokerlab/broker';
import { type Client, connectCluster } from '@brokerlab/broker/client';
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';

const clock = new VirtualClock();
let dataDir: string;
let cluster: Cluster;
let client: Client;
let kafka: Kafka;
let admin: Admin;
let producer: Producer;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'virtual-clock-'));
  const config = { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.num.partitions': '4' };
  cluster = await startCluster({ clock, dataDir, flush: 'never', config });
  client = connectCluster({ bootstrap: cluster.bootstrap });
  kafka = new Kafka({ brokers: [cluster.bootstrap], logLevel: logLevel.NOTHING });
  admin = kafka.admin();
  producer = kafka.producer();
  await Promise.all([admin.connect(), producer.connect()]);
});
afterAll(async () => {
  await Promise.all([admin?.disconnect(), producer?.disconnect(), client?.close()]);
  await cluster?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function createTopic(topic: string, configs: Record<string, string>): Promise<void> {
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] });
}

async function offsets(topic: string): Promise<{ low: string; high: string }> {
  const [found] = await admin.fetchTopicOffsets(topic);
  return { low: found!.low, high: found!.high };
}

const files = (topic: string) => readdirSync(join(dataDir, '1', `${topic}-0`));

it('retention deletes what is seven days old, the active segment too, and its files a minute later', async () => {
  await createTopic('old', {});
  await producer.send({ topic: 'old', messages: [{ value: 'a' }, { value: 'b' }] });
  await clock.advance('6d');
  expect(await offsets('old')).toEqual({ low: '0', high: '2' });
  const beforeMs = clock.now();
  await clock.advance('1d');
  await clock.advance('6m');
  expect(clock.now() - beforeMs).toBeGreaterThanOrEqual(86_400_000 + 360_000);
  expect(await offsets('old')).toEqual({ low: '2', high: '2' });
  expect(files('old').filter((name) => name.endsWith('.log'))).toEqual(['00000000000000000002.log']);
  await clock.advance('61s');
  expect(files('old').filter((name) => name.endsWith('.deleted'))).toEqual([]);
});

it('a topic that becomes compacted at run time keeps the last value of each key', async () => {
  await createTopic('state', { 'message.timestamp.type': 'LogAppendTime', 'segment.ms': '60000' });
  for (const value of ['1', '2', '3']) {
    await producer.send({ topic: 'state', messages: [{ key: 'k', value }] });
    await clock.advance('61s');
  }
  await client.incrementalAlterConfigs([
    {
      resource: { type: 'topic', name: 'state' },
      changes: [{ name: 'cleanup.policy', operation: 'set', value: 'compact' }],
    },
  ]);
  await clock.advance('15s');
  const read = async (from: number) =>
    (await client.fetchRecords({ topic: 'state', partition: 0, from })).records;
  const records = [...(await read(0)), ...(await read(2))];
  expect(records.map(({ offset, value }) => `${offset}:${value}`)).toEqual(['1:2', '2:3']);
  expect(readFileSync(join(dataDir, '1', 'cleaner-offset-checkpoint'), 'utf8')).toContain('state 0 2');
  const keyless = producer.send({ topic: 'state', messages: [{ value: 'no key' }] });
  await expect(keyless).rejects.toThrow();
});

it('a silent member leaves its group after session.timeout.ms', async () => {
  await createTopic('read', {});
  const consumer = kafka.consumer({
    groupId: 'readers',
    sessionTimeout: 30_000,
    heartbeatInterval: 29_000,
    maxWaitTimeInMs: 50,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: ['read'] });
  await consumer.run({ eachMessage: () => Promise.resolve() });
  const state = async () => (await client.describeGroups(['readers']))[0]!;
  await eventually(async () => expect((await state()).state).toBe('Stable'));
  await clock.advance('29s');
  expect((await state()).members).toHaveLength(1);
  await clock.advance('2s');
  expect((await state()).members).toHaveLength(0);
  await consumer.disconnect();
});

it('committed offsets of an empty group expire after seven days', async () => {
  await createTopic('once', {});
  await client.offsetCommit('gone', [{ topic: 'once', partition: 0, offset: 1 }]);
  const committed = async () => (await client.offsetFetch('gone')).map(({ offset }) => offset);
  await clock.advance('6d');
  expect(await committed()).toEqual([1]);
  await clock.advance('25h');
  await eventually(async () => expect(await committed()).toEqual([]));
});

it('a transaction left open is aborted after its timeout, and its producer fenced', async () => {
  await createTopic('tx', {});
  const transactional = kafka.producer({
    transactionalId: 'left-open',
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: 60_000,
    retry: { retries: 1 },
  });
  await transactional.connect();
  const transaction = await transactional.transaction();
  await transaction.send({ topic: 'tx', messages: [{ value: 'never' }] });
  await clock.advance('75s');
  await eventually(async () => expect((await offsets('tx')).high).toBe('2'));
  await expect(transaction.commit()).rejects.toThrow();
  await transactional.disconnect();
});

it('what cannot be is refused with a code', async () => {
  await expect(clock.advance('soon')).rejects.toMatchObject({ code: 'invalid-duration' });
  await expect(startCluster({ brokers: 0 })).rejects.toMatchObject({ code: 'invalid-option' });
  await expect(startCluster({ clock, packing: 'process' })).rejects.toMatchObject({ code: 'invalid-option' });
  await expect(startCluster({ config: { 'num.partitions': 'many' } })).rejects.toMatchObject({
    code: 'invalid-config',
  });
  const port = cluster.nodes[0]!.port;
  await expect(startCluster({ port })).rejects.toMatchObject({ code: 'address-unavailable' });
  await expect(startCluster({ port })).rejects.toBeInstanceOf(ClusterError);
  await expect(cluster.stop(9)).rejects.toMatchObject({ code: 'unknown-node' });
});
