/** Starting, resting and administering a cluster, beside Apache Kafka. */
import { resolve } from 'node:path';
import { javaCommand, missing, resolveApacheKafka } from '../support/apache-kafka.ts';
import { eventually } from '../support/eventually.ts';
import { runCommand } from '../support/run-command.ts';
import type { BenchCluster } from './clusters.ts';
import type { Bench } from './measure.ts';
import { percentile } from './measure.ts';
import { compare, type Measured } from './peer.ts';

const BIN = resolve(import.meta.dirname, '../../broker/bin');
/** V8 and the JVM tidy up for some time after a start; idle is what comes after. */
const SETTLE_MS = 20_000;
const PARTITIONS = 2_000;
const TOOL_ROUNDS = 5;

export const startBench: Bench = {
  name: 'start',
  what: 'three brokers from nothing to serving, formatting included',
  run: (report) =>
    compare(
      {
        unit: () => 'ms',
        better: 'less',
        goal: { atLeast: 20 },
        measure: async (cluster) => ({ start: cluster.startedMs }),
      },
      report,
    ),
};

export const clusterMemoryBench: Bench = {
  name: 'cluster-memory',
  what: 'memory (PSS) of an idle three-broker cluster, the process that started it included',
  run: (report) =>
    compare(
      {
        unit: () => 'MB',
        better: 'less',
        goal: { atLeast: 20 },
        measure: async (cluster) => {
          await pause(SETTLE_MS);
          return { 'cluster-memory': cluster.memoryBytes() / 1e6 };
        },
      },
      report,
    ),
};

export const partitionsBench: Bench = {
  name: 'partitions',
  what: `a topic of ${PARTITIONS} partitions, replication factor 3: create it, describe it, restart the cluster`,
  run: (report) =>
    compare({ unit: () => 's', better: 'less', goal: { atMost: 1 }, measure: administer }, report),
};

async function administer(cluster: BenchCluster): Promise<Measured> {
  const seconds = async (action: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await action();
    return (performance.now() - startedAt) / 1000;
  };
  const { client } = cluster;
  const topics = [{ name: 'wide', partitions: PARTITIONS, replicationFactor: 3 }];
  const created = await seconds(async () => {
    const [outcome] = await client.createTopics(topics);
    if (outcome === undefined || outcome.error !== null) throw new Error(`no topic: ${outcome?.error?.name}`);
  });
  await inSync(cluster);
  const described = await seconds(() => client.describeTopicPartitions(['wide']));
  const restarted = await seconds(async () => {
    await cluster.restart();
    await inSync(cluster);
  });
  return { 'partitions-create': created, 'partitions-describe': described, 'partitions-restart': restarted };
}

/** Every partition has its leader and its three replicas in sync, as any client sees it. */
function inSync(cluster: BenchCluster): Promise<void> {
  return eventually(
    async () => {
      const { topics } = await cluster.client.metadata({ topics: ['wide'] });
      const partitions = topics[0]?.partitions ?? [];
      const sound = partitions.filter(({ leader, isr }) => leader !== null && isr.length === 3);
      if (sound.length < PARTITIONS)
        throw new Error(`${sound.length} of ${PARTITIONS} partitions are in sync`);
    },
    { timeoutMs: 120_000, everyMs: 50 },
  );
}

const TOOL_RUNS = {
  'tool-list': ['kafka-topics', '--list'],
  'tool-describe': ['kafka-topics', '--describe'],
  'tool-group-describe': ['kafka-consumer-groups', '--describe', '--group', 'readers'],
} as const;

export const toolsBench: Bench = {
  name: 'tools',
  what: "a tool's whole run on our cluster: ours, and Apache Kafka's as its own scripts start it",
  async run(report) {
    const results = await compareTools(report);
    return results;
  },
};

async function compareTools(report: (sentence: string) => void) {
  const { startOurs } = await import('./clusters.ts');
  await using cluster = await startOurs();
  const server = ['--bootstrap-server', cluster.bootstrap];
  await prepareTools(cluster);
  const results = [];
  const reason = missing();
  if (reason !== undefined) report(`Apache Kafka's tools are not measured beside ours: ${reason}.`);
  else resolveApacheKafka();
  for (const [name, [tool, ...options]] of Object.entries(TOOL_RUNS)) {
    const args = [...options, ...server];
    const value = await median(() => run(resolve(BIN, `${tool}.sh`), args));
    if (reason !== undefined) {
      results.push({ name, value, unit: 'ms' });
      continue;
    }
    const peer = await median(() => run(...javaCommand(tool, args, ['-Xmx256M'])));
    const ratio = peer / value;
    results.push({ name, value, unit: 'ms', peer, ratio, target: 10, met: ratio >= 10 });
  }
  return results;
}

/** Two topics and a group that has read one of them. */
async function prepareTools({ client, bootstrap }: BenchCluster): Promise<void> {
  await client.createTopics(
    ['orders', 'payments'].map((name) => ({ name, partitions: 3, replicationFactor: 3 })),
  );
  const offsets = [0, 1, 2].map((partition) => ({ topic: 'orders', partition, offset: 0 }));
  await eventually(async () => {
    const committed = await client.offsetCommit('readers', offsets);
    const failed = committed.find(({ error }) => error !== null);
    if (failed !== undefined) throw new Error(`no offsets on ${bootstrap}: ${failed.error?.name}`);
  });
}

async function median(action: () => Promise<void>): Promise<number> {
  await action();
  const times: number[] = [];
  for (let round = 0; round < TOOL_ROUNDS; round++) {
    const startedAt = performance.now();
    await action();
    times.push(performance.now() - startedAt);
  }
  return percentile(times, 50);
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand(command, args, { timeoutMs: 60_000 });
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}: ${stderr.trim().slice(-300)}`);
}

const pause = (ms: number) => new Promise((resolvePause) => setTimeout(resolvePause, ms));
