/** OffsetCommit: Kafka's API 8, versions 2 to 10. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, int64, string, struct, uuid } from '../wire/schema.ts';

export const OffsetCommitRequest = api(8, 'OffsetCommitRequest', {
  versions: [2, 10],
  flexibleFrom: 8,
  fields: {
    groupId: string,
    generationIdOrMemberEpoch: int32.default(-1),
    memberId: string,
    groupInstanceId: string.nullable(7).default(null).since(7),
    retentionTimeMs: int64.default(-1n).until(4),
    topics: array(
      struct({
        name: string.until(9),
        topicId: uuid.since(10),
        partitions: array(
          struct({
            partitionIndex: int32,
            committedOffset: int64,
            committedLeaderEpoch: int32.default(-1).since(6),
            committedMetadata: string.nullable(),
          }),
        ),
      }),
    ),
  },
});
export type OffsetCommitRequest = Decoded<typeof OffsetCommitRequest>;

export const OffsetCommitResponse = api(8, 'OffsetCommitResponse', {
  versions: [2, 10],
  flexibleFrom: 8,
  fields: {
    throttleTimeMs: int32.since(3),
    topics: array(
      struct({
        name: string.until(9),
        topicId: uuid.since(10),
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
          }),
        ),
      }),
    ),
  },
});
export type OffsetCommitResponse = Decoded<typeof OffsetCommitResponse>;
