/** ConsumerGroupRegularExpressionKey: a record of __consumer_offsets, type 16. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const ConsumerGroupRegularExpressionKey = message('ConsumerGroupRegularExpressionKey', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    groupId: string,
    regularExpression: string,
  },
});
export type ConsumerGroupRegularExpressionKey = Decoded<typeof ConsumerGroupRegularExpressionKey>;
