/** ConsumerGroupCurrentMemberAssignmentKey: a record of __consumer_offsets, type 8. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const ConsumerGroupCurrentMemberAssignmentKey = message('ConsumerGroupCurrentMemberAssignmentKey', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    groupId: string,
    memberId: string,
  },
});
export type ConsumerGroupCurrentMemberAssignmentKey = Decoded<typeof ConsumerGroupCurrentMemberAssignmentKey>;
