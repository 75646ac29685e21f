/** AlterPartitionReassignments: Kafka's API 45, versions 0 to 1. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int16, int32, string, struct } from '../wire/schema.ts';

export const AlterPartitionReassignmentsRequest = api(45, 'AlterPartitionReassignmentsRequest', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    timeoutMs: int32.default(60000),
    allowReplicationFactorChange: bool.default(true).since(1),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            replicas: array(int32).nullable().default(null),
          }),
        ),
      }),
    ),
  },
});
export type AlterPartitionReassignmentsRequest = Decoded<typeof AlterPartitionReassignmentsRequest>;

export const AlterPartitionReassignmentsResponse = api(45, 'AlterPartitionReassignmentsResponse', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    allowReplicationFactorChange: bool.default(true).since(1),
    errorCode: int16,
    errorMessage: string.nullable(),
    responses: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            errorMessage: string.nullable(),
          }),
        ),
      }),
    ),
  },
});
export type AlterPartitionReassignmentsResponse = Decoded<typeof AlterPartitionReassignmentsResponse>;
