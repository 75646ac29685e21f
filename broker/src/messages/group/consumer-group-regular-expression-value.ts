/** ConsumerGroupRegularExpressionValue: a record of __consumer_offsets, type 16. */
import { message } from '../../wire/message.ts';
import { array, type Decoded, int64, string } from '../../wire/schema.ts';

export const ConsumerGroupRegularExpressionValue = message('ConsumerGroupRegularExpressionValue', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    topics: array(string),
    version: int64,
    timestamp: int64,
  },
});
export type ConsumerGroupRegularExpressionValue = Decoded<typeof ConsumerGroupRegularExpressionValue>;
