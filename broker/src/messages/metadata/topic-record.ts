/** TopicRecord: a record of the metadata log, type 2. */
import { message } from '../../wire/message.ts';
import { type Decoded, string, uuid } from '../../wire/schema.ts';

export const TopicRecord = message('TopicRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    name: string,
    topicId: uuid,
  },
});
export type TopicRecord = Decoded<typeof TopicRecord>;
