/** ListPartitionReassignments: Kafka's API 46, versions 0. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, string, struct } from '../wire/schema.ts';

export const ListPartitionReassignmentsRequest = api(46, 'ListPartitionReassignmentsRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    timeoutMs: int32.default(60000),
    topics: array(
      struct({
        name: string,
        partitionIndexes: array(int32),
      }),
    )
      .nullable()
      .default(null),
  },
});
export type ListPartitionReassignmentsRequest = Decoded<typeof ListPartitionReassignmentsRequest>;

export const ListPartitionReassignmentsResponse = api(46, 'ListPartitionReassignmentsResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            replicas: array(int32),
            addingReplicas: array(int32),
            removingReplicas: array(int32),
          }),
        ),
      }),
    ),
  },
});
export type ListPartitionReassignmentsResponse = Decoded<typeof ListPartitionReassignmentsResponse>;
