/** OffsetForLeaderEpoch: Kafka's API 23, versions 2 to 4. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, int64, string, struct } from '../wire/schema.ts';

export const OffsetForLeaderEpochRequest = api(23, 'OffsetForLeaderEpochRequest', {
  versions: [2, 4],
  flexibleFrom: 4,
  fields: {
    replicaId: int32.default(-2).since(3),
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({
            partition: int32,
            currentLeaderEpoch: int32.default(-1),
            leaderEpoch: int32,
          }),
        ),
      }),
    ),
  },
});
export type OffsetForLeaderEpochRequest = Decoded<typeof OffsetForLeaderEpochRequest>;

export const OffsetForLeaderEpochResponse = api(23, 'OffsetForLeaderEpochResponse', {
  versions: [2, 4],
  flexibleFrom: 4,
  fields: {
    throttleTimeMs: int32,
    topics: array(
      struct({
        topic: string,
        partitions: array(
          struct({
            errorCode: int16,
            partition: int32,
            leaderEpoch: int32.default(-1),
            endOffset: int64.default(-1n),
          }),
        ),
      }),
    ),
  },
});
export type OffsetForLeaderEpochResponse = Decoded<typeof OffsetForLeaderEpochResponse>;
