export { apiNameOf, inspectRequest, inspectResponse } from '../messages/inspect-frame.ts';
export type { InspectedField } from '../wire/inspect.ts';
export type { ChangeKind, ChangeTick, Cluster, NodeInfo, NodeState, StartNodesOptions } from './cluster.ts';
export { startNodes } from './cluster.ts';
export { ClusterError, type ClusterErrorCode } from './cluster-error.ts';
export type { TappedRequest, WireListener } from './network/tap.ts';
export { type Duration, VirtualClock } from './runtime/virtual-clock.ts';
