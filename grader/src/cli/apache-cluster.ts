/**
 * Apache Kafka's own brokers, started from its jars, to prove a lab on. What its processes cannot be made to do (cutting
 * them off from one another) is refused by name.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCluster } from '@brokerlab/broker/client';
import type { Fault } from '../act/perform.ts';
import type { ClusterWanted, LabBrokers, LabClusterHandle } from './lab-cluster.ts';
import { freePorts } from './own-cluster.ts';
import { RefusalError } from './usage.ts';

export interface ApacheWanted extends ClusterWanted {
  readonly environment: NodeJS.ProcessEnv;
  /** Folder with `libs/`; undefined: where the tests keep it. */
  readonly kafka: string | undefined;
}

const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 20_000;
const CLUSTER_ID = 'BrokerlabProofCluster0';

export async function startApacheCluster(root: string, wanted: ApacheWanted): Promise<LabClusterHandle> {
  const libs = join(wanted.kafka ?? join(root, '.cache/apache-kafka'), 'libs');
  if (!existsSync(libs)) {
    throw new RefusalError(
      `There is no ${libs}. Give Apache Kafka's folder with --kafka, or run the oracle's tests once.`,
    );
  }
  if (spawnSync('java', ['-version']).status !== 0) {
    throw new RefusalError('--driver kafka needs a Java runtime: java is not there.');
  }
  const cluster = new ApacheCluster(libs, wanted, await freePorts(wanted.brokers + 2));
  try {
    await cluster.startAll();
    return cluster;
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

interface Node {
  readonly id: number;
  readonly config: string;
  process: ChildProcess | null;
  state: 'running' | 'stopped' | 'killed' | 'paused';
}

class ApacheCluster implements LabClusterHandle {
  readonly #libs: string;
  readonly #wanted: ApacheWanted;
  readonly #port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'labs-kafka-'));
  readonly #nodes: Node[] = [];

  constructor(libs: string, wanted: ApacheWanted, port: number) {
    this.#libs = libs;
    this.#wanted = wanted;
    this.#port = port;
  }

  get bootstrap(): string {
    return Array.from({ length: this.#wanted.brokers }, (_, index) => `localhost:${this.#port + index}`).join(
      ',',
    );
  }

  get brokers(): LabBrokers {
    return {
      status: () => Promise.resolve(this.#nodes.map(({ id, state }) => ({ id, state }))),
      fault: (fault, broker) => this.#fault(fault, broker),
      heal: () => Promise.resolve(),
      add: () => this.#add(),
      remove: (broker) => this.#remove(broker),
    };
  }

  async startAll(): Promise<void> {
    for (let id = 1; id <= this.#wanted.brokers; id++)
      this.#nodes.push(this.#format(id, 'broker,controller'));
    for (const node of this.#nodes) this.#spawn(node);
    await this.#untilRunning(this.#wanted.brokers);
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => this.#end(node, 'SIGKILL')));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #java(mainClass: string, args: readonly string[]): { command: string; args: string[] } {
    const log4j = join(this.#folder, 'log4j2.yaml');
    writeFileSync(log4j, LOG4J);
    const options = [
      '-Xmx400M',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      `-Dlog4j2.configurationFile=${log4j}`,
    ];
    return { command: 'java', args: [...options, '-cp', `${this.#libs}/*`, mainClass, ...args] };
  }

  #format(id: number, roles: string): Node {
    const folder = join(this.#folder, String(id));
    mkdirSync(folder, { recursive: true });
    const config = join(folder, 'server.properties');
    writeFileSync(config, this.#properties(id, roles, join(folder, 'logs')));
    const { command, args } = this.#java('kafka.tools.StorageTool', [
      'format',
      '-t',
      CLUSTER_ID,
      '-c',
      config,
    ]);
    const result = spawnSync(command, args, { encoding: 'utf8', env: this.#wanted.environment });
    if (result.status !== 0) throw new Error(`kafka-storage format failed: ${result.stdout}${result.stderr}`);
    return { id, config, process: null, state: 'stopped' };
  }

  #properties(id: number, roles: string, logs: string): string {
    const voters = Array.from(
      { length: this.#wanted.brokers },
      (_, i) => `${i + 1}@localhost:${this.#port + 1000 + i}`,
    );
    const [port, controllerPort] = [this.#port + id - 1, this.#port + 999 + id];
    const isController = roles.includes('controller');
    const listeners = isController
      ? `PLAINTEXT://localhost:${port},CONTROLLER://localhost:${controllerPort}`
      : `PLAINTEXT://localhost:${port}`;
    const replicas = String(Math.min(3, this.#wanted.brokers));
    const settings: Record<string, string | number> = {
      'process.roles': roles,
      'node.id': id,
      'controller.quorum.voters': voters.join(','),
      listeners,
      'advertised.listeners': `PLAINTEXT://localhost:${port}`,
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      'log.dirs': logs,
      'group.initial.rebalance.delay.ms': 0,
      'offsets.topic.replication.factor': replicas,
      'transaction.state.log.replication.factor': replicas,
      'transaction.state.log.min.isr': 1,
      ...this.#wanted.configs,
    };
    return Object.entries(settings)
      .map(([key, value]) => `${key}=${value}\n`)
      .join('');
  }

  #spawn(node: Node): void {
    const { command, args } = this.#java('kafka.Kafka', [node.config]);
    const child = spawn(command, args, { stdio: 'ignore', env: this.#wanted.environment });
    child.once('exit', () => {
      if (node.process === child) node.process = null;
    });
    node.process = child;
    node.state = 'running';
  }

  async #fault(fault: Fault, broker: number): Promise<void> {
    const node = this.#nodes.find(({ id }) => id === broker);
    if (node === undefined) throw new Error(`there is no broker ${broker}`);
    switch (fault) {
      case 'stop':
        await this.#end(node, 'SIGTERM');
        node.state = 'stopped';
        return;
      case 'kill':
        await this.#end(node, 'SIGKILL');
        node.state = 'killed';
        return;
      case 'pause':
        node.process?.kill('SIGSTOP');
        node.state = 'paused';
        return;
      case 'resume':
        node.process?.kill('SIGCONT');
        node.state = 'running';
        return;
      case 'start': {
        const running = this.#nodes.filter(({ state }) => state === 'running').length;
        this.#spawn(node);
        return this.#untilRunning(running + 1);
      }
      case 'isolate':
        throw new Error(
          'isolate: processes of Apache Kafka on one machine cannot be cut off from one another',
        );
    }
  }

  async #add(): Promise<void> {
    const node = this.#format(this.#nodes.length + 1, 'broker');
    this.#nodes.push(node);
    this.#spawn(node);
    await this.#untilRunning(this.#nodes.filter(({ state }) => state === 'running').length);
  }

  async #remove(broker: number): Promise<void> {
    const index = this.#nodes.findIndex(({ id }) => id === broker);
    const node = this.#nodes[index];
    if (node === undefined || broker <= this.#wanted.brokers) throw new Error(`${broker} was not added`);
    await this.#end(node, 'SIGTERM');
    const { command, args } = this.#java('org.apache.kafka.tools.ClusterTool', [
      'unregister',
      '--bootstrap-server',
      this.bootstrap,
      '--id',
      String(broker),
    ]);
    const result = spawnSync(command, args, { encoding: 'utf8', env: this.#wanted.environment });
    if (result.status !== 0) throw new Error(`${result.stdout}${result.stderr}`);
    this.#nodes.splice(index, 1);
    rmSync(join(this.#folder, String(broker)), { recursive: true, force: true });
  }

  async #end(node: Node, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = node.process;
    if (child === null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    // A stopped process hears nothing else.
    if (node.state === 'paused') child.kill('SIGCONT');
    child.kill(signal);
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(killer);
  }

  async #untilRunning(count: number): Promise<void> {
    const client = connectCluster({
      bootstrap: this.bootstrap,
      apiTimeoutMs: 3_000,
      connectTimeoutMs: 1_000,
    });
    try {
      const deadline = performance.now() + READY_TIMEOUT_MS;
      while (performance.now() < deadline) {
        const brokers = await client.metadata().then(
          ({ brokers: list }) => list.length,
          () => 0,
        );
        if (brokers >= count) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      throw new Error(`Apache Kafka did not have ${count} brokers within ${READY_TIMEOUT_MS / 1000} s`);
    } finally {
      await client.close();
    }
  }
}

const LOG4J = `Configuration:
  Appenders: { Console: { name: OUT, PatternLayout: { pattern: "%m%n" } } }
  Loggers: { Root: { level: OFF, AppenderRef: { ref: OUT } } }
`;
