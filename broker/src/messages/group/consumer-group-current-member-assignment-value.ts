/** ConsumerGroupCurrentMemberAssignmentValue: a record of __consumer_offsets, type 8. */
import { message } from '../../wire/message.ts';
import { array, type Decoded, int8, int32, struct, uuid } from '../../wire/schema.ts';

const topicPartitions = struct({
  topicId: uuid,
  partitions: array(int32),
  assignmentEpochs: array(int32).nullable().tag(0, 0),
});

export const ConsumerGroupCurrentMemberAssignmentValue = message(
  'ConsumerGroupCurrentMemberAssignmentValue',
  {
    versions: [0, 0],
    flexibleFrom: 0,
    fields: {
      memberEpoch: int32,
      previousMemberEpoch: int32,
      state: int8,
      assignedPartitions: array(topicPartitions),
      partitionsPendingRevocation: array(topicPartitions),
    },
  },
);
export type ConsumerGroupCurrentMemberAssignmentValue = Decoded<
  typeof ConsumerGroupCurrentMemberAssignmentValue
>;
