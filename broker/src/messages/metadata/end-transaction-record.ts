/** EndTransactionRecord: a record of the metadata log, type 24. */
import { message } from '../../wire/message.ts';
import type { Decoded } from '../../wire/schema.ts';

export const EndTransactionRecord = message('EndTransactionRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {},
});
export type EndTransactionRecord = Decoded<typeof EndTransactionRecord>;
