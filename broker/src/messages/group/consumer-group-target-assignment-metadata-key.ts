/** ConsumerGroupTargetAssignmentMetadataKey: a record of __consumer_offsets, type 6. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const ConsumerGroupTargetAssignmentMetadataKey = message('ConsumerGroupTargetAssignmentMetadataKey', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    groupId: string,
  },
});
export type ConsumerGroupTargetAssignmentMetadataKey = Decoded<
  typeof ConsumerGroupTargetAssignmentMetadataKey
>;
