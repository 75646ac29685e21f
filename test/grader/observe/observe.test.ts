/** The snapshot, taken from a real cluster. */
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import type { ClusterNeeds, ReachableCluster } from '@brokerlab/grader';
import { NO_NEEDS, observe } from '@brokerlab/grader';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';

const NOTHING: ClusterNeeds = NO_NEEDS;
let cluster: Awaited<ReturnType<typeof startCluster>>;
let client: ReturnType<typeof connectCluster>;
let kafka: Kafka;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3, config: { 'group.initial.rebalance.delay.ms': '0' } });
  client = connectCluster({ bootstrap: cluster.bootstrap });
  kafka = new Kafka({ brokers: cluster.bootstrap.split(','), logLevel: logLevel.NOTHING });
  await client.createTopics([
    { name: 'orders', partitions: 3, replicationFactor: 3, configs: { 'retention.ms': '3600000' } },
    { name: 'plain' },
  ]);
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({
    topic: 'orders',
    messages: [
      { key: 'kim', value: '커피', partition: 1 },
      { key: null, value: 'x', partition: 1 },
      { key: 'lee', value: null, partition: 2 },
    ],
  });
  await producer.disconnect();
});

afterAll(async () => {
  await client?.close();
  await cluster?.[Symbol.asyncDispose]();
});

async function look(needs: Partial<ClusterNeeds>): Promise<ReachableCluster> {
  const { clusters } = await observe({ main: client }, { main: { ...NOTHING, ...needs } });
  if (!clusters.main?.reachable) throw new Error(clusters.main?.reason);
  return clusters.main;
}

describe('a snapshot', () => {
  it('always has brokers and topics with their partitions, and no more than is asked for', async () => {
    const seen = await look({});
    expect(seen.brokers.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
    expect(
      seen.topics.orders?.partitions.map(({ partition, replicas }) => [partition, replicas.length]),
    ).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
    expect(seen.topics.orders?.configs).toBeUndefined();
    expect(seen.records).toEqual({});
  });

  it('reads only what is set on the topic itself', async () => {
    const seen = await look({ configs: ['orders', 'plain', 'none'] });
    expect(seen.topics.orders?.configs).toEqual({ 'retention.ms': '3600000' });
    expect(seen.topics.plain?.configs).toEqual({});
  });

  it('reads records with keys, values and none, in any language', async () => {
    const seen = await look({ records: ['orders', 'none'] });
    const records = seen.records.orders?.records.map(({ partition, offset, key, value }) => [
      partition,
      offset,
      key,
      value,
    ]);
    expect(records).toEqual([
      [1, 0, 'kim', '커피'],
      [1, 1, null, 'x'],
      [2, 0, 'lee', null],
    ]);
    expect(seen.records.none).toBeUndefined();
    expect(seen.topics.orders?.partitions[1]).toMatchObject({ startOffset: 0, endOffset: 2 });
  });

  it('tells a group that is not there from one that is', async () => {
    const consumer = kafka.consumer({ groupId: 'readers' });
    await consumer.connect();
    await consumer.subscribe({ topic: 'orders', fromBeginning: true });
    await consumer.run({ eachMessage: async () => {} });
    const group = await eventually(
      async () => {
        const { groups } = await look({ groups: ['readers', 'nobody'], offsets: ['orders'] });
        expect(groups.nobody).toBeNull();
        expect(groups.readers?.state).toBe('Stable');
        return groups.readers;
      },
      { timeoutMs: 20_000 },
    );
    expect(group?.members).toHaveLength(1);
    expect(group?.members[0]?.assigned).toHaveLength(3);
    await consumer.disconnect();
    await client.offsetCommit('readers', [
      { topic: 'orders', partition: 2, offset: 1 },
      { topic: 'orders', partition: 1, offset: 2 },
    ]);
    const after = await look({ groups: ['readers'] });
    expect(after.groups.readers?.state).toBe('Empty');
    expect(after.groups.readers?.committed.filter(({ offset }) => offset > 0)).toEqual([
      { topic: 'orders', partition: 1, offset: 2 },
      { topic: 'orders', partition: 2, offset: 1 },
    ]);
  });

  // Java's hash of the first is positive, that of the second negative: each has another way to its coordinator's log.
  it.each(['readers', 'kitchen'])(
    'reads the generation and the settings of the group %s',
    async (groupId) => {
      const consumer = kafka.consumer({ groupId, sessionTimeout: 7000 });
      await consumer.connect();
      await consumer.subscribe({ topic: 'orders' });
      await consumer.run({ eachMessage: async () => {} });
      await eventually(
        async () => {
          const { groups } = await look({ groups: [groupId], generations: [groupId] });
          expect(groups[groupId]).toMatchObject({
            generation: expect.toSatisfy((generation: number) => generation > 0),
            sessionTimeoutsMs: [7000],
          });
        },
        { timeoutMs: 20_000 },
      );
      await consumer.disconnect();
    },
  );

  it('says of a cluster that does not answer why', async () => {
    const nobody = connectCluster({ bootstrap: 'localhost:1', apiTimeoutMs: 500 });
    const { clusters } = await observe({ main: nobody }, { main: NOTHING, other: NOTHING });
    expect(clusters.main).toMatchObject({ reachable: false, reason: expect.stringContaining('localhost:1') });
    expect(clusters.other).toEqual({ reachable: false, reason: 'This cluster is not running.' });
    await nobody.close();
  });
});
