/** The trainee's cluster: our brokers, run in the cell's own process and network. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeState as BrokerNodeState, Cluster, WireListener } from '@brokerlab/broker/node';
import { CellError, type ClusterStatus, type NodeState } from '../sandbox/sandbox.ts';
import type { ClusterAction, StartCell } from './protocol.ts';

export interface CellBrokers {
  start(): Promise<void>;
  /** Resolves when all answer; rejects when they could not be started. */
  ready(): Promise<void>;
  status(): ClusterStatus;
  /** Returns the node that was added, else the node acted on. */
  act(action: ClusterAction, nodeId: number): Promise<number>;
  /** Where node N serves on `bN.sock`. */
  readonly socketDir: string;
  /** Told of all requests and responses; null: no longer. */
  watchWire(listener: WireListener | null): void;
  stop(): Promise<void>;
  /** Stops, forgets all data, starts anew. */
  reset(): Promise<void>;
}

export interface ClusterHandlers {
  onTick(kinds: readonly string[]): void;
  onStatus(status: ClusterStatus): void;
}

/**
 * Sixty clusters share a machine, so an idle one must cost next to nothing: what Kafka repeats twice a second when
 * nothing happens is done every few seconds. Nothing waits for it: a fetch is answered the moment there is something.
 * Nor is the disk flushed: the page cache survives any process, and a class does not survive its machine anyway.
 * See docs/decisions/0002.
 */
const quietConfig: Readonly<Record<string, string>> = {
  'metadata.max.idle.interval.ms': '20000',
  'controller.quorum.fetch.timeout.ms': '8000',
  'broker.heartbeat.interval.ms': '4000',
  'replica.fetch.wait.max.ms': '12000',
};

export function createCellBrokers(settings: StartCell, handlers: ClusterHandlers): CellBrokers {
  let cluster: Cluster | undefined;
  let starting: Promise<void> | undefined;
  let failed = false;
  let wire: WireListener | null = null;

  async function boot(): Promise<void> {
    const ids = nodeIds(settings);
    if (ids.length === 0) return;
    mkdirSync(settings.clusterDir, { recursive: true });
    // Loaded only now, so that the box is already on its way.
    const { startNodes } = await import('@brokerlab/broker/node');
    cluster = await startNodes({
      ids,
      host: '127.0.0.1',
      advertisedHost: 'localhost',
      basePort: settings.basePort,
      socketDir: settings.socketDir,
      dataDir: settings.clusterDir,
      config: { ...quietConfig, ...settings.brokerConfig },
      flush: 'never',
      onChange: ({ kinds }) => handlers.onTick([...kinds]),
    });
    cluster.watchWire(wire);
    handlers.onStatus(status());
  }

  function start(): Promise<void> {
    failed = false;
    starting = boot();
    starting.catch(() => {
      failed = true;
    });
    return starting;
  }

  function status(): ClusterStatus {
    if (cluster !== undefined) {
      return { nodes: cluster.nodes.map(({ id, port, state }) => ({ id, port, state: states[state] })) };
    }
    const state: NodeState = failed ? 'failed' : 'starting';
    const { basePort } = settings;
    return { nodes: nodeIds(settings).map((id, index) => ({ id, port: basePort + index, state })) };
  }

  async function stop(): Promise<void> {
    await starting?.catch(() => undefined);
    await cluster?.[Symbol.asyncDispose]();
    cluster = undefined;
  }

  return {
    start,
    ready: () => starting ?? Promise.resolve(),
    status,
    async act(action, nodeId) {
      await starting;
      if (cluster === undefined) throw new CellError('unknownNode', 'this box has no cluster');
      if (action === 'add') {
        const added = await cluster.addBroker();
        handlers.onStatus(status());
        return added;
      }
      if (action === 'heal') {
        for (const node of cluster.nodes) if (node.state === 'isolated') await cluster.heal(node.id);
      } else {
        checkTransition(cluster, action, nodeId);
        await cluster[action](nodeId);
      }
      handlers.onStatus(status());
      return nodeId;
    },
    socketDir: settings.socketDir,
    watchWire(listener) {
      wire = listener;
      cluster?.watchWire(listener);
    },
    stop,
    async reset() {
      await stop();
      rmSync(settings.clusterDir, { recursive: true, force: true });
      await start();
    },
  };
}

const states: Readonly<Record<BrokerNodeState, NodeState>> = {
  running: 'running',
  stopped: 'stopped',
  killed: 'stopped',
  paused: 'paused',
  isolated: 'isolated',
};

/** What can be done to a node in which state. */
const transitions: Readonly<Record<Exclude<ClusterAction, 'add' | 'heal'>, readonly BrokerNodeState[]>> = {
  start: ['stopped', 'killed'],
  stop: ['running', 'isolated'],
  kill: ['running', 'isolated', 'paused'],
  pause: ['running', 'isolated'],
  resume: ['paused'],
  isolate: ['running'],
  remove: ['running', 'stopped', 'killed'],
};

function checkTransition(
  cluster: Cluster,
  action: Exclude<ClusterAction, 'add' | 'heal'>,
  nodeId: number,
): void {
  const node = cluster.nodes.find(({ id }) => id === nodeId);
  if (node === undefined) throw new CellError('unknownNode', `there is no broker ${nodeId}`);
  if (!transitions[action].includes(node.state)) {
    throw new CellError('badRequest', states[node.state]);
  }
}

/** Those asked for, and those added in an earlier run. */
function nodeIds(settings: StartCell): number[] {
  const ids = new Set(settings.nodeIds);
  if (ids.size === 0) return [];
  try {
    for (const name of readdirSync(join(settings.clusterDir))) {
      if (/^[1-9]\d{0,2}$/.test(name)) ids.add(Number(name));
    }
  } catch {
    // Nothing yet.
  }
  return [...ids].sort((one, other) => one - other);
}
