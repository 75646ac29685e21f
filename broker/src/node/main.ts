export type { ChangeKind, ChangeTick, Cluster, NodeInfo, NodeState, StartNodesOptions } from './cluster.ts';
export { startNodes } from './cluster.ts';
export { ClusterError, type ClusterErrorCode } from './cluster-error.ts';
export { type Duration, VirtualClock } from './runtime/virtual-clock.ts';
