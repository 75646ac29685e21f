import { type Cluster, startCluster, VirtualClock } from '@brokerlab/broker';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';

const clock = new VirtualClock();
let cluster: Cluster;
let kafka: Kafka;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3, clock });
  kafka = new Kafka({ brokers: cluster.bootstrap.split(','), logLevel: logLevel.NOTHING });
});
afterAll(() => cluster.stop());

it('keeps every acknowledged record while a broker dies', async () => {
  const admin = kafka.admin();
  await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 1, replicationFactor: 3 }] });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 'orders', acks: -1, messages: [{ value: 'one' }] });
  await cluster.stop(2);
  await producer.send({ topic: 'orders', acks: -1, messages: [{ value: 'two' }] });
  await cluster.start(2);
  const [partition] = await admin.fetchTopicOffsets('orders');
  expect(partition?.high).toBe('2');
  await Promise.all([producer.disconnect(), admin.disconnect()]);
});

it('forgets records after seven days', async () => {
  await clock.advance('7d');
  await clock.advance('6m'); // retention looks every five minutes
  const admin = kafka.admin();
  const [partition] = await admin.fetchTopicOffsets('orders');
  expect(partition?.low).toBe('2');
  await admin.disconnect();
});
