/** BeginTransactionRecord: a record of the metadata log, type 23. */
import { message } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const BeginTransactionRecord = message('BeginTransactionRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    name: string.nullable().default(null).tag(0, 0),
  },
});
export type BeginTransactionRecord = Decoded<typeof BeginTransactionRecord>;
