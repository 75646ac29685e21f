export type { ChangeKind, ChangeTick, Cluster, NodeInfo, NodeState, StartNodesOptions } from './cluster.ts';
export { startNodes } from './cluster.ts';
