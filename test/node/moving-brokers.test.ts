import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClusterError, startCluster } from '@brokerlab/broker';
import { type Client, connectCluster, Producer } from '@brokerlab/broker/client';
import { describe, expect, it } from 'vitest';
import { FetchRequest, FetchResponse } from '../../broker/src/messages/01-fetch.ts';
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../../broker/src/messages/45-alter-partition-reassignments.ts';
import { run as clusterTool } from '../../broker/src/tools/kafka-cluster.ts';
import { eventually } from '../support/eventually.ts';
import { runTool } from '../tools/run-tool.ts';

async function fill(
  bootstrap: string,
  topic: string,
  { batches, bytes }: { batches: number; bytes: number },
) {
  const producer = new Producer({ bootstrap, acks: -1, lingerMs: 0 });
  const value = Buffer.alloc(bytes, 'x');
  for (let index = 0; index < batches; index++) {
    await producer.send({ topic, key: null, value }, () => undefined);
    await producer.flush();
  }
  await producer.close();
}

async function move(client: Client, topic: string, replicas: number[] | null): Promise<void> {
  const answer = await client.request('any', {
    request: AlterPartitionReassignmentsRequest,
    response: AlterPartitionReassignmentsResponse,
    body: { topics: [{ name: topic, partitions: [{ partitionIndex: 0, replicas }] }] },
  });
  expect(answer.responses[0]?.partitions[0]?.errorMessage).toBeNull();
}

async function placeOf(client: Client, topic: string) {
  const [description] = await client.describeTopicPartitions([topic]);
  const partition = description?.partitions[0];
  return { replicas: partition?.replicas, isr: partition?.isr };
}

describe('a partition that moves', () => {
  it('need not wait for the end of a fetch that is held, the first one of a follower either', async () => {
    const config = { 'replica.fetch.wait.max.ms': '600000' };
    await using cluster = await startCluster({ brokers: 3, config });
    await using client = connectCluster({ bootstrap: cluster.bootstrap });
    await client.createTopics([
      {
        name: 'orders',
        assignments: [
          [1, 2],
          [1, 3],
          [3, 1],
        ],
      },
    ]);
    const moves = [
      [3, 2],
      [2, 3],
      [1, 2],
    ];
    await client.alterReassignments(
      moves.map((replicas, partition) => ({ topic: 'orders', partition, replicas })),
    );
    await eventually(async () => expect(await client.listReassignments()).toEqual([]), {
      timeoutMs: 30_000,
    });
  });

  it('is throttled while the rate is low, is seen on its way, and can be called back', async () => {
    await using cluster = await startCluster({ brokers: 2 });
    await using client = connectCluster({ bootstrap: cluster.bootstrap });
    await client.createTopics([{ name: 'slow', assignments: [[1]] }]);
    await fill(cluster.bootstrap, 'slow', { batches: 24, bytes: 100_000 });
    const set = (type: 'topic' | 'broker', name: string, config: string, value: string | null) => ({
      resource: { type, name },
      changes: [{ name: config, operation: value === null ? ('delete' as const) : ('set' as const), value }],
    });
    const rates = (value: string | null) => [
      set('broker', '1', 'leader.replication.throttled.rate', value),
      set('broker', '2', 'follower.replication.throttled.rate', value),
    ];
    await client.incrementalAlterConfigs([
      set('topic', 'slow', 'leader.replication.throttled.replicas', '0:1'),
      set('topic', 'slow', 'follower.replication.throttled.replicas', '0:2'),
      ...rates('1000'),
    ]);
    await move(client, 'slow', [1, 2]);
    const [moving] = await client.listReassignments();
    expect(moving).toMatchObject({ topic: 'slow', partition: 0 });
    await move(client, 'slow', null);
    expect(await client.listReassignments()).toEqual([]);
    expect((await placeOf(client, 'slow')).replicas).toEqual([1]);
    await move(client, 'slow', [1, 2]);
    await client.incrementalAlterConfigs(rates(null));
    await eventually(async () => expect((await placeOf(client, 'slow')).isr).toEqual([1, 2]));
    expect(await client.listReassignments()).toEqual([]);
  });
});

