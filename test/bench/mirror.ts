/**
 * One topic mirrored from one cluster to another, by our MirrorMaker and by Apache Kafka's from the same properties file.
 * The clusters are ours for both, so that only the MirrorMakers differ; the source is filled once, each target is new.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { javaCommand, missing, resolveApacheKafka } from '../support/apache-kafka.ts';
import { descendants, pssBytes } from '../support/processes.ts';
import { runCommand } from '../support/run-command.ts';
import { type BenchCluster, startOurs } from './clusters.ts';
import type { Bench, Result } from './measure.ts';

const BIN = resolve(import.meta.dirname, '../../broker/bin');
const RECORDS = 1_000_000;
const RECORD_BYTES = 1024;
const PARTITIONS = 6;
const RUN_MS = 600_000;
const LOOK_MS = 20;
/** connect-mirror-maker.sh runs with this. */
const HEAP = ['-Xms256M', '-Xmx2G'];

interface Run {
  readonly recordsPerSecond: number;
  readonly memoryBytes: number;
  readonly firstRecordMs: number;
}

type Launch = (file: string) => ChildProcess;

const launchOurs: Launch = (file) =>
  spawn(join(BIN, 'connect-mirror-maker.sh'), [file], { stdio: 'ignore', detached: true });

const launchApache: Launch = (file) => {
  const [command, args] = javaCommand('connect-mirror-maker', [file], HEAP);
  return spawn(command, args, { stdio: 'ignore', detached: true });
};

export const mirrorBench: Bench = {
  name: 'mirror mirror-memory mirror-start',
  what: `${RECORDS} × 1 KB mirrored: records/s from the first on, memory (PSS, most of it), start → first record`,
  async run(report) {
    await using source = await startOurs();
    await fill(source);
    const ours = await mirrorWith(launchOurs, source);
    const reason = missing();
    if (reason !== undefined) report(`Apache Kafka's MirrorMaker is not measured beside it: ${reason}.`);
    else resolveApacheKafka();
    const peer = reason === undefined ? await mirrorWith(launchApache, source) : null;
    return results(ours, peer);
  },
};

function results(ours: Run, peer: Run | null): Result[] {
  const rate = { name: 'mirror', value: ours.recordsPerSecond, unit: 'records/s' };
  const memory = { name: 'mirror-memory', value: ours.memoryBytes / 1e6, unit: 'MB' };
  const start = { name: 'mirror-start', value: ours.firstRecordMs / 1000, unit: 's' };
  if (peer === null) return [rate, memory, start];
  const rateRatio = ours.recordsPerSecond / peer.recordsPerSecond;
  const atMost = (result: Omit<Result, 'ratio'> & { readonly peer: number; readonly target: number }) => {
    const ratio = result.value / result.peer;
    return { ...result, ratio, met: ratio <= result.target };
  };
  return [
    { ...rate, peer: peer.recordsPerSecond, ratio: rateRatio, target: 1, met: rateRatio >= 1 },
    atMost({ ...memory, peer: peer.memoryBytes / 1e6, target: 0.15 }),
    atMost({ ...start, peer: peer.firstRecordMs / 1000, target: 0.25 }),
  ];
}

async function fill({ client, bootstrap }: BenchCluster): Promise<void> {
  const [made] = await client.createTopics([{ name: 'load', partitions: PARTITIONS, replicationFactor: 1 }]);
  if (made === undefined || made.error !== null) throw new Error(`no topic: ${made?.error?.name}`);
  const { exitCode, stderr } = await runCommand(
    join(BIN, 'kafka-producer-perf-test.sh'),
    [
      ...['--topic', 'load', '--num-records', String(RECORDS), '--record-size', String(RECORD_BYTES)],
      ...['--throughput', '-1', '--producer-props', `bootstrap.servers=${bootstrap}`],
    ],
    { timeoutMs: RUN_MS },
  );
  if (exitCode !== 0) throw new Error(`the source was not filled: ${stderr.trim().slice(-300)}`);
}

async function mirrorWith(launch: Launch, source: BenchCluster): Promise<Run> {
  await using target = await startOurs();
  const directory = mkdtempSync(join(tmpdir(), 'brokerlab-bench-mirror-'));
  const file = join(directory, 'mm2.properties');
  writeFileSync(file, properties(source, target));
  const startedAt = performance.now();
  const maker = launch(file);
  const ended = new Promise((resolveEnd) => maker.once('exit', resolveEnd));
  try {
    return await watch({ maker, target, startedAt });
  } finally {
    for (const pid of treeOf(maker)) kill(pid);
    await ended;
    rmSync(directory, { recursive: true, force: true });
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

interface Watched {
  readonly maker: ChildProcess;
  readonly target: BenchCluster;
  readonly startedAt: number;
}

async function watch({ maker, target, startedAt }: Watched): Promise<Run> {
  let first: { readonly atMs: number; readonly count: number } | null = null;
  let memoryBytes = 0;
  for (let looks = 0; ; looks++) {
    if (maker.exitCode !== null) throw new Error(`the MirrorMaker ended with ${maker.exitCode}`);
    const count = await mirrored(target);
    const atMs = performance.now();
    if (atMs - startedAt > RUN_MS) throw new Error(`only ${count} records came in ${RUN_MS / 1000} s`);
    if (looks % 25 === 0) {
      const bytes = treeOf(maker).reduce((sum, pid) => sum + pssBytes(pid), 0);
      memoryBytes = Math.max(memoryBytes, bytes);
    }
    if (first === null && count > 0) first = { atMs, count };
    if (first !== null && count >= RECORDS) {
      const recordsPerSecond = ((count - first.count) / (atMs - first.atMs)) * 1000;
      return { recordsPerSecond, memoryBytes, firstRecordMs: first.atMs - startedAt };
    }
    await new Promise((resolvePause) => setTimeout(resolvePause, LOOK_MS));
  }
}

async function mirrored({ client }: BenchCluster): Promise<number> {
  const { topics } = await client.metadata({ topics: ['A.load'] });
  const partitions = topics[0]?.error === null ? topics[0].partitions : [];
  const places = partitions.map(({ partition }) => ({ topic: 'A.load', partition, at: 'latest' }) as const);
  const ends = await client.listOffsets(places);
  return ends.reduce((sum, { error, offset }) => sum + (error === null ? offset : 0), 0);
}

function properties(source: BenchCluster, target: BenchCluster): string {
  const factors = ['', 'checkpoints.topic.', 'heartbeats.topic.', 'offset-syncs.topic.'];
  const storage = ['offset.storage.', 'status.storage.', 'config.storage.'];
  return `clusters = A, B
A.bootstrap.servers = ${source.bootstrap}
B.bootstrap.servers = ${target.bootstrap}
A->B.enabled = true
A->B.topics = load
${[...factors, ...storage].map((name) => `${name}replication.factor = 1\n`).join('')}`;
}

function treeOf({ pid }: ChildProcess): number[] {
  return pid === undefined ? [] : [...descendants(pid), pid];
}
