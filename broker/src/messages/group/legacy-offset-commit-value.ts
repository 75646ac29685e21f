/** LegacyOffsetCommitValue: a record of __consumer_offsets, type 0. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, int64, string } from '../../wire/schema.ts';

export const LegacyOffsetCommitValue = message('LegacyOffsetCommitValue', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    offset: int64,
    metadata: string,
    commitTimestamp: int64,
  },
});
export type LegacyOffsetCommitValue = Decoded<typeof LegacyOffsetCommitValue>;
