/** GroupMetadataKey: a record of __consumer_offsets, type 2. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const GroupMetadataKey = message('GroupMetadataKey', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    group: string,
  },
});
export type GroupMetadataKey = Decoded<typeof GroupMetadataKey>;
