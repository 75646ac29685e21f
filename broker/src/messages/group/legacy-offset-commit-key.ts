/** LegacyOffsetCommitKey: a record of __consumer_offsets, type 0. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, int32, string } from '../../wire/schema.ts';

export const LegacyOffsetCommitKey = message('LegacyOffsetCommitKey', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    group: string,
    topic: string,
    partition: int32,
  },
});
export type LegacyOffsetCommitKey = Decoded<typeof LegacyOffsetCommitKey>;
