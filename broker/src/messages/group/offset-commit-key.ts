/** OffsetCommitKey: a record of __consumer_offsets, type 1. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, int32, string } from '../../wire/schema.ts';

export const OffsetCommitKey = message('OffsetCommitKey', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    group: string,
    topic: string,
    partition: int32,
  },
});
export type OffsetCommitKey = Decoded<typeof OffsetCommitKey>;
