import { startCluster } from '@brokerlab/broker';
import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, it } from 'vitest';

describe('a cluster of three', () => {
  it('starts, keeps what is produced and gives it to a consumer group', async () => {
    await using cluster = await startCluster({
      brokers: 3,
      config: { 'group.initial.rebalance.delay.ms': '0' },
    });
    const kafka = new Kafka({ brokers: cluster.bootstrap.split(','), logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3, replicationFactor: 3 }] });
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic: 'orders', acks: -1, messages: [{ key: 'a', value: 'one' }] });
    const consumer = kafka.consumer({ groupId: 'readers', sessionTimeout: 6000, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic: 'orders', fromBeginning: true });
    const seen = await new Promise<string>((resolve) => {
      void consumer.run({
        eachMessage: async ({ message }) => resolve(String(message.value)),
      });
    });
    expect(seen).toBe('one');
    await consumer.disconnect();
    await producer.disconnect();
    await admin.disconnect();
  });
});
