/** Transactions as a client sees them: nothing of an aborted one, all of a committed one, offsets included. */
import { startCluster } from '@brokerlab/broker';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';

type Cluster = Awaited<ReturnType<typeof startCluster>>;

describe('transactions (kafkajs)', () => {
  let cluster: Cluster;
  let kafka: Kafka;

  beforeAll(async () => {
    cluster = await startCluster({ brokers: 3, config: { 'group.initial.rebalance.delay.ms': '0' } });
    kafka = new Kafka({ brokers: cluster.bootstrap.split(','), logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({
      topics: [
        { topic: 'in', numPartitions: 1 },
        { topic: 'out', numPartitions: 3 },
      ],
    });
    await admin.disconnect();
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  it('show committed records and hide aborted ones from read_committed consumers', async () => {
    const producer = kafka.producer({ transactionalId: 'tx-1', idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const send = async (values: string[], end: 'commit' | 'abort') => {
      const transaction = await producer.transaction();
      for (const value of values) await transaction.send({ topic: 'out', messages: [{ key: value, value }] });
      await transaction[end]();
    };
    await send(['a', 'b'], 'commit');
    await send(['never-1', 'never-2'], 'abort');
    await send(['c', 'd', 'e'], 'commit');
    await producer.disconnect();
    const seen = await readAll('out', 'committed-readers', 5);
    expect(seen.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('commit offsets with the records, or neither', async () => {
    const producer = kafka.producer({ transactionalId: 'tx-2', idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const admin = kafka.admin();
    await admin.connect();
    const offsetOf = async () =>
      (await admin.fetchOffsets({ groupId: 'mover', topics: ['in'] }))[0]!.partitions[0]!.offset;
    const move = async (offset: string, end: 'commit' | 'abort') => {
      const transaction = await producer.transaction();
      await transaction.send({ topic: 'out', messages: [{ value: `moved-${offset}` }] });
      await transaction.sendOffsets({
        consumerGroupId: 'mover',
        topics: [{ topic: 'in', partitions: [{ partition: 0, offset }] }],
      });
      await transaction[end]();
    };
    await move('7', 'commit');
    await eventually(async () => expect(await offsetOf()).toBe('7'));
    await move('9', 'abort');
    await move('8', 'commit');
    await eventually(async () => expect(await offsetOf()).toBe('8'));
    await producer.disconnect();
    await admin.disconnect();
  });

  it('fence an older producer of the same transactional id', async () => {
    const first = kafka.producer({
      transactionalId: 'tx-3',
      idempotent: true,
      maxInFlightRequests: 1,
      retry: { retries: 2 },
    });
    const second = kafka.producer({ transactionalId: 'tx-3', idempotent: true, maxInFlightRequests: 1 });
    await first.connect();
    const zombie = await first.transaction();
    await zombie.send({ topic: 'out', messages: [{ value: 'zombie' }] });
    await second.connect();
    const winner = await second.transaction();
    await winner.send({ topic: 'out', messages: [{ value: 'winner' }] });
    await winner.commit();
    await expect(zombie.commit()).rejects.toThrow();
    await first.disconnect();
    await second.disconnect();
  });

  async function readAll(topic: string, groupId: string, count: number): Promise<string[]> {
    const consumer = kafka.consumer({ groupId, readUncommitted: false });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const seen: string[] = [];
    await consumer.run({
      eachMessage: async ({ message }) => {
        seen.push(message.value!.toString());
      },
    });
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(count), { timeoutMs: 20_000 });
    await consumer.disconnect();
    return seen;
  }
});
