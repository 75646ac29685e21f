import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@brokerlab/broker';
import { type Client, connectCluster, Producer, type SendOutcome } from '@brokerlab/broker/client';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';

/** Short times, so that a fault shows soon. */
const quick = {
  'broker.heartbeat.interval.ms': '100',
  'broker.session.timeout.ms': '1000',
  'replica.lag.time.max.ms': '2000',
  'controller.quorum.election.timeout.ms': '300',
  'controller.quorum.fetch.timeout.ms': '600',
  'group.initial.rebalance.delay.ms': '0',
};

async function values(client: Client, topic: string): Promise<string[]> {
  const { records } = await client.fetchRecords({ topic, partition: 0, from: 0, waitMs: 100 });
  return records.map((record) => String(record.value));
}

async function send(bootstrap: string, topic: string, texts: readonly string[]): Promise<void> {
  const producer = new Producer({ bootstrap, acks: -1, deliveryTimeoutMs: 30_000, requestTimeoutMs: 3_000 });
  const outcomes: SendOutcome[] = [];
  for (const text of texts) {
    await producer.send({ topic, key: null, value: Buffer.from(text) }, (outcome) => outcomes.push(outcome));
  }
  await producer.flush();
  await producer.close();
  expect(outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
}

async function createTopic(client: Client, name: string): Promise<void> {
  const [outcome] = await client.createTopics([{ name, partitions: 1, replicationFactor: 3 }]);
  expect(outcome?.error).toBeNull();
}

async function partitionOf(client: Client, topic: string) {
  const [description] = await client.describeTopicPartitions([topic]);
  const partition = description?.partitions[0];
  if (partition === undefined) throw new Error(`no partition of ${topic} yet`);
  return partition;
}

describe('a cluster of three in which one broker fails', () => {
  for (const fault of ['stop', 'kill', 'pause', 'isolate'] as const) {
    it(`goes on without it after ${fault}, and takes it back into the ISR, losing nothing`, async () => {
      await using cluster = await startCluster({ brokers: 3, config: quick });
      await using client = connectCluster({ bootstrap: cluster.bootstrap });
      await createTopic(client, 'orders');
      await send(cluster.bootstrap, 'orders', ['before']);
      const { leader } = await partitionOf(client, 'orders');
      await cluster[fault](leader as number);
      // A broker that is cut off goes on telling its clients what it last knew, so the others are asked.
      const others = cluster.nodes
        .filter(({ id }) => id !== leader)
        .map(({ host, port }) => `${host}:${port}`);
      await using witness = connectCluster({ bootstrap: others.join(',') });
      await eventually(
        async () => {
          const partition = await partitionOf(witness, 'orders');
          expect(partition.leader).not.toBe(leader);
          expect(partition.leader).not.toBeNull();
        },
        { timeoutMs: 15_000 },
      );
      await send(others.join(','), 'orders', ['during']);
      expect(await values(witness, 'orders')).toEqual(['before', 'during']);
      if (fault === 'pause') await cluster.resume(leader as number);
      else if (fault === 'isolate') await cluster.heal(leader as number);
      else await cluster.start(leader as number);
      await eventually(
        async () => expect((await partitionOf(witness, 'orders')).isr.toSorted()).toEqual([1, 2, 3]),
        { timeoutMs: 15_000 },
      );
      await send(others.join(','), 'orders', ['after']);
      expect(await values(witness, 'orders')).toEqual(['before', 'during', 'after']);
    });
  }
});

describe('a cluster on a folder', () => {
  for (const end of ['stopped in order', 'killed'] as const) {
    it(`goes on where it stopped, after being ${end}`, async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'brokerlab-test-'));
      try {
        const first = await startCluster({ brokers: 3, dataDir, config: quick });
        const before = connectCluster({ bootstrap: first.bootstrap });
        await createTopic(before, 'kept');
        await send(first.bootstrap, 'kept', ['one', 'two']);
        await before.close();
        if (end === 'killed') for (const { id } of first.nodes) await first.kill(id);
        await first.stop();
        await using second = await startCluster({ brokers: 3, dataDir, config: quick });
        expect(second.clusterId).toBe(first.clusterId);
        await using client = connectCluster({ bootstrap: second.bootstrap });
        await eventually(async () => expect(await values(client, 'kept')).toEqual(['one', 'two']));
        await send(second.bootstrap, 'kept', ['three']);
        expect(await values(client, 'kept')).toEqual(['one', 'two', 'three']);
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    });
  }
});

describe('a cluster that grows', () => {
  it('takes a fourth broker, which serves new partitions', async () => {
    await using cluster = await startCluster({ brokers: 3, config: quick });
    expect(await cluster.addBroker()).toBe(4);
    await using client = connectCluster({ bootstrap: cluster.bootstrap });
    const [outcome] = await client.createTopics([{ name: 'far', assignments: [[4, 1]] }]);
    expect(outcome?.error).toBeNull();
    await send(cluster.bootstrap, 'far', ['here']);
    expect(await values(client, 'far')).toEqual(['here']);
    expect((await partitionOf(client, 'far')).leader).toBe(4);
  });
});
