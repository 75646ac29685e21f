/** ListTransactions: Kafka's API 66, versions 0 to 2. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, int64, string, struct } from '../wire/schema.ts';

export const ListTransactionsRequest = api(66, 'ListTransactionsRequest', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    stateFilters: array(string),
    producerIdFilters: array(int64),
    durationFilter: int64.default(-1n).since(1),
    transactionalIdPattern: string.nullable(2).default(null).since(2),
  },
});
export type ListTransactionsRequest = Decoded<typeof ListTransactionsRequest>;

export const ListTransactionsResponse = api(66, 'ListTransactionsResponse', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    unknownStateFilters: array(string),
    transactionStates: array(
      struct({
        transactionalId: string,
        producerId: int64,
        transactionState: string,
      }),
    ),
  },
});
export type ListTransactionsResponse = Decoded<typeof ListTransactionsResponse>;
