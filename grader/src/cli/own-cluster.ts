/** One of our clusters, as its own process: the grader knows clusters only through the Kafka protocol. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ClusterWanted, LabBrokers, LabClusterHandle } from './lab-cluster.ts';

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5000;
/** Nobody waits for a group's other members here: the delay that lets them gather would only cost time. */
const QUICK = { 'group.initial.rebalance.delay.ms': '0' };

export async function startOwnCluster(
  root: string,
  { brokers, configs, environment }: ClusterWanted & { environment: NodeJS.ProcessEnv },
): Promise<LabClusterHandle> {
  const port = await freePorts(brokers + 2);
  const bundle = join(root, 'dist/broker/node/cluster-main.mjs');
  const program = existsSync(bundle)
    ? [bundle]
    : ['--import', 'tsx', join(root, 'broker/src/node/cluster-main.ts')];
  const settings = Object.entries({ ...QUICK, ...configs }).flatMap(([key, value]) => [
    '--set',
    `${key}=${value}`,
  ]);
  const options = ['--brokers', String(brokers), '--port', String(port), '--control', ...settings];
  const child = spawn(process.execPath, [...program, ...options], {
    cwd: root,
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(killer);
  };
  try {
    const bootstrap = await ready(child);
    return { bootstrap, brokers: controlOver(child), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One command at a time: each line in is answered by one line out. */
function controlOver(child: ChildProcessWithoutNullStreams): LabBrokers {
  let waiting: ((line: string) => void)[] = [];
  let rest = '';
  child.stdout.on('data', (data: Buffer) => {
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (/^(done|failed) /.test(line)) waiting.shift()?.(line);
  });
  child.once('exit', () => {
    for (const answer of waiting) answer('failed the cluster has ended');
    waiting = [];
  });
  const ask = async (command: string): Promise<string> => {
    const line = await new Promise<string>((resolve) => {
      waiting.push(resolve);
      child.stdin.write(`${command}\n`);
    });
    const [, outcome, text = ''] = /^(done|failed) (.*)$/.exec(line) ?? [];
    if (outcome !== 'done') throw new Error(text);
    return text;
  };
  return {
    status: async () => JSON.parse(await ask('status')) as { id: number; state: string }[],
    fault: async (fault, broker) => void (await ask(`${fault} ${broker}`)),
    heal: async () => void (await ask('heal')),
    add: async () => void (await ask('add')),
    remove: async (broker) => void (await ask(`remove ${broker}`)),
  };
}

/** The line that the cluster prints when it serves. */
function ready(child: ChildProcessWithoutNullStreams): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const timer = setTimeout(() => reject(notStarted('it was not ready in time', printed)), READY_TIMEOUT_MS);
    const read = (data: Buffer) => {
      printed = (printed + data.toString()).slice(-10_000);
      const bootstrap = /^ready (\S+)$/m.exec(printed)?.[1];
      if (bootstrap === undefined) return;
      clearTimeout(timer);
      resolve(bootstrap);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => reject(notStarted(error.message, printed)));
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(notStarted(`it ended with ${code}`, printed));
    });
  });
}

function notStarted(why: string, printed: string): Error {
  return new Error(`The cluster did not start: ${why}. It printed:\n${printed.trim()}`);
}

/** A port from which on the cluster's broker and controller ports are free; controllers are 1000 above. */
export async function freePorts(brokers: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 9000);
    const wanted = Array.from({ length: brokers }, (_, i) => [port + i, port + 1000 + i]).flat();
    const free = await Promise.all(wanted.map(isFree));
    if (free.every(Boolean)) return port;
  }
  throw new Error('There are no free ports from 20000 to 30000 for a cluster.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
