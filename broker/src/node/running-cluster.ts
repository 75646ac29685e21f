/** The nodes of one cluster in this process: started together, stopped, failed and brought back one by one. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientListenerName, controllerListenerName } from '../handlers/brokers.ts';
import { FileDisk } from '../storage/file-disk.ts';
import { brokerRegistry } from './broker-registry.ts';
import type { Cluster, NodeInfo, NodeState, StartNodesOptions } from './cluster.ts';
import { ClusterError } from './cluster-error.ts';
import type { HostedNode } from './hosted-node.ts';
import { newUuid, readIdentity } from './identity.ts';
import type { WireListener, WireTap } from './network/tap.ts';
import { Node } from './node.ts';
import { combinedListeners, type NodeOptions, type Voters } from './node-options.ts';
import { NodeProcess } from './packing/node-process.ts';
import { ChangeTicks } from './runtime/change-ticks.ts';

/** A node's controller listener stands this far above its broker listener. */
const controllerPortDistance = 1000;
const settleMs = 10_000;
/** How long `start` waits for the broker to be taken back. */
const startWaitMs = 3_000;

interface Member {
  options: NodeOptions;
  node: HostedNode;
  state: NodeState;
}

export class RunningCluster implements Cluster {
  readonly clusterId: string;
  readonly #options: StartNodesOptions;
  readonly #root: string;
  readonly #isTemporary: boolean;
  readonly #brokerCount: number;
  readonly #members = new Map<number, Member>();
  readonly #ticks: ChangeTicks;
  readonly #tap: WireTap = { listener: null };
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
    // Brokers that were added in an earlier run belong to the cluster until they are removed.
    const added = addedBefore(this.#root, this.clusterId).filter((id) => id > Math.max(...ids));
    for (const id of added) this.#add(id, id - (ids[0] ?? 1));
  }

  get bootstrap(): string {
    return this.nodes.map(({ host, port }) => `${host}:${port}`).join(',');
  }

