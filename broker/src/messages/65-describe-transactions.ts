/** DescribeTransactions: Kafka's API 65, versions 0. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, int64, string, struct } from '../wire/schema.ts';

export const DescribeTransactionsRequest = api(65, 'DescribeTransactionsRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    transactionalIds: array(string),
  },
});
export type DescribeTransactionsRequest = Decoded<typeof DescribeTransactionsRequest>;

export const DescribeTransactionsResponse = api(65, 'DescribeTransactionsResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    transactionStates: array(
      struct({
        errorCode: int16,
        transactionalId: string,
        transactionState: string,
        transactionTimeoutMs: int32,
        transactionStartTimeMs: int64,
        producerId: int64,
        producerEpoch: int16,
        topics: array(
          struct({
            topic: string,
            partitions: array(int32),
          }),
        ),
      }),
    ),
  },
});
export type DescribeTransactionsResponse = Decoded<typeof DescribeTransactionsResponse>;
