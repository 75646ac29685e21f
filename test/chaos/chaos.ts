/**
 * Brokers as processes of their own, killed, stopped and paused at random while programs of others write and groups
 * read. Afterwards: nothing acknowledged is lost or doubled, order is kept, transactions are whole, every group's lag is 0.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startCluster } from '@brokerlab/broker';
import { type Client, connectCluster } from '@brokerlab/broker/client';
import { LIBS, missing, resolveApacheKafka, toolCommand } from '../support/apache-kafka.ts';
import { eventually } from '../support/eventually.ts';
import { strike } from './faults.ts';
import { type Acknowledged, brokenTransactions, doubled, lost, outOfOrder, readTopic } from './ledger.ts';
import { kcatReader, kcatWriter, Program, transactionalWriter } from './programs.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly say: (line: string) => void;
}

export interface ChaosReport {
  readonly faults: Readonly<Record<string, number>>;
  readonly acknowledged: Readonly<Record<string, number>>;
  /** What broke a promise, one sentence each; empty when all is well. */
  readonly broken: readonly string[];
}

/** Why it cannot run here, or undefined. */
export function chaosLacks(): string | undefined {
  if (spawnSync('sh', ['-c', 'command -v kcat']).status !== 0) return 'kcat is not installed';
  return missing();
}

const PARTITIONS = 6;
const RECORDS_PER_TRANSACTION = 20;
const SETTLE_MS = 60_000;
const PER_SECOND = 200;

