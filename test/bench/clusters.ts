/**
 * The clusters that are held against each other: ours as `npm run cluster` starts it, and Apache Kafka's from its own
 * programs with its own defaults. Both are three combined nodes on this machine with a new data folder, seen only over
 * the Kafka protocol.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Client, connectCluster } from '@brokerlab/broker/client';
import { javaCommand } from '../support/apache-kafka.ts';
import { eventually } from '../support/eventually.ts';
import { descendants, pssBytes } from '../support/processes.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const NODES = 3;
const SERVES_MS = 120_000;
/** Apache Kafka's own: kafka-server-start.sh and kafka-run-class.sh. */
const SERVER_HEAP = ['-Xmx1G', '-Xms1G'];
const TOOL_HEAP = ['-Xmx256M'];

export interface BenchCluster {
  readonly name: string;
  readonly bootstrap: string;
  /** From the command to three brokers that serve, the formatting of their folders included. */
  readonly startedMs: number;
  readonly client: Client;
  /** Of the brokers' processes, proportional set size. */
  memoryBytes(): number;
  /** Stops all nodes in order and starts them again; resolves when all of them serve. */
  restart(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Kind {
  readonly name: string;
  format(place: Place): void;
  /** One process a member. */
  launch(place: Place): ChildProcess[];
}

interface Place {
  readonly directory: string;
  readonly port: number;
}

export type Packing = 'one' | 'process';

export const startOurs = (packing: Packing = 'one'): Promise<BenchCluster> => startCluster(ours(packing));
export const startApacheKafka = (): Promise<BenchCluster> => startCluster(apacheKafka());

async function startCluster(kind: Kind): Promise<BenchCluster> {
  const directory = mkdtempSync(join(tmpdir(), 'brokerlab-bench-'));
  const place = { directory, port: await freePorts() };
  const bootstrap = Array.from({ length: NODES }, (_, index) => `localhost:${place.port + index}`).join(',');
  const startedAt = performance.now();
  kind.format(place);
  let processes = kind.launch(place);
  const client = connectCluster({ bootstrap, requestTimeoutMs: 120_000, apiTimeoutMs: 120_000 });
  const dispose = async () => {
    await client.close();
    await end(processes);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await serving(bootstrap);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    name: kind.name,
    bootstrap,
    startedMs: performance.now() - startedAt,
    client,
    memoryBytes: () => processes.flatMap(treeOf).reduce((sum, pid) => sum + pssBytes(pid), 0),
    restart: async () => {
      await end(processes);
      processes = kind.launch(place);
      await serving(bootstrap);
    },
    [Symbol.asyncDispose]: dispose,
  };
}

/** The command a person types, without npm around it: npm's own start and memory are no broker's. */
function ours(packing: Packing): Kind {
  return {
    name: packing === 'one' ? 'Brokerlab' : 'Brokerlab, a process for each broker',
    format: () => undefined,
    launch: ({ directory, port }) => {
      const options = ['--port', String(port), '--data', join(directory, 'data'), '--packing', packing];
      const command = [join(ROOT, 'scripts/run.mjs'), 'cluster', ...options];
      return [spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] })];
    },
  };
}

function apacheKafka(): Kind {
  const ids = Array.from({ length: NODES }, (_, index) => index + 1);
  const file = ({ directory }: Place, id: number) => join(directory, `${id}.properties`);
  return {
    name: 'Apache Kafka',
    format: (place) => {
      mkdirSync(place.directory, { recursive: true });
      const clusterId = randomBytes(16).toString('base64url');
      for (const id of ids) {
        writeFileSync(file(place, id), nodeProperties(place, id));
        const options = ['format', '-t', clusterId, '-c', file(place, id)];
        const [command, args] = javaCommand('kafka-storage', options, TOOL_HEAP);
        execFileSync(command, args, { stdio: 'ignore' });
      }
    },
    launch: (place) =>
      ids.map((id) => {
        const [command, args] = javaCommand('kafka-server-start', [file(place, id)], SERVER_HEAP);
        return spawn(command, args, { stdio: 'ignore', cwd: place.directory });
      }),
  };
}

function nodeProperties({ directory, port }: Place, id: number): string {
  const controllerPort = (of: number) => port + 1000 + of - 1;
  const voters = Array.from(
    { length: NODES },
    (_, index) => `${index + 1}@localhost:${controllerPort(index + 1)}`,
  );
  return `process.roles=broker,controller
node.id=${id}
controller.quorum.voters=${voters.join(',')}
listeners=PLAINTEXT://localhost:${port + id - 1},CONTROLLER://localhost:${controllerPort(id)}
advertised.listeners=PLAINTEXT://localhost:${port + id - 1}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=${join(directory, `data-${id}`)}
`;
}

/** Every broker is unfenced and answers for itself. */
async function serving(bootstrap: string): Promise<void> {
  await Promise.all(
    bootstrap.split(',').map((address) =>
      eventually(
        async () => {
          const client = connectCluster({ bootstrap: address, apiTimeoutMs: 1000, retryBackoffMs: 10 });
          try {
            const { brokers } = await client.describeCluster();
            if (brokers.length < NODES) throw new Error(`${address} knows of ${brokers.length} brokers`);
          } finally {
            await client.close();
          }
        },
        { timeoutMs: SERVES_MS, everyMs: 10 },
      ),
    ),
  );
}

async function end(processes: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    processes.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((resolveExit) => child.once('exit', resolveExit));
      child.kill('SIGTERM');
      await exited;
    }),
  );
}

function treeOf(child: ChildProcess): number[] {
  return child.pid === undefined ? [] : [child.pid, ...descendants(child.pid)];
}

/** The first of three free ports whose controllers' ports, 1000 above, are free as well. */
async function freePorts(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const wanted = [0, 1, 2].flatMap((index) => [first + index, first + 1000 + index]);
    if ((await Promise.all(wanted.map(isFree))).every(Boolean)) return first;
  }
  throw new Error('no three free ports in a row were found');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolveFree) => {
    const server = createServer();
    server.once('error', () => resolveFree(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolveFree(true)));
  });
}
