/**
 * Mutated and random frames on every API of both listeners, thrown at a node in a process of its own: it must not end,
 * hang or grow, and no handler may fail in a way nobody planned.
 */
import { readFileSync } from 'node:fs';
import { startCluster } from '@brokerlab/broker';
import { type Client, connectCluster } from '@brokerlab/broker/client';
import { Random } from '../sim/random.ts';
import { RequestSource } from './requests.ts';
import { Thrower } from './thrower.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly frames: number;
  readonly say?: (line: string) => void;
}

export interface FuzzReport {
  readonly frames: number;
  readonly seconds: number;
  /** Resident memory of the node after a tenth of the frames and at the end, bytes. */
  readonly memory: readonly [early: number, late: number];
  /** The longest that a well-meant request waited meanwhile, milliseconds. */
  readonly slowestMs: number;
  /** What must not be, one sentence each. */
  readonly broken: readonly string[];
}

const CONNECTIONS = 32;
const BATCH = 4;
const LOOK_EVERY = 20_000;
/** A garbage collector's leeway. */
const GROWTH_MAX = 150 * 1024 * 1024;
const SLOW_MS = 5_000;

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const broken: string[] = [];
  const log = (level: string, message: string) => {
    if (level === 'error' || /unexpected|ended|halted/.test(message)) broken.push(`${level}: ${message}`);
  };
  await using cluster = await startCluster({
    brokers: 1,
    packing: 'process',
    log,
    config: { 'socket.request.max.bytes': '1000000', 'log.cleaner.enable': 'true' },
  });
  const { port, controllerPort, pid } = cluster.nodes[0]!;
  await using client = connectCluster({ bootstrap: cluster.bootstrap, apiTimeoutMs: SLOW_MS });
  const created = await client.createTopics(
    ['orders', 'clicks'].map((name) => ({ name, partitions: 3, replicationFactor: 1 })),
  );
  const random = new Random(options.seed);
  const source = new RequestSource(random, {
    topics: ['orders', 'clicks', 'absent'],
    topicIds: created.map(({ topicId }) => topicId),
    groups: ['readers', 'writers'],
  });
  const state = { thrown: 0, nextLook: LOOK_EVERY, early: 0, slowestMs: 0 };
  const startedAt = performance.now();
  const look = async () => {
    const waitedMs = await isWell(client);
    state.slowestMs = Math.max(state.slowestMs, waitedMs);
    const memory = residentBytes(pid!);
    if (state.early === 0 && state.thrown >= options.frames / 10) state.early = memory;
    const rate = Math.round(state.thrown / ((performance.now() - startedAt) / 1000));
    options.say?.(`${state.thrown} frames, ${rate}/s, ${Math.round(memory / 1048576)} MB`);
  };
  const lanes = Array.from({ length: CONNECTIONS }, async (_, lane) => {
    const listener = lane % 4 === 0 ? 'controller' : 'broker';
    const thrower = new Thrower(listener === 'controller' ? controllerPort : port);
    while (state.thrown < options.frames && broken.length < 20) {
      const frames = Array.from({ length: BATCH }, () => source.next(listener, random.between(0, 1000)));
      state.thrown += (await thrower.throw(frames)).dealtWith;
      if (state.thrown < state.nextLook) continue;
      state.nextLook += LOOK_EVERY;
      await look().catch((error: Error) => broken.push(`after ${state.thrown} frames: ${error.message}`));
    }
    thrower.close();
  });
  await Promise.all(lanes);
  await look().catch((error: Error) => broken.push(`in the end: ${error.message}`));
  const late = residentBytes(pid!);
  if (late - state.early > GROWTH_MAX) {
    broken.push(`memory grew from ${state.early} to ${late} bytes`);
  }
  return {
    frames: state.thrown,
    seconds: (performance.now() - startedAt) / 1000,
    memory: [state.early, late],
    slowestMs: state.slowestMs,
    broken,
  };
}

/** A well-meant client is served meanwhile; how long it waited. */
async function isWell(client: Client): Promise<number> {
  const startedAt = performance.now();
  const { brokers } = await client.describeCluster();
  if (brokers.length === 0) throw new Error('the cluster names no broker');
  return performance.now() - startedAt;
}

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}
