/** OffsetFetch: Kafka's API 9, versions 1 to 10. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int16, int32, int64, string, struct, uuid } from '../wire/schema.ts';

export const OffsetFetchRequest = api(9, 'OffsetFetchRequest', {
  versions: [1, 10],
  flexibleFrom: 6,
  fields: {
    groupId: string.until(7),
    topics: array(
      struct({
        name: string.until(7),
        partitionIndexes: array(int32).until(7),
      }),
    )
      .nullable(2, 7)
      .until(7),
    groups: array(
      struct({
        groupId: string.since(8),
        memberId: string.nullable(9).default(null).since(9),
        memberEpoch: int32.default(-1).since(9),
        topics: array(
          struct({
            name: string.since(8).until(9),
            topicId: uuid.since(10),
            partitionIndexes: array(int32).since(8),
          }),
        )
          .nullable(8)
          .since(8),
      }),
    ).since(8),
    requireStable: bool.since(7),
  },
});
export type OffsetFetchRequest = Decoded<typeof OffsetFetchRequest>;

export const OffsetFetchResponse = api(9, 'OffsetFetchResponse', {
  versions: [1, 10],
  flexibleFrom: 6,
  fields: {
    throttleTimeMs: int32.since(3),
    topics: array(
      struct({
        name: string.until(7),
        partitions: array(
          struct({
            partitionIndex: int32.until(7),
            committedOffset: int64.until(7),
            committedLeaderEpoch: int32.default(-1).since(5).until(7),
            metadata: string.nullable(0, 7).until(7),
            errorCode: int16.until(7),
          }),
        ).until(7),
      }),
    ).until(7),
    errorCode: int16.since(2).until(7),
    groups: array(
      struct({
        groupId: string.since(8),
        topics: array(
          struct({
            name: string.since(8).until(9),
            topicId: uuid.since(10),
            partitions: array(
              struct({
                partitionIndex: int32.since(8),
                committedOffset: int64.since(8),
                committedLeaderEpoch: int32.default(-1).since(8),
                metadata: string.nullable(8).since(8),
                errorCode: int16.since(8),
              }),
            ).since(8),
          }),
        ).since(8),
        errorCode: int16.since(8),
      }),
    ).since(8),
  },
});
export type OffsetFetchResponse = Decoded<typeof OffsetFetchResponse>;
