/** RemoveTopicRecord: a record of the metadata log, type 9. */
import { message } from '../../wire/message.ts';
import { type Decoded, uuid } from '../../wire/schema.ts';

export const RemoveTopicRecord = message('RemoveTopicRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    topicId: uuid,
  },
});
export type RemoveTopicRecord = Decoded<typeof RemoveTopicRecord>;
