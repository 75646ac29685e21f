/** DescribeCluster: Kafka's API 60, versions 0 to 2. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const DescribeClusterRequest = api(60, 'DescribeClusterRequest', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    includeClusterAuthorizedOperations: bool,
    endpointType: int8.default(1).since(1),
    includeFencedBrokers: bool.since(2),
  },
});
export type DescribeClusterRequest = Decoded<typeof DescribeClusterRequest>;

export const DescribeClusterResponse = api(60, 'DescribeClusterResponse', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable().default(null),
    endpointType: int8.default(1).since(1),
    clusterId: string,
    controllerId: int32.default(-1),
    brokers: array(
      struct({
        brokerId: int32,
        host: string,
        port: int32,
        rack: string.nullable().default(null),
        isFenced: bool.since(2),
      }),
    ),
    clusterAuthorizedOperations: int32.default(-2147483648),
  },
});
export type DescribeClusterResponse = Decoded<typeof DescribeClusterResponse>;
