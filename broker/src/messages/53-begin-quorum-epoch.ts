/** BeginQuorumEpoch: Kafka's API 53, versions 0 to 1. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, string, struct, uint16, uuid } from '../wire/schema.ts';

export const BeginQuorumEpochRequest = api(53, 'BeginQuorumEpochRequest', {
  versions: [0, 1],
  flexibleFrom: 1,
  fields: {
    clusterId: string.nullable().default(null),
    voterId: int32.default(-1).since(1),
    topics: array(
      struct({
        topicName: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            voterDirectoryId: uuid.since(1),
            leaderId: int32,
            leaderEpoch: int32,
          }),
        ),
      }),
    ),
    leaderEndpoints: array(
      struct({
        name: string.since(1),
        host: string.since(1),
        port: uint16.since(1),
      }),
    ).since(1),
  },
});
export type BeginQuorumEpochRequest = Decoded<typeof BeginQuorumEpochRequest>;

export const BeginQuorumEpochResponse = api(53, 'BeginQuorumEpochResponse', {
  versions: [0, 1],
  flexibleFrom: 1,
  fields: {
    errorCode: int16,
    topics: array(
      struct({
        topicName: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            leaderId: int32,
            leaderEpoch: int32,
          }),
        ),
      }),
    ),
    nodeEndpoints: array(
      struct({
        nodeId: int32.since(1),
        host: string.since(1),
        port: uint16.since(1),
      }),
    )
      .since(1)
      .tag(0, 1),
  },
});
export type BeginQuorumEpochResponse = Decoded<typeof BeginQuorumEpochResponse>;
