/** DescribeTopicPartitions: Kafka's API 75, versions 0. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int16, int32, string, struct, uuid } from '../wire/schema.ts';

export const DescribeTopicPartitionsRequest = api(75, 'DescribeTopicPartitionsRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    topics: array(
      struct({
        name: string,
      }),
    ),
    responsePartitionLimit: int32.default(2000),
    cursor: struct({
      topicName: string,
      partitionIndex: int32,
    })
      .nullable()
      .default(null),
  },
});
export type DescribeTopicPartitionsRequest = Decoded<typeof DescribeTopicPartitionsRequest>;

export const DescribeTopicPartitionsResponse = api(75, 'DescribeTopicPartitionsResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    topics: array(
      struct({
        errorCode: int16,
        name: string.nullable(),
        topicId: uuid,
        isInternal: bool,
        partitions: array(
          struct({
            errorCode: int16,
            partitionIndex: int32,
            leaderId: int32,
            leaderEpoch: int32.default(-1),
            replicaNodes: array(int32),
            isrNodes: array(int32),
            eligibleLeaderReplicas: array(int32).nullable().default(null),
            lastKnownElr: array(int32).nullable().default(null),
            offlineReplicas: array(int32),
          }),
        ),
        topicAuthorizedOperations: int32.default(-2147483648),
      }),
    ),
    nextCursor: struct({
      topicName: string,
      partitionIndex: int32,
    })
      .nullable()
      .default(null),
  },
});
export type DescribeTopicPartitionsResponse = Decoded<typeof DescribeTopicPartitionsResponse>;
