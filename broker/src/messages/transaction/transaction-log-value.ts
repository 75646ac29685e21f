/** TransactionLogValue: a record of __transaction_state, type 0. */
import { message } from '../../wire/message.ts';
import { array, type Decoded, int8, int16, int32, int64, string, struct } from '../../wire/schema.ts';

export const TransactionLogValue = message('TransactionLogValue', {
  versions: [0, 1],
  flexibleFrom: 1,
  fields: {
    producerId: int64,
    previousProducerId: int64.default(-1n).since(1).tag(0, 1),
    nextProducerId: int64.default(-1n).since(1).tag(1, 1),
    producerEpoch: int16,
    nextProducerEpoch: int16.default(-1).since(1).tag(3, 1),
    transactionTimeoutMs: int32,
    transactionStatus: int8,
    transactionPartitions: array(
      struct({
        topic: string,
        partitionIds: array(int32),
      }),
    ).nullable(),
    transactionLastUpdateTimestampMs: int64,
    transactionStartTimestampMs: int64,
    clientTransactionVersion: int16.since(1).tag(2, 1),
  },
});
export type TransactionLogValue = Decoded<typeof TransactionLogValue>;
