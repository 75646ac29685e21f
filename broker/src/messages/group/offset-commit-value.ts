/** OffsetCommitValue: a record of __consumer_offsets, type 1. */
import { message } from '../../wire/message.ts';
import { type Decoded, int32, int64, string, uuid } from '../../wire/schema.ts';

export const OffsetCommitValue = message('OffsetCommitValue', {
  versions: [0, 4],
  flexibleFrom: 4,
  fields: {
    offset: int64,
    leaderEpoch: int32.default(-1).since(3),
    metadata: string,
    commitTimestamp: int64,
    expireTimestamp: int64.default(-1n).since(1).until(1),
    topicId: uuid.since(4).tag(0, 4),
  },
});
export type OffsetCommitValue = Decoded<typeof OffsetCommitValue>;
