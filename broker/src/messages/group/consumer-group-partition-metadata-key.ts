/** ConsumerGroupPartitionMetadataKey: a record of __consumer_offsets, type 4. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const ConsumerGroupPartitionMetadataKey = message('ConsumerGroupPartitionMetadataKey', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    groupId: string,
  },
});
export type ConsumerGroupPartitionMetadataKey = Decoded<typeof ConsumerGroupPartitionMetadataKey>;