export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  resolveApacheKafka();
  const folder = mkdtempSync(join(tmpdir(), 'brokerlab-chaos-'));
  const programs: Program[] = [];
  try {
    await using cluster = await startCluster({
      brokers: 3,
      packing: 'process',
      dataDir: join(folder, 'data'),
      config: { 'offsets.topic.replication.factor': '3', 'transaction.state.log.replication.factor': '3' },
    });
    await using client = connectCluster({ bootstrap: cluster.bootstrap, apiTimeoutMs: SETTLE_MS });
    const topics = ['java', 'kcat', 'transactions'];
    await client.createTopics(
      topics.map((name) => ({
        name,
        partitions: PARTITIONS,
        replicationFactor: 3,
        configs: { 'min.insync.replicas': '2' },
      })),
    );
    const run = (name: string, command: [string, readonly string[]]) => {
      const program = new Program(name, command);
      programs.push(program);
      return program;
    };
    return await play({ cluster, client, folder, run }, options);
  } finally {
    await Promise.all(programs.map((program) => program.end({ signal: 'SIGKILL', timeoutMs: 5_000 })));
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Stage {
  readonly cluster: Cluster;
  readonly client: Client;
  readonly folder: string;
  readonly run: (name: string, command: [string, readonly string[]]) => Program;
}

async function play(stage: Stage, options: ChaosOptions): Promise<ChaosReport> {
  const { cluster, client } = stage;
  const writers = startWriters(stage);
  const readers = startReaders(stage);
  await writers.java.says(/producer_send_success/, 60_000);
  await writers.transactions.says(/^committed/, 60_000);
  let number = 0;
  const feed = setInterval(() => writers.kcat.child.stdin!.write(`${number++}\n`), 1_000 / PER_SECOND);
  const faults = await strike(cluster, options).finally(() => clearInterval(feed));
  options.say('all brokers are up again; writers finish');
  writers.kcat.child.stdin!.end();
  writers.transactions.child.stdin!.end('end\n');
  const [kcatCode] = await Promise.all([
    writers.kcat.end({ timeoutMs: SETTLE_MS }),
    writers.java.end({ signal: 'SIGTERM', timeoutMs: SETTLE_MS }),
    writers.transactions.end({ timeoutMs: SETTLE_MS }),
  ]);
  options.say('writers have finished; all is read and counted');
  const broken: string[] = [];
  if (kcatCode !== 0) broken.push(`kcat could not deliver all: ${writers.kcat.errors.slice(-500)}`);
  if (!writers.transactions.lines.includes('done')) broken.push('the transactional writer did not end well');

  const java = await readTopic(client, 'java', 'read_uncommitted');
  const acknowledged = acknowledgedBy(writers.java);
  broken.push(...told('lost (java)', lost(acknowledged, java)), ...told('doubled (java)', doubled(java)));
  broken.push(...told('out of order (java)', outOfOrder(java)));

  const kcat = await readTopic(client, 'kcat', 'read_uncommitted');
  const stored = new Set(kcat.map(({ value }) => value));
  const missed = Array.from({ length: number }, (_, one) => String(one)).filter((one) => !stored.has(one));
  broken.push(...told('lost (kcat)', missed), ...told('doubled (kcat)', doubled(kcat)));
  broken.push(...told('out of order (kcat)', outOfOrder(kcat)));

  const outcomes = outcomesOf(writers.transactions);
  const transactions = await readTopic(client, 'transactions', 'read_committed');
  broken.push(...told('transactions', brokenTransactions(outcomes, transactions, RECORDS_PER_TRANSACTION)));
  const committed = [...outcomes.values()].filter((outcome) => outcome === 'committed').length;

  for (const { group, topic, program } of readers.groups) {
    const lag = await settledLag(client, group, topic).catch((error: Error) => error.message);
    if (lag === 0) continue;
    const said = [...program.lines.slice(-3), program.errors.slice(-1_500)].join('\n');
    broken.push(
      `group ${group} ends with lag ${lag}; its reader ${program.hasEnded ? 'ended' : 'runs'}: ${said}`,
    );
  }
  const read = new Set(readers.kcat.lines);
  broken.push(
    ...told(
      'not read by kcat’s group',
      [...stored].filter((value) => !read.has(value)),
    ),
  );
  return {
    faults,
    acknowledged: { java: acknowledged.length, kcat: number, transactions: committed },
    broken,
  };
}

function startWriters({ cluster, folder, run }: Stage) {
  const { bootstrap } = cluster;
  const config = join(folder, 'producer.properties');
  writeFileSync(config, 'delivery.timeout.ms=300000\nrequest.timeout.ms=5000\nmax.block.ms=300000\n');
  const java = ['--topic', 'java', '--throughput', String(PER_SECOND), '--command-config', config];
  return {
    java: run(
      'VerifiableProducer',
      toolCommand('kafka-verifiable-producer', ['--bootstrap-server', bootstrap, ...java]),
    ),
    kcat: run('kcat', kcatWriter(bootstrap, 'kcat')),
    transactions: run(
      'TransactionalWriter',
      transactionalWriter(LIBS, [bootstrap, 'transactions', 'chaos-writer']),
    ),
  };
}

function startReaders({ cluster, run }: Stage) {
  const { bootstrap } = cluster;
  const verifiable = (group: string, protocol: 'classic' | 'consumer') => {
    const args = ['--topic', 'java', '--group-id', group, '--group-protocol', protocol];
    const session = protocol === 'classic' ? ['--session-timeout', '10000'] : [];
    return run(
      `VerifiableConsumer ${group}`,
      toolCommand('kafka-verifiable-consumer', ['--bootstrap-server', bootstrap, ...args, ...session]),
    );
  };
  const kcat = run('kcat reader', kcatReader(bootstrap, 'kcat', 'kcat-readers'));
  const groups = [
    { group: 'classic', topic: 'java', program: verifiable('classic', 'classic') },
    { group: 'modern', topic: 'java', program: verifiable('modern', 'consumer') },
    { group: 'kcat-readers', topic: 'kcat', program: kcat },
  ];
  return { kcat, groups };
}

function acknowledgedBy(writer: Program): Acknowledged[] {
  return writer.lines
    .filter((line) => line.includes('"producer_send_success"'))
    .map((line) => JSON.parse(line) as Acknowledged);
}

function outcomesOf(writer: Program): Map<number, 'committed' | 'aborted' | 'unknown'> {
  const outcomes = new Map<number, 'committed' | 'aborted' | 'unknown'>();
  for (const line of writer.lines) {
    const [, outcome, number] = /^(committed|aborted|unknown) (\d+)$/.exec(line) ?? [];
    if (number !== undefined) outcomes.set(Number(number), outcome as 'committed');
  }
  return outcomes;
}

async function settledLag(client: Client, group: string, topic: string): Promise<number> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }));
  return eventually(
    async () => {
      const committed = await client.offsetFetch(group, partitions);
      const ends = await client.listOffsets(partitions.map((one) => ({ ...one, at: 'latest' as const })));
      const lag = ends.reduce((sum, { partition, offset }) => {
        const at = committed.find((one) => one.partition === partition)?.offset ?? 0;
        return sum + offset - Math.max(0, at);
      }, 0);
      if (lag !== 0) throw new Error(String(lag));
      return lag;
    },
    { timeoutMs: SETTLE_MS, everyMs: 500 },
  );
}

/** At most a few of many, each named. */
function told(what: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  return [`${what}: ${items.length}: ${items.slice(0, 5).join('; ')}`];
}
