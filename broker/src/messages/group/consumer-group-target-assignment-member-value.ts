/** ConsumerGroupTargetAssignmentMemberValue: a record of __consumer_offsets, type 7. */
import { message } from '../../wire/message.ts';
import { array, type Decoded, int32, struct, uuid } from '../../wire/schema.ts';

export const ConsumerGroupTargetAssignmentMemberValue = message('ConsumerGroupTargetAssignmentMemberValue', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    topicPartitions: array(
      struct({
        topicId: uuid,
        partitions: array(int32),
      }),
    ),
  },
});
export type ConsumerGroupTargetAssignmentMemberValue = Decoded<
  typeof ConsumerGroupTargetAssignmentMemberValue
>;
