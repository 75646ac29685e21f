/** Vote: Kafka's API 52, versions 0 to 2. */
import { api } from '../wire/message.ts';
import {
  array,
  bool,
  type Decoded,
  int16,
  int32,
  int64,
  string,
  struct,
  uint16,
  uuid,
} from '../wire/schema.ts';

export const VoteRequest = api(52, 'VoteRequest', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    clusterId: string.nullable().default(null),
    voterId: int32.default(-1).since(1),
    topics: array(
      struct({
        topicName: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            replicaEpoch: int32,
            replicaId: int32,
            replicaDirectoryId: uuid.since(1),
            voterDirectoryId: uuid.since(1),
            lastOffsetEpoch: int32,
            lastOffset: int64,
            preVote: bool.since(2),
          }),
        ),
      }),
    ),
  },
});
export type VoteRequest = Decoded<typeof VoteRequest>;

export const VoteResponse = api(52, 'VoteResponse', {
  versions: [0, 2],
  flexibleFrom: 0,
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
            voteGranted: bool,
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
export type VoteResponse = Decoded<typeof VoteResponse>;
