/** ClearElrRecord: a record of the metadata log, type 28. */
import { message } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const ClearElrRecord = message('ClearElrRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    topicName: string,
  },
});
export type ClearElrRecord = Decoded<typeof ClearElrRecord>;
