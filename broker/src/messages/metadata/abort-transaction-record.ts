/** AbortTransactionRecord: a record of the metadata log, type 25. */
import { message } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const AbortTransactionRecord = message('AbortTransactionRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    reason: string.nullable().default(null).tag(0, 0),
  },
});
export type AbortTransactionRecord = Decoded<typeof AbortTransactionRecord>;
