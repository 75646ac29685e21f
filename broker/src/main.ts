/** A Kafka cluster for anyone's tests: `await using cluster = await startCluster({ brokers: 3 })`. */
import type { Cluster, StartNodesOptions } from './node/main.ts';
import { startNodes } from './node/main.ts';

export type { Cluster, NodeInfo, NodeState } from './node/main.ts';

export interface StartClusterOptions extends Omit<StartNodesOptions, 'ids' | 'basePort'> {
  /** Number of brokers, each also a controller; default 1. Ids count from `firstId`. */
  readonly brokers?: number;
  readonly firstId?: number;
  /** First port; default 0: free ports, so that tests side by side do not collide. */
  readonly port?: number;
}

export function startCluster(options: StartClusterOptions = {}): Promise<Cluster> {
  const { brokers = 1, firstId = 1, port = 0, ...rest } = options;
  const ids = Array.from({ length: brokers }, (_, index) => firstId + index);
  return startNodes({ ...rest, ids, basePort: port });
}
