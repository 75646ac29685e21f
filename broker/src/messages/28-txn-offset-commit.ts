/** TxnOffsetCommit: Kafka's API 28, versions 0 to 5. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, int64, string, struct } from '../wire/schema.ts';

export const TxnOffsetCommitRequest = api(28, 'TxnOffsetCommitRequest', {
  versions: [0, 5],
  flexibleFrom: 3,
  fields: {
    transactionalId: string,
    groupId: string,
    producerId: int64,
    producerEpoch: int16,
    generationId: int32.default(-1).since(3),
    memberId: string.since(3),
    groupInstanceId: string.nullable(3).default(null).since(3),
    topics: array(
      struct({
        name: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            committedOffset: int64,
            committedLeaderEpoch: int32.default(-1).since(2),
            committedMetadata: string.nullable(),
          }),
        ),
      }),
    ),
  },
});
export type TxnOffsetCommitRequest = Decoded<typeof TxnOffsetCommitRequest>;

export const TxnOffsetCommitResponse = api(28, 'TxnOffsetCommitResponse', {
  versions: [0, 5],
  flexibleFrom: 3,
  fields: {
    throttleTimeMs: int32,
    topics: array(
      struct({
        name: string,
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
export type TxnOffsetCommitResponse = Decoded<typeof TxnOffsetCommitResponse>;