describe('a consumer in a rack', () => {
  it('is sent to the replica of its rack where the brokers choose by racks, and may read there', async () => {
    await using cluster = await startCluster({
      brokers: 2,
      racks: ['seoul', 'busan'],
      config: { 'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector' },
    });
    await using client = connectCluster({ bootstrap: cluster.bootstrap });
    await client.createTopics([{ name: 'near', assignments: [[1, 2]] }]);
    await fill(cluster.bootstrap, 'near', { batches: 1, bytes: 10 });
    await client.metadata();
    const read = async (broker: number, rackId: string) => {
      const answer = await client.request(broker, {
        request: FetchRequest,
        response: FetchResponse,
        versionMax: 12,
        body: {
          maxWaitMs: 2_000,
          minBytes: 1,
          rackId,
          topics: [
            { topic: 'near', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1e6 }] },
          ],
        },
      });
      const partition = answer.responses[0]?.partitions[0];
      const bytes = partition?.records?.length ?? 0;
      return {
        replica: partition?.preferredReadReplica,
        hasRecords: bytes > 0,
        errorCode: partition?.errorCode,
      };
    };
    expect(await read(1, 'busan')).toEqual({ replica: 2, hasRecords: false, errorCode: 0 });
    expect(await read(1, 'seoul')).toEqual({ replica: -1, hasRecords: true, errorCode: 0 });
    expect(await read(2, 'busan')).toEqual({ replica: -1, hasRecords: true, errorCode: 0 });
  });
});

describe('a broker that was added', () => {
  it('is there again after a restart, and leaves for good once nothing lies on it', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'brokerlab-test-'));
    try {
      {
        await using cluster = await startCluster({ brokers: 1, dataDir });
        expect(await cluster.addBroker()).toBe(2);
        await using client = connectCluster({ bootstrap: cluster.bootstrap });
        await client.createTopics([{ name: 'there', assignments: [[2]] }]);
        await fill(cluster.bootstrap, 'there', { batches: 1, bytes: 10 });
      }
      await using cluster = await startCluster({ brokers: 1, dataDir });
      expect(cluster.nodes.map(({ id, state }) => [id, state])).toEqual([
        [1, 'running'],
        [2, 'running'],
      ]);
      await using client = connectCluster({ bootstrap: cluster.bootstrap });
      await expect(cluster.remove(1)).rejects.toMatchObject({
        code: 'voter',
      } satisfies Partial<ClusterError>);
      await expect(cluster.remove(2)).rejects.toThrow('broker 2 has replicas of 1 partitions (there-0)');
      await move(client, 'there', [1]);
      await eventually(async () => expect((await placeOf(client, 'there')).replicas).toEqual([1]));
      await cluster.remove(2);
      expect(cluster.nodes.map(({ id }) => id)).toEqual([1]);
      const { brokers } = await client.describeCluster({ includeFenced: true });
      expect(brokers.map(({ id }) => id)).toEqual([1]);
      const { records } = await client.fetchRecords({ topic: 'there', partition: 0, from: 0 });
      expect(records).toHaveLength(1);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

describe('a broker that is unregistered while it runs', () => {
  it('stays out, as Apache Kafka’s does, until it is started again', async () => {
    const told: string[] = [];
    await using cluster = await startCluster({
      brokers: 3,
      config: { 'broker.heartbeat.interval.ms': '50' },
      log: (_level, message) => told.push(message),
    });
    const [one] = cluster.bootstrap.split(',');
    await using client = connectCluster({ bootstrap: one! });
    await client.createTopics([{ name: 'a', assignments: [[3, 1, 2]] }]);
    const ids = async () => (await client.describeCluster()).brokers.map(({ id }) => id).sort();
    const unregistered = await runTool(clusterTool, ['unregister', '--bootstrap-server', one!, '--id', '3']);
    expect(unregistered).toEqual({ code: 0, out: 'Broker 3 is no longer registered.\n', err: '' });
    const refusal = 'Broker 3 sent a heartbeat request but received error STALE_BROKER_EPOCH.';
    await eventually(() => expect(told.filter((text) => text === refusal).length).toBeGreaterThan(3));
    expect(await ids()).toEqual([1, 2]);
    const partition = async () => (await client.describeTopicPartitions(['a']))[0]!.partitions[0]!;
    expect(await partition()).toMatchObject({ leader: 1, replicas: [3, 1, 2], isr: [1, 2] });
    await cluster.stop(3);
    await cluster.start(3);
    expect(await ids()).toEqual([1, 2, 3]);
    await eventually(async () => expect([...(await partition()).isr].sort()).toEqual([1, 2, 3]));
  });
});
