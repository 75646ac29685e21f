/** ConsumerGroupMemberMetadataKey: a record of __consumer_offsets, type 5. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const ConsumerGroupMemberMetadataKey = message('ConsumerGroupMemberMetadataKey', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    groupId: string,
    memberId: string,
  },
});
export type ConsumerGroupMemberMetadataKey = Decoded<typeof ConsumerGroupMemberMetadataKey>;
