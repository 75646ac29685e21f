/** DescribeCluster, versions 0 to 2, on both listeners: brokers to clients, controllers to those who ask a controller. */
import type { DescribeClusterRequest, DescribeClusterResponse } from '../messages/60-describe-cluster.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import { anyAliveBroker, clusterOperations, endpointOf } from './brokers.ts';
import type { RequestContext } from './context.ts';

const endpointTypes = { broker: 1, controller: 2 } as const;

/** Version 0 knows no types of endpoints, nor their errors. */
function mismatch(apiVersion: number, known: boolean): number {
  if (apiVersion === 0) return ErrorCode.INVALID_REQUEST;
  return known ? ErrorCode.MISMATCHED_ENDPOINT_TYPE : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE;
}

export function describeCluster(
  request: DescribeClusterRequest,
  context: RequestContext,
): Input<typeof DescribeClusterResponse> {
  const { node, listener, apiVersion } = context;
  const expected = endpointTypes[listener];
  const wanted = apiVersion >= 1 ? request.endpointType : endpointTypes.broker;
  if (wanted !== expected) {
    const known = wanted === endpointTypes.broker || wanted === endpointTypes.controller;
    return {
      errorCode: mismatch(apiVersion, known),
      errorMessage: known
        ? `The request was sent to an endpoint of type ${listener.toUpperCase()}, but we wanted an endpoint of type ${listener === 'broker' ? 'CONTROLLER' : 'BROKER'}`
        : `Unsupported endpoint type ${wanted}`,
      clusterId: node.clusterId,
    };
  }
  const { image } = node.metadata;
  if (listener === 'controller') {
    const brokers = node.quorum.voters.map(({ id, host, advertisedHost = host, port }) => ({
      brokerId: id,
      host: advertisedHost,
      port,
    }));
    return { endpointType: expected, clusterId: node.clusterId, controllerId: node.quorum.leaderId, brokers };
  }
  const brokers = [...image.brokers.values()]
    .filter((broker) => !broker.fenced || request.includeFencedBrokers)
    .map((broker) => endpointOf(broker, context.listenerName))
    .filter((endpoint) => endpoint !== null)
    .map(({ id, host, port, rack, fenced }) => ({ brokerId: id, host, port, rack, isFenced: fenced }))
    .sort((a, b) => a.brokerId - b.brokerId);
  return {
    endpointType: expected,
    clusterId: node.clusterId,
    controllerId: anyAliveBroker(image, node.random()),
    ...(request.includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: clusterOperations } : {}),
    brokers,
  };
}
