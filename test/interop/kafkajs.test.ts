import { type Cluster, startCluster } from '@brokerlab/broker';
import { CompressionTypes, Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';

let cluster: Cluster;
let kafka: Kafka;
beforeAll(async () => {
  cluster = await startCluster({
    brokers: 3,
    config: {
      'group.initial.rebalance.delay.ms': '0',
      'broker.heartbeat.interval.ms': '300',
      'broker.session.timeout.ms': '3000',
    },
  });
  kafka = new Kafka({
    brokers: cluster.bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, retries: 20 },
  });
});
afterAll(() => cluster?.stop());

describe('kafkajs', () => {
  it('administers topics, configurations and partitions', async () => {
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'made', numPartitions: 2, replicationFactor: 3 }] });
    await admin.createPartitions({ topicPartitions: [{ topic: 'made', count: 4 }] });
    await eventually(async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: ['made'] });
      expect(topics[0]?.partitions).toHaveLength(4);
    });
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: 2, name: 'made', configEntries: [{ name: 'retention.ms', value: '1000' }] }],
    });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: 'made', configNames: ['retention.ms'] }],
    });
    expect(resources[0]?.configEntries[0]?.configValue).toBe('1000');
    await admin.deleteTopics({ topics: ['made'] });
    await eventually(async () => expect(await admin.listTopics()).not.toContain('made'));
    await admin.disconnect();
  });

  it('goes on producing and consuming in a group while a broker is killed and comes back', async () => {
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'flow', numPartitions: 3, replicationFactor: 3 }] });
    const consumer = kafka.consumer({ groupId: 'flow-readers', sessionTimeout: 6000, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic: 'flow', fromBeginning: true });
    const seen = new Set<string>();
    await consumer.run({ eachMessage: async ({ message }) => void seen.add(String(message.value)) });
    const producer = kafka.producer({
      idempotent: true,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    const sent: string[] = [];
    for (let index = 0; index < 40; index++) {
      if (index === 10) await cluster.kill(2);
      if (index === 30) await cluster.start(2);
      const value = `message ${index}`;
      const compression = index % 2 === 0 ? CompressionTypes.None : CompressionTypes.GZIP;
      await producer.send({ topic: 'flow', acks: -1, compression, messages: [{ key: `${index}`, value }] });
      sent.push(value);
    }
    await eventually(() => expect([...seen].toSorted()).toEqual(sent.toSorted()), { timeoutMs: 40_000 });
    await consumer.disconnect();
    await producer.disconnect();
    await admin.disconnect();
  });
});
