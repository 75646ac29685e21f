/** EndQuorumEpoch: Kafka's API 54, versions 0 to 1. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, string, struct, uint16, uuid } from '../wire/schema.ts';

export const EndQuorumEpochRequest = api(54, 'EndQuorumEpochRequest', {
  versions: [0, 1],
  flexibleFrom: 1,
  fields: {
    clusterId: string.nullable().default(null),
    topics: array(
      struct({
        topicName: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            leaderId: int32,
            leaderEpoch: int32,
            preferredSuccessors: array(int32).until(0),
            preferredCandidates: array(
              struct({
                candidateId: int32.since(1),
                candidateDirectoryId: uuid.since(1),
              }),
            ).since(1),
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
export type EndQuorumEpochRequest = Decoded<typeof EndQuorumEpochRequest>;

export const EndQuorumEpochResponse = api(54, 'EndQuorumEpochResponse', {
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
export type EndQuorumEpochResponse = Decoded<typeof EndQuorumEpochResponse>;