  get nodes(): NodeInfo[] {
    return Array.from(this.#members.values(), ({ node, options, state }) => ({
      id: options.id,
      host: options.listeners[0]!.advertisedHost,
      port: options.listeners[0]!.port,
      controllerPort: options.listeners[1]!.port,
      socketPath: options.socketPath,
      pid: node.pid,
      state,
    }));
  }

  async startAll(): Promise<void> {
    const members = [...this.#members.values()];
    await Promise.all(members.map((member) => this.#bind(member)));
    const { host = '127.0.0.1' } = this.#options;
    const founders = members.slice(0, this.#brokerCount);
    this.#voters = founders.map(({ node, options }) => ({
      id: node.id,
      host,
      advertisedHost: options.listeners[1]!.advertisedHost,
      port: node.ports[1]!,
      listener: controllerListenerName,
    }));
    for (const member of members) this.#run(member);
    await this.#settled(members);
  }

  async stop(id?: number): Promise<void> {
    if (id !== undefined) {
      const member = this.#member(id);
      if (member.state === 'stopped' || member.state === 'killed') return;
      if (member.state === 'paused') member.node.resume();
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
    member.node = this.#host(member.options);
    await member.node.bind();
    this.#connectLinks(member);
    this.#run(member);
    // Without a quorum it will not run, and that is no failure of this call.
    await atMost(startWaitMs, member.node.running);
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
    const [first = id] = this.#members.keys();
    const member = this.#add(id, id - first);
    await this.#bind(member);
    this.#connectLinks(member);
    this.#run(member);
    await this.#settled([member]);
    this.#ticks.changed('broker');
    return id;
  }

  async remove(id: number): Promise<void> {
    const member = this.#member(id);
    if (this.#voters.some((voter) => voter.id === id)) {
      const text = `node ${id} votes in the quorum and stays: only brokers that were added can be removed`;
      throw new ClusterError('voter', text);
    }
    const others = [...this.#members.values()].filter(
      ({ options, state }) => options.id !== id && state === 'running',
    );
    const bootstrap = others
      .map(({ options }) => `${options.listeners[0]!.host}:${options.listeners[0]!.port}`)
      .join(',');
    await using registry = await brokerRegistry(bootstrap);
    const held = await registry.partitionsOn(id);
    if (held.length > 0) {
      const named = held.slice(0, 3).join(', ') + (held.length > 3 ? ', …' : '');
      const text = `broker ${id} has replicas of ${held.length} partitions (${named}): move them to others first, by kafka-reassign-partitions.sh`;
      throw new ClusterError('replicas-left', text);
    }
    await this.stop(id);
    await registry.unregister(id);
    this.#members.delete(id);
    for (const path of member.options.directories) rmSync(path, { recursive: true, force: true });
    this.#ticks.changed('broker');
  }

  watchWire(listener: WireListener | null): void {
    this.#tap.listener = listener;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #add(id: number, index: number): Member {
    const { host = '127.0.0.1', basePort = 9092, socketDir, config = {}, racks = [] } = this.#options;
    const port = basePort === 0 ? 0 : basePort + index;
    const options: NodeOptions = {
      id,
      clusterId: this.clusterId,
      listeners: combinedListeners({
        host,
        port,
        controllerPort: port === 0 ? 0 : port + controllerPortDistance,
        advertisedHost: this.#options.advertisedHost ?? (isLoopback(host) ? 'localhost' : host),
      }),
      interBrokerListener: clientListenerName,
      socketPath: socketDir === undefined ? null : join(socketDir, `b${id}.sock`),
      directories: [join(this.#root, String(id))],
      metadataDirectory: join(this.#root, String(id)),
      config: { ...fewBrokersConfig(this.#brokerCount), ...config, ...rackConfig(racks[index]) },
      flushes: this.#options.flush !== 'never',
      clock: this.#options.clock ?? null,
      onChange: (kind) => this.#ticks.changed(kind),
      tap: this.#tap,
      log: this.#options.log ?? (() => undefined),
      onHalted: () => {
        this.#member(id).state = 'killed';
        this.#ticks.changed('broker');
      },
    };
    const member: Member = { options, node: this.#host(options), state: 'stopped' };
    this.#members.set(id, member);
    return member;
  }

  /** A port that was free and taken stays the node's for good. */
  async #bind(member: Member): Promise<void> {
    await member.node.bind();
    const { ports } = member.node;
    const listeners = member.options.listeners.map((listener, index) => ({
      ...listener,
      port: ports[index]!,
    }));
    member.options = { ...member.options, listeners };
  }

  /** A node that starts is reached by all, and reaches all, save those that are cut off. */
  #connectLinks(member: Member): void {
    for (const other of this.#members.values()) {
      if (other === member) continue;
      other.node.links.mend(member.options.id);
      if (other.state === 'isolated') member.node.links.cut(other.options.id);
    }
  }

  #run(member: Member): void {
    member.node.start(this.#voters);
    member.state = 'running';
  }

  /** Until these brokers are unfenced and know of each other. */
  async #settled(members: readonly Member[]): Promise<void> {
    await Promise.all(members.map(({ node }) => node.running));
    const ids = members.map(({ options }) => options.id);
    await Promise.all(members.map(({ node }) => node.knows(ids, settleMs)));
  }

  #host(options: NodeOptions): HostedNode {
    return this.#options.packing === 'process' ? new NodeProcess(options) : new Node(options);
  }

  #member(id: number): Member {
    const member = this.#members.get(id);
    if (member === undefined) {
      const text = `there is no node ${id}; there are ${[...this.#members.keys()].join(', ')}`;
      throw new ClusterError('unknown-node', text);
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

function rackConfig(rack: string | undefined): Record<string, string> {
  return rack === undefined ? {} : { 'broker.rack': rack };
}

/** Waits for `promise`, but not longer. */
async function atMost(limitMs: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || host === '::1';
}

/** Ids of the nodes of this cluster that have a folder under `root`. */
function addedBefore(root: string, clusterId: string): number[] {
  if (!existsSync(root)) return [];
  const disk = new FileDisk({});
  try {
    return readdirSync(root)
      .filter((name) => /^\d+$/.test(name) && readIdentity(disk, join(root, name))?.clusterId === clusterId)
      .map(Number)
      .sort((a, b) => a - b);
  } finally {
    disk.close();
  }
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
