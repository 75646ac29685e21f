/**
 * A cluster of nodes in this process, each a combined broker and controller that meets the others only over
 * TCP. `startNodes` is the full form (the trainee's cell, `npm run cluster`); `startCluster` in the package's
 * entry is the short one for anyone's tests.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChangeKind } from '../handlers/services.ts';

import { FileDisk } from '../storage/file-disk.ts';
import { newUuid, readIdentity } from './identity.ts';
import { Node } from './node.ts';
import type { Log, NodeOptions, Voters } from './node-options.ts';
import { ChangeTicks } from './runtime/change-ticks.ts';

export type { ChangeKind };

/** A node's controller listener stands this far above its broker listener. */
const controllerPortDistance = 1000;
const settleMs = 10_000;

export interface ChangeTick {
  /** What changed since the last tick; ticks are at most one per 20 ms. */
  readonly kinds: ReadonlySet<ChangeKind>;
}

export interface StartNodesOptions {
  /** Node ids, in order of their ports; default 1, 2, 3. */
  readonly ids?: readonly number[];
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Name in advertised listeners; default: localhost for a loopback host, else the host. */
  readonly advertisedHost?: string;
  /** First broker port, the next node takes the next one; 0 takes free ports. Controllers listen 1000 above. */
  readonly basePort?: number;
  /** When given, node N also serves its broker listener on `<socketDir>/bN.sock`. */
  readonly socketDir?: string;
  /** Node N keeps its data in `<dataDir>/N`; absent: a temporary folder, removed on stop. */
  readonly dataDir?: string;
  /** Broker configuration for every node, Kafka's names and values. */
  readonly config?: Readonly<Record<string, string>>;
  /** Used for a cluster that is new in `dataDir`; default: a random one. */
  readonly clusterId?: string;
  /** `always`: metadata is on the medium before it counts. `never`: it survives the process, not the machine. */
  readonly flush?: 'always' | 'never';
  /** Default: nothing is logged. */
  readonly log?: Log;
  readonly onChange?: (tick: ChangeTick) => void;
}

export type NodeState = 'running' | 'stopped' | 'killed' | 'paused' | 'isolated';

export interface NodeInfo {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly socketPath: string | null;
  readonly state: NodeState;
}

