/** A Kafka cluster for anyone's tests: `await using cluster = await startCluster({ brokers: 3 })`. */
import type { Cluster, StartNodesOptions } from './node/main.ts';
import { ClusterError, startNodes } from './node/main.ts';

export {
  type ChangeTick,
  type Cluster,
  ClusterError,
  type ClusterErrorCode,
  type Duration,
  type NodeInfo,
  type NodeState,
  VirtualClock,
} from './node/main.ts';

export interface StartClusterOptions extends Omit<StartNodesOptions, 'ids' | 'basePort'> {
  /** Brokers, each also a controller (KRaft, KIP-500): 1 to 100, default 1. */
  readonly brokers?: number;
  /** Id of the first broker, the next one has the next; default 1. */
  readonly firstId?: number;
  /** TCP port of the first broker, the next takes the next one; default 0: free ports, so that tests side by side do not collide. */
  readonly port?: number;
}

const brokersMax = 100;
const idMax = 1_000_000;
const portMax = 64_000;

/**
 * Starts a cluster and resolves when every broker serves. Rejects with ClusterError, whose `code` says what to put right;
 * nothing is left running then.
 */
export async function startCluster(options: StartClusterOptions = {}): Promise<Cluster> {
  const { brokers = 1, firstId = 1, port = 0, ...rest } = options;
  checkWhole('brokers', brokers, { least: 1, most: brokersMax });
  checkWhole('firstId', firstId, { least: 0, most: idMax });
  checkWhole('port', port, { least: 0, most: portMax });
  if (rest.clock !== undefined && rest.packing === 'process') {
    throw new ClusterError('invalid-option', 'a clock moves only nodes in this process: leave packing out');
  }
  const ids = Array.from({ length: brokers }, (_, index) => firstId + index);
  return startNodes({ ...rest, ids, basePort: port });
}

function checkWhole(name: string, value: number, { least, most }: { least: number; most: number }): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new ClusterError(
    'invalid-option',
    `${name} must be a whole number from ${least} to ${most}, not ${value}`,
  );
}
