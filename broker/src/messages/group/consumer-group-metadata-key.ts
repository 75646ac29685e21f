/** ConsumerGroupMetadataKey: a record of __consumer_offsets, type 3. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const ConsumerGroupMetadataKey = message('ConsumerGroupMetadataKey', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    groupId: string,
  },
});
export type ConsumerGroupMetadataKey = Decoded<typeof ConsumerGroupMetadataKey>;
