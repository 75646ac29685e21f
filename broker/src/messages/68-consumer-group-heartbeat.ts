/** ConsumerGroupHeartbeat: Kafka's API 68, versions 0 to 1. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, string, struct, uuid } from '../wire/schema.ts';

export const ConsumerGroupHeartbeatRequest = api(68, 'ConsumerGroupHeartbeatRequest', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    groupId: string,
    memberId: string,
    memberEpoch: int32,
    instanceId: string.nullable().default(null),
    rackId: string.nullable().default(null),
    rebalanceTimeoutMs: int32.default(-1),
    subscribedTopicNames: array(string).nullable().default(null),
    subscribedTopicRegex: string.nullable(1).default(null).since(1),
    serverAssignor: string.nullable().default(null),
    topicPartitions: array(
      struct({
        topicId: uuid,
        partitions: array(int32),
      }),
    )
      .nullable()
      .default(null),
  },
});
export type ConsumerGroupHeartbeatRequest = Decoded<typeof ConsumerGroupHeartbeatRequest>;

const topicPartitions = struct({
  topicId: uuid,
  partitions: array(int32),
});

export const ConsumerGroupHeartbeatResponse = api(68, 'ConsumerGroupHeartbeatResponse', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable().default(null),
    memberId: string.nullable().default(null),
    memberEpoch: int32,
    heartbeatIntervalMs: int32,
    assignment: struct({
      topicPartitions: array(topicPartitions),
    })
      .nullable()
      .default(null),
  },
});
export type ConsumerGroupHeartbeatResponse = Decoded<typeof ConsumerGroupHeartbeatResponse>;
