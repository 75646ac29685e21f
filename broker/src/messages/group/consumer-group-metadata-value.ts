/** ConsumerGroupMetadataValue: a record of __consumer_offsets, type 3. */
import { message } from '../../wire/message.ts';
import { type Decoded, int32, int64 } from '../../wire/schema.ts';

export const ConsumerGroupMetadataValue = message('ConsumerGroupMetadataValue', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    epoch: int32,
    metadataHash: int64.tag(0, 0),
  },
});
export type ConsumerGroupMetadataValue = Decoded<typeof ConsumerGroupMetadataValue>;
