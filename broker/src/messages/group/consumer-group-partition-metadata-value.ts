/** ConsumerGroupPartitionMetadataValue: a record of __consumer_offsets, type 4. */
import { message } from '../../wire/message.ts';
import { array, type Decoded, int32, string, struct, uuid } from '../../wire/schema.ts';

export const ConsumerGroupPartitionMetadataValue = message('ConsumerGroupPartitionMetadataValue', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    topics: array(
      struct({
        topicId: uuid,
        topicName: string,
        numPartitions: int32,
        partitionMetadata: array(
          struct({
            partition: int32,
            racks: array(string),
          }),
        ),
      }),
    ),
  },
});
export type ConsumerGroupPartitionMetadataValue = Decoded<typeof ConsumerGroupPartitionMetadataValue>;
