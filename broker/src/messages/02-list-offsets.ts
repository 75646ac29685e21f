/** ListOffsets: Kafka's API 2, versions 1 to 11. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int8, int16, int32, int64, string, struct } from '../wire/schema.ts';

export const ListOffsetsRequest = api(2, 'ListOffsetsRequest', {
  versions: [1, 11],
  flexibleFrom: 6,
  fields: {
    replicaId: int32,
    isolationLevel: int8.since(2),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            currentLeaderEpoch: int32.default(-1).since(4),
            timestamp: int64,
          }),
        ),
      }),
    ),
    timeoutMs: int32.since(10),
  },
});
export type ListOffsetsRequest = Decoded<typeof ListOffsetsRequest>;

export const ListOffsetsResponse = api(2, 'ListOffsetsResponse', {
  versions: [1, 11],
  flexibleFrom: 6,
  fields: {
    throttleTimeMs: int32.since(2),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            timestamp: int64.default(-1n),
            offset: int64.default(-1n),
            leaderEpoch: int32.default(-1).since(4),
          }),
        ),
      }),
    ),
  },
});
export type ListOffsetsResponse = Decoded<typeof ListOffsetsResponse>;
