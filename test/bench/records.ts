/**
 * Records through a cluster: Java's own producer-perf-test, consumer-perf-test and e2e-latency against ours and against
 * Apache Kafka's, so that only the brokers differ. Without a JDK there is no such client, and the benches say so.
 */
import { javaCommand, missing, resolveApacheKafka } from '../support/apache-kafka.ts';
import { runCommand } from '../support/run-command.ts';
import type { BenchCluster } from './clusters.ts';
import type { Bench } from './measure.ts';
import { compare, type Measured } from './peer.ts';

const RECORD_BYTES = 1024;
const PRODUCED = 500_000;
const CONSUMED = 1_000_000;
const LATENCY_RECORDS = 5_000;
const RUN_MS = 600_000;
/** kafka-producer-perf-test.sh and its kin run with this. */
const HEAP = ['-Xmx512M'];

export const produceBench: Bench = {
  name: 'produce',
  what: `Java's producer-perf-test, ${PRODUCED} × 1 KB, 6 partitions`,
  run: (report) =>
    withJava(report, () =>
      compare({ unit: () => 'records/s', better: 'more', goal: { atLeast: 1 }, measure: produceAll }, report),
    ),
};

async function produceAll(cluster: BenchCluster): Promise<Measured> {
  const rates: Record<string, number> = {};
  for (const replicas of [1, 3]) {
    const topic = `produce-${replicas}`;
    await createTopic(cluster, { topic, replicas });
    // The first run warms the broker up, on both sides.
    await produce(cluster, { topic, acks: '1', records: PRODUCED / 5 });
    for (const acks of ['1', 'all']) {
      rates[`produce-rf${replicas}-acks-${acks}`] = await produce(cluster, {
        topic,
        acks,
        records: PRODUCED,
      });
    }
  }
  return rates;
}

export const consumeBench: Bench = {
  name: 'consume',
  what: `Java's consumer-perf-test, ${CONSUMED} × 1 KB`,
  run: (report) =>
    withJava(report, () =>
      compare(
        {
          unit: () => 'records/s',
          better: 'more',
          goal: { atLeast: 1 },
          measure: async (cluster) => {
            await createTopic(cluster, { topic: 'consume', replicas: 1 });
            await produce(cluster, { topic: 'consume', acks: '1', records: CONSUMED });
            await consume(cluster);
            return { consume: await consume(cluster) };
          },
        },
        report,
      ),
    ),
};

export const latencyBench: Bench = {
  name: 'latency',
  what: `Java's e2e-latency, ${LATENCY_RECORDS} × 1 KB, one partition, replication factor 3, acks=all`,
  run: (report) =>
    withJava(report, () =>
      compare({ unit: () => 'ms', better: 'less', goal: { atMost: 1 }, measure: endToEnd }, report),
    ),
};

async function withJava<T>(report: (sentence: string) => void, action: () => Promise<T[]>): Promise<T[]> {
  const reason = missing();
  if (reason === undefined) {
    resolveApacheKafka();
    return await action();
  }
  report(`not measured, for its client is Apache Kafka's own: ${reason}.`);
  return [];
}

async function createTopic(
  { client }: BenchCluster,
  { topic, replicas, partitions = 6 }: { topic: string; replicas: number; partitions?: number },
): Promise<void> {
  const [outcome] = await client.createTopics([{ name: topic, partitions, replicationFactor: replicas }]);
  if (outcome === undefined || outcome.error !== null) throw new Error(`no topic: ${outcome?.error?.name}`);
}

async function produce(
  cluster: BenchCluster,
  { topic, acks, records }: { topic: string; acks: string; records: number },
): Promise<number> {
  const properties = [`bootstrap.servers=${cluster.bootstrap}`, `acks=${acks}`];
  const size = ['--num-records', String(records), '--record-size', String(RECORD_BYTES)];
  const text = await java('kafka-producer-perf-test', [
    ...['--topic', topic, ...size, '--throughput', '-1', '--producer-props'],
    ...properties,
  ]);
  return numberIn(text.trim().split('\n').at(-1) ?? '', /([\d.]+) records\/sec/);
}

/** Records a second of fetching, without the group's start: `fetch.nMsg.sec`. */
async function consume(cluster: BenchCluster): Promise<number> {
  const text = await java('kafka-consumer-perf-test', [
    ...['--bootstrap-server', cluster.bootstrap, '--topic', 'consume'],
    ...['--num-records', String(CONSUMED), '--timeout', '60000'],
  ]);
  const lines = text.trim().split('\n');
  const heading = lines.findIndex((line) => line.startsWith('start.time'));
  const column = (lines[heading] ?? '').split(', ').indexOf('fetch.nMsg.sec');
  const value = Number((lines[heading + 1] ?? '').split(', ')[column]);
  if (!Number.isFinite(value)) throw new Error(`consumer-perf-test said: ${text.trim().slice(-300)}`);
  return value;
}

async function endToEnd(cluster: BenchCluster): Promise<Measured> {
  await createTopic(cluster, { topic: 'latency', replicas: 3, partitions: 1 });
  const run = (records: number) =>
    java('kafka-e2e-latency', [
      ...['--bootstrap-server', cluster.bootstrap, '--topic', 'latency', '--num-records', String(records)],
      ...['--producer-acks', 'all', '--record-size', String(RECORD_BYTES)],
    ]);
  await run(1_000);
  const text = await run(LATENCY_RECORDS);
  return {
    'latency-p50': numberIn(text, /50th = ([\d.]+)/),
    'latency-p99': numberIn(text, /99th = ([\d.]+)/),
  };
}

async function java(tool: string, args: readonly string[]): Promise<string> {
  const [command, all] = javaCommand(tool, args, HEAP);
  const { stdout, stderr, exitCode } = await runCommand(command, all, { timeoutMs: RUN_MS });
  if (exitCode !== 0)
    throw new Error(`${tool} ended with ${exitCode}: ${(stderr || stdout).trim().slice(-300)}`);
  return stdout;
}

function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`no number in: ${text.trim().slice(-300)}`);
  return Number(found);
}
