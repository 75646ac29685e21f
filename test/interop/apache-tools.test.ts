import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startCluster } from '@brokerlab/broker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, resolveApacheKafka, runTool } from '../support/apache-kafka.ts';

const reason = missing();
if (reason !== undefined) console.log(`skipped: Apache Kafka's own tools, ${reason}`);

let cluster: Cluster;
let dataDir: string;
beforeAll(async () => {
  if (reason !== undefined) return;
  resolveApacheKafka();
  dataDir = mkdtempSync(join(tmpdir(), 'brokerlab-java-'));
  cluster = await startCluster({ brokers: 3, dataDir, config: { 'group.initial.rebalance.delay.ms': '0' } });
}, 300_000);
afterAll(async () => {
  await cluster?.stop();
  if (dataDir !== undefined) rmSync(dataDir, { recursive: true, force: true });
});

async function tool(name: string, args: readonly string[], input?: string): Promise<string> {
  const run = await runTool(name, ['--bootstrap-server', cluster.bootstrap, ...args], {
    timeoutMs: 100_000,
    ...(input === undefined ? {} : { input }),
  });
  expect(run.exitCode, `${name} ${args.join(' ')}\n${run.stdout}\n${run.stderr}`).toBe(0);
  return run.stdout;
}

describe.skipIf(reason !== undefined)("Apache Kafka's own tools", () => {
  it('create and describe a topic', async () => {
    const created = await tool('kafka-topics', [
      ...['--create', '--topic', 'orders', '--partitions', '3', '--replication-factor', '3'],
      ...['--config', 'retention.ms=3600000'],
    ]);
    expect(created).toContain('Created topic orders.');
    const described = await tool('kafka-topics', ['--describe', '--topic', 'orders']);
    expect(described).toMatch(
      /PartitionCount: 3\tReplicationFactor: 3\tConfigs: min.insync.replicas=1,retention.ms=3600000/,
    );
    expect(described.match(/Isr: \d,\d,\d/g)).toHaveLength(3);
  }, 240_000);

  it('produce with every codec while one broker is stopped and comes back, and read it all in a group', async () => {
    const sent: string[] = [];
    const produce = async (codec: string): Promise<void> => {
      const lines = Array.from(
        { length: 20 },
        (_, number) => `${number}:${codec} ${'y'.repeat(number * 20)}`,
      );
      sent.push(...lines.map((line) => line.slice(line.indexOf(':') + 1)));
      const properties = ['--reader-property', 'parse.key=true', '--reader-property', 'key.separator=:'];
      const args = ['--topic', 'orders', '--compression-codec', codec, ...properties];
      await tool('kafka-console-producer', args, `${lines.join('\n')}\n`);
    };
    await cluster.stop(2);
    await Promise.all(['none', 'gzip', 'snappy'].map(produce));
    await cluster.start(2);
    await Promise.all(['lz4', 'zstd'].map(produce));
    const read = await tool('kafka-console-consumer', [
      ...['--topic', 'orders', '--from-beginning', '--group', 'readers'],
      ...['--max-messages', String(sent.length), '--timeout-ms', '60000'],
    ]);
    const lines = read.split('\n').filter((line) => sent.includes(line));
    expect(lines.toSorted()).toEqual(sent.toSorted());
    const group = await tool('kafka-consumer-groups', ['--describe', '--group', 'readers']);
    expect(group.match(/^readers +orders +\d +(\d+) +\1 +0 /gm)).toHaveLength(3);
  }, 240_000);

  it('measure themselves on it: perf tests and end to end latency', async () => {
    const produced = await tool('kafka-producer-perf-test', [
      ...['--topic', 'perf', '--num-records', '5000', '--record-size', '500', '--throughput', '-1'],
      ...['--command-property', 'acks=all', '--command-property', 'compression.type=lz4'],
    ]);
    expect(produced).toContain('5000 records sent');
    const consumed = await tool('kafka-consumer-perf-test', [
      ...['--topic', 'perf', '--num-records', '5000', '--timeout', '60000'],
    ]);
    expect(consumed).toMatch(/, 5000, /);
  }, 240_000);

  it('change configurations, describe the quorum, delete a topic', async () => {
    await tool('kafka-configs', [
      ...[
        '--entity-type',
        'topics',
        '--entity-name',
        'orders',
        '--alter',
        '--add-config',
        'max.message.bytes=2000',
      ],
    ]);
    const configs = await tool('kafka-configs', [
      '--entity-type',
      'topics',
      '--entity-name',
      'orders',
      '--describe',
    ]);
    expect(configs).toContain('max.message.bytes=2000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG');
    const quorum = await tool('kafka-metadata-quorum', ['describe', '--status']);
    expect(quorum).toMatch(/LeaderId: +[123]\n/);
    expect(quorum).toMatch(/MaxFollowerLag: +0\n/);
    await tool('kafka-topics', ['--delete', '--topic', 'perf']);
    expect(await tool('kafka-topics', ['--list'])).not.toContain('perf');
  }, 240_000);

  it('read our segments and our metadata log', async () => {
    const folder = join(dataDir, '1', 'orders-0');
    const segment = readdirSync(folder).find((name) => name.endsWith('.log'))!;
    const dumped = await runTool('kafka-dump-log', ['--files', join(folder, segment), '--deep-iteration']);
    expect(dumped.stdout).toContain('isvalid: true');
    expect(dumped.stdout).not.toContain('isvalid: false');
    const metadata = join(dataDir, '1', '__cluster_metadata-0', '00000000000000000000.log');
    const decoded = await runTool('kafka-dump-log', ['--cluster-metadata-decoder', '--files', metadata]);
    expect(decoded.stdout).toContain('"type":"TOPIC_RECORD","version":0,"data":{"name":"orders"');
    expect(decoded.stdout).not.toMatch(/Error|Exception/);
  }, 240_000);
});
