/** TransactionLogKey: a record of __transaction_state, type 0. */
import { message, NEVER } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const TransactionLogKey = message('TransactionLogKey', {
  versions: [0, 0],
  flexibleFrom: NEVER,
  fields: {
    transactionalId: string,
  },
});
export type TransactionLogKey = Decoded<typeof TransactionLogKey>;