export interface Cluster {
  readonly clusterId: string;
  /** `host:port,host:port,…` of every node, running or not. */
  readonly bootstrap: string;
  readonly nodes: readonly NodeInfo[];
  /** Clean stop of one node (controlled shutdown), or of all. */
  stop(id?: number): Promise<void>;
  start(id: number): Promise<void>;
  /** As kill -9: no goodbye to anyone; what was written stays. */
  kill(id: number): Promise<void>;
  /** As SIGSTOP: connections stay open, nothing is answered and no timer runs. */
  pause(id: number): Promise<void>;
  resume(id: number): Promise<void>;
  /** Cuts the node off from the other nodes; clients still reach it. */
  isolate(id: number): Promise<void>;
  heal(id: number): Promise<void>;
  /** Starts one more broker (not a voter) with the next id and port; returns its id. */
  addBroker(): Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startNodes(options: StartNodesOptions = {}): Promise<Cluster> {
  const cluster = new RunningCluster(options);
  try {
    await cluster.startAll();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

interface Member {
  readonly options: NodeOptions;
  node: Node;
  state: NodeState;
}

class RunningCluster implements Cluster {
  readonly clusterId: string;
  readonly #options: StartNodesOptions;
  readonly #root: string;
  readonly #isTemporary: boolean;
  readonly #brokerCount: number;
  readonly #members = new Map<number, Member>();
  readonly #ticks: ChangeTicks;
  #voters: Voters = [];

  constructor(options: StartNodesOptions) {
    this.#options = options;
    this.#isTemporary = options.dataDir === undefined;
    this.#root = options.dataDir ?? mkdtempSync(join(tmpdir(), 'brokerlab-'));
    const ids = options.ids ?? [1, 2, 3];
    this.#brokerCount = ids.length;
    this.clusterId = clusterIdOf(this.#root, ids, options.clusterId);
    this.#ticks = new ChangeTicks(options.onChange ?? (() => undefined));
    for (const [index, id] of ids.entries()) this.#add(id, index);
  }

  get bootstrap(): string {
    return this.nodes.map(({ host, port }) => `${host}:${port}`).join(',');
  }

  get nodes(): NodeInfo[] {
    return Array.from(this.#members.values(), ({ options, node, state }) => ({
      id: options.id,
      host: options.advertisedHost,
      port: node.port || options.port,
      controllerPort: node.controllerPort || options.controllerPort,
      socketPath: options.socketPath,
      state,
    }));
  }

  async startAll(): Promise<void> {
    const members = [...this.#members.values()];
    await Promise.all(members.map(({ node }) => node.bind()));
    const { host = '127.0.0.1' } = this.#options;
    this.#voters = members.map(({ node }) => ({ id: node.id, host, port: node.controllerPort }));
    for (const member of members) this.#run(member);
    await this.#settled(members);
  }

  async stop(id?: number): Promise<void> {
    if (id !== undefined) {
      const member = this.#member(id);
      member.state = 'stopped';
      await member.node.stop({ handOver: true });
      this.#ticks.changed('broker');
      return;
    }
    await Promise.all(
      Array.from(this.#members.values(), async (member) => {
        if (member.state === 'paused') member.node.resume();
        member.state = 'stopped';
        await member.node.stop({ handOver: false });
      }),
    );
    this.#ticks.stop();
    if (this.#isTemporary) rmSync(this.#root, { recursive: true, force: true });
  }

  async start(id: number): Promise<void> {
    const member = this.#member(id);
    if (member.state !== 'stopped' && member.state !== 'killed') return;
    const { port, controllerPort } = member.node;
    member.node = new Node({ ...member.options, port, controllerPort });
    await member.node.bind();
    for (const other of this.#members.values()) {
      if (other.state === 'isolated') member.node.links.cut(other.options.id);
    }
    this.#run(member);
    this.#ticks.changed('broker');
  }

  async kill(id: number): Promise<void> {
    const member = this.#member(id);
    member.state = 'killed';
    await member.node.kill();
    this.#ticks.changed('broker');
  }

  async pause(id: number): Promise<void> {
    const member = this.#member(id);
    if (member.state !== 'running') return;
    member.state = 'paused';
    member.node.pause();
    this.#ticks.changed('broker');
  }

  async resume(id: number): Promise<void> {
    const member = this.#member(id);
    if (member.state !== 'paused') return;
    member.state = 'running';
    member.node.resume();
    this.#ticks.changed('broker');
  }

  async isolate(id: number): Promise<void> {
    const member = this.#member(id);
    if (member.state !== 'running') return;
    member.state = 'isolated';
    member.node.links.isolate();
    for (const other of this.#members.values()) if (other !== member) other.node.links.cut(id);
    this.#ticks.changed('broker');
  }

  async heal(id: number): Promise<void> {
    const member = this.#member(id);
    if (member.state !== 'isolated') return;
    member.state = 'running';
    member.node.links.heal();
    for (const other of this.#members.values()) if (other !== member) other.node.links.mend(id);
    this.#ticks.changed('broker');
  }

  async addBroker(): Promise<number> {
    const id = Math.max(...this.#members.keys()) + 1;
    const member = this.#add(id, this.#members.size);
    await member.node.bind();
    this.#run(member);
    await this.#settled([member]);
    this.#ticks.changed('broker');
    return id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #add(id: number, index: number): Member {
    const { host = '127.0.0.1', basePort = 9092, socketDir, config = {} } = this.#options;
    const port = basePort === 0 ? 0 : basePort + index;
    const options: NodeOptions = {
      id,
      clusterId: this.clusterId,
      host,
      port,
      controllerPort: port === 0 ? 0 : port + controllerPortDistance,
      advertisedHost: this.#options.advertisedHost ?? (isLoopback(host) ? 'localhost' : host),
      advertisedPort: 0,
      socketPath: socketDir === undefined ? null : join(socketDir, `b${id}.sock`),
      directory: join(this.#root, String(id)),
      config: { ...fewBrokersConfig(this.#brokerCount), ...config },
      flushes: this.#options.flush !== 'never',
      onChange: (kind) => this.#ticks.changed(kind),
      log: this.#options.log ?? (() => undefined),
    };
    const member: Member = { options, node: new Node(options), state: 'stopped' };
    this.#members.set(id, member);
    return member;
  }

  #run(member: Member): void {
    member.node.start(this.#voters);
    member.state = 'running';
  }

  /** Until these brokers are unfenced and know of each other. */
  async #settled(members: readonly Member[]): Promise<void> {
    await Promise.all(members.map(({ node }) => node.running));
    const ids = members.map(({ options }) => options.id);
    const deadlineMs = performance.now() + settleMs;
    while (!members.every(({ node }) => ids.every((id) => node.aliveBrokers.includes(id)))) {
      if (performance.now() > deadlineMs) return;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  #member(id: number): Member {
    const member = this.#members.get(id);
    if (member === undefined) {
      throw new RangeError(`there is no node ${id}; there are ${[...this.#members.keys()].join(', ')}`);
    }
    return member;
  }
}

/** Internal topics want three brokers; a smaller cluster's file says so, as Apache Kafka's own examples do. */
function fewBrokersConfig(brokers: number): Record<string, string> {
  if (brokers >= 3) return {};
  return {
    'offsets.topic.replication.factor': String(brokers),
    'transaction.state.log.replication.factor': String(brokers),
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': String(brokers),
    'share.coordinator.state.topic.min.isr': '1',
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || host === '::1';
}

/** The id a node's directory already has, so that a second run goes on; a new one otherwise. */
function clusterIdOf(root: string, ids: readonly number[], wanted: string | undefined): string {
  const disk = new FileDisk({});
  try {
    for (const id of ids) {
      const found = readIdentity(disk, join(root, String(id)));
      if (found !== null) return found.clusterId;
    }
  } finally {
    disk.close();
  }
  return wanted ?? newUuid();
}
