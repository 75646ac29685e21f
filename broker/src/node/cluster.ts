/**
 * A cluster of nodes, in this process or each in one of its own, each a combined broker and controller that meets the
 * others only over TCP. `startNodes` is the full form (the trainee's cell, `npm run cluster`); `startCluster` in the package's
 * entry is the short one for anyone's tests.
 */

import type { ChangeKind } from '../handlers/services.ts';

import { startError } from './cluster-error.ts';
import type { WireListener } from './network/tap.ts';
import type { Log } from './node-options.ts';
import { RunningCluster } from './running-cluster.ts';
import type { VirtualClock } from './runtime/virtual-clock.ts';

export type { ChangeKind };

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
  /** `broker.rack` of each node, in the order of their ids; those that are added have none. */
  readonly racks?: readonly string[];
  /** Broker configuration for every node, Kafka's names and values. */
  readonly config?: Readonly<Record<string, string>>;
  /** Used for a cluster that is new in `dataDir`; default: a random one. */
  readonly clusterId?: string;
  /** `always`: metadata is on the medium before it counts. `never`: it survives the process, not the machine. */
  readonly flush?: 'always' | 'never';
  /** `one` (default): all nodes in this process. `process`: each node in a process of its own. */
  readonly packing?: Packing;
  /** Moves the brokers' time on at will; only with all nodes in this process. Default: the real time. */
  readonly clock?: VirtualClock;
  /** Default: nothing is logged. */
  readonly log?: Log;
  readonly onChange?: (tick: ChangeTick) => void;
}

export type Packing = 'one' | 'process';

export type NodeState = 'running' | 'stopped' | 'killed' | 'paused' | 'isolated';

export interface NodeInfo {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly socketPath: string | null;
  /** Of the node's own process, while it has one (`packing: 'process'`). */
  readonly pid: number | null;
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
  /**
   * Takes a broker that was added out for good: stops it in order, unregisters it and deletes its folder. Throws ClusterError:
   * `voter` for a node the cluster was started with, `replicas-left` while partitions have replicas there.
   */
  remove(id: number): Promise<void>;
  /** Listens to all requests and responses of nodes in this process; null: no longer. One listener at a time. */
  watchWire(listener: WireListener | null): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startNodes(options: StartNodesOptions = {}): Promise<Cluster> {
  const cluster = new RunningCluster(options);
  try {
    await cluster.startAll();
  } catch (error) {
    await cluster.stop();
    throw startError(error);
  }
  return cluster;
}
