/** ConsumerGroupTargetAssignmentMemberKey: a record of __consumer_offsets, type 7. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const ConsumerGroupTargetAssignmentMemberKey = message('ConsumerGroupTargetAssignmentMemberKey', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    groupId: string,
    memberId: string,
  },
});
export type ConsumerGroupTargetAssignmentMemberKey = Decoded<typeof ConsumerGroupTargetAssignmentMemberKey>;
