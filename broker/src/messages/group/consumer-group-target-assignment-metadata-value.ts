/** ConsumerGroupTargetAssignmentMetadataValue: a record of __consumer_offsets, type 6. */
import { message } from '../../wire/message.ts';
import { type Decoded, int32, int64 } from '../../wire/schema.ts';

export const ConsumerGroupTargetAssignmentMetadataValue = message(
  'ConsumerGroupTargetAssignmentMetadataValue',
  {
    versions: [0, 0],
    flexibleFrom: 0,
    fields: {
      assignmentEpoch: int32,
      assignmentTimestamp: int64.tag(0, 0),
    },
  },
);
export type ConsumerGroupTargetAssignmentMetadataValue = Decoded<
  typeof ConsumerGroupTargetAssignmentMetadataValue
>;
