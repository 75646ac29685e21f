/** Java's own consumers in a group of the consumer protocol (KIP-848) on our cluster, beside ours and a classic one. */
import { type Cluster, startCluster } from '@brokerlab/broker';
import { type Client, connectCluster, Producer } from '@brokerlab/broker/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coordinatorPartition } from '../../broker/src/group/placement.ts';
import { missing, resolveApacheKafka, runTool } from '../support/apache-kafka.ts';
import { eventually } from '../support/eventually.ts';

const reason = missing();
if (reason !== undefined) console.log(`skipped: Java's consumers in a KIP-848 group, ${reason}`);

const PARTITIONS = 6;
let cluster: Cluster;
let client: Client;

beforeAll(async () => {
  if (reason !== undefined) return;
  resolveApacheKafka();
  cluster = await startCluster({
    brokers: 3,
    config: {
      'group.initial.rebalance.delay.ms': '0',
      'broker.heartbeat.interval.ms': '200',
      'broker.session.timeout.ms': '2000',
      'group.consumer.min.heartbeat.interval.ms': '500',
      'group.consumer.heartbeat.interval.ms': '500',
    },
  });
  client = connectCluster({ bootstrap: cluster.bootstrap });
  await client.createTopics([{ name: 'orders', partitions: PARTITIONS, replicationFactor: 3 }]);
}, 300_000);

afterAll(async () => {
  await client?.close();
  await cluster?.[Symbol.asyncDispose]();
});

function javaConsumer(messagesMax: number, properties: readonly string[]) {
  return runTool(
    'kafka-console-consumer',
    [
      ...[
        '--bootstrap-server',
        cluster.bootstrap,
        '--topic',
        'orders',
        '--group',
        'readers',
        '--from-beginning',
      ],
      ...['--timeout-ms', '20000', '--max-messages', String(messagesMax)],
      ...properties.flatMap((property) => ['--command-property', property]),
    ],
    { timeoutMs: 120_000 },
  );
}

async function produce(from: number, count: number): Promise<void> {
  const producer = new Producer({ bootstrap: cluster.bootstrap, acks: -1 });
  for (let number = from; number < from + count; number++) {
    const record = {
      topic: 'orders',
      key: null,
      value: Buffer.from(String(number)),
      partition: number % PARTITIONS,
    };
    await producer.send(record, () => {});
  }
  await producer.flush();
  await producer.close();
}

async function sharedBy(members: number, type: 'Classic' | 'Consumer'): Promise<void> {
  await eventually(
    async () => {
      const [group] = await client.describeGroups(['readers']);
      expect(group).toMatchObject({ type, state: 'Stable' });
      expect(group?.members.map(({ assignment }) => assignment.length)).toEqual(
        Array.from({ length: members }, () => PARTITIONS / members),
      );
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );
}

function numbersOf(...runs: readonly { readonly stdout: string }[]): number[] {
  const lines = runs.flatMap(({ stdout }) => stdout.split('\n').filter((line) => /^\d+$/.test(line)));
  return lines.map(Number).sort((a, b) => a - b);
}

describe.skipIf(reason !== undefined)("Java's consumers with group.protocol=consumer", () => {
  it('share the partitions, and read every record once while their coordinator is stopped', async () => {
    const modern = ['group.protocol=consumer'];
    const running = [javaConsumer(60, modern), javaConsumer(60, modern)];
    await sharedBy(2, 'Consumer');
    await produce(0, 60);
    const [offsets] = await client.describeTopicPartitions(['__consumer_offsets']);
    const coordinator = offsets!.partitions[coordinatorPartition('readers', 50)]!.leader!;
    await cluster.stop(coordinator);
    await sharedBy(2, 'Consumer');
    await produce(60, 60);
    const runs = await Promise.all(running);
    await cluster.start(coordinator);
    expect(numbersOf(...runs)).toEqual(Array.from({ length: 120 }, (_, index) => index));
  }, 240_000);

  it('take a classic group over, which becomes classic again when they have gone', async () => {
    const classic = javaConsumer(90, []);
    await sharedBy(1, 'Classic');
    const modern = javaConsumer(30, ['group.protocol=consumer']);
    await sharedBy(2, 'Consumer');
    await produce(120, 60);
    await modern; // has its thirty, and leaves
    await sharedBy(1, 'Classic');
    await produce(180, 60);
    expect(numbersOf(await classic, await modern)).toEqual(
      Array.from({ length: 120 }, (_, index) => 120 + index),
    );
  }, 240_000);
});
