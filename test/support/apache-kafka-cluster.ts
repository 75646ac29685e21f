/** Three combined KRaft nodes of Apache Kafka on localhost, for tests that compare with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolCommand } from './apache-kafka.ts';
import { JavaTools } from './java-tools.ts';

const FIRST_PORT = 27_100;
const IDS = [1, 2, 3];
const STOP_TIMEOUT_MS = 60_000;

export interface ApacheCluster {
  readonly bootstrap: string;
  /** Node N keeps its logs in `<dataDir>/N`. */
  readonly dataDir: string;
  /** In order, as SIGTERM does; no id: all, at once and for good. */
  stop(id?: number): Promise<void>;
  start(id: number): Promise<void>;
}

function properties(id: number, folder: string): string {
  return [
    'process.roles=broker,controller',
    `node.id=${id}`,
    `controller.quorum.voters=${IDS.map((voter) => `${voter}@localhost:${FIRST_PORT + 10 + voter}`).join(',')}`,
    `listeners=PLAINTEXT://localhost:${FIRST_PORT + id},CONTROLLER://localhost:${FIRST_PORT + 10 + id}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    `log.dirs=${join(folder, String(id))}`,
    'group.initial.rebalance.delay.ms=0',
  ].join('\n');
}

export async function startApacheCluster(): Promise<ApacheCluster> {
  const dataDir = mkdtempSync(join(tmpdir(), 'brokerlab-apache-'));
  const file = (id: number): string => join(dataDir, `${id}.properties`);
  for (const id of IDS) writeFileSync(file(id), properties(id, dataDir));
  await format(IDS.map(file));
  const nodes = new Map<number, ChildProcess>();
  const start = async (id: number) => {
    const [command, args] = toolCommand('kafka-server-start', [file(id)]);
    nodes.set(id, spawn(command, args, { stdio: 'ignore' }));
  };
  for (const id of IDS) await start(id);
  const stop = async (id?: number) => {
    if (id !== undefined) return end(nodes.get(id), 'SIGTERM');
    await Promise.all([...nodes.values()].map((node) => end(node, 'SIGKILL')));
    rmSync(dataDir, { recursive: true, force: true });
  };
  const bootstrap = IDS.map((id) => `localhost:${FIRST_PORT + id}`).join(',');
  return { bootstrap, dataDir, stop, start };
}

async function format(files: readonly string[]): Promise<void> {
  const tools = new JavaTools();
  try {
    for (const file of files) {
      const args = ['format', '-t', 'AAAAAAAAAAAAAAAAAAAAAQ', '-c', file];
      const { exitCode, stdout, stderr } = await tools.run('kafka-storage', args);
      if (exitCode !== 0) throw new Error(`kafka-storage format: ${stdout}${stderr}`);
    }
  } finally {
    await tools.close();
  }
}

async function end(node: ChildProcess | undefined, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (node === undefined || node.exitCode !== null || node.signalCode !== null) return;
  const closed = new Promise((done) => node.once('close', done));
  node.kill(signal);
  const timer = setTimeout(() => node.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await closed;
  clearTimeout(timer);
}
