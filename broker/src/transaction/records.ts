/** Transactions as they lie in `__transaction_state`. */
import { TransactionLogKey } from '../messages/transaction/transaction-log-key.ts';
import { TransactionLogValue } from '../messages/transaction/transaction-log-value.ts';
import { decodeRecordKey, decodeVersioned, encodeRecordKey, encodeVersioned } from '../messages/versioned.ts';
import {
  type PartitionKey,
  parsePartitionKey,
  partitionKey,
  STATES,
  type Transaction,
} from './transaction.ts';

const KEY_TYPE = 0;
const VALUE_VERSION = 1;

export interface LogEntry {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

export function encodeTransaction(transactionalId: string, transaction: Transaction | null): LogEntry {
  return {
    key: encodeRecordKey(KEY_TYPE, TransactionLogKey, { transactionalId }),
    value: transaction === null ? null : encodeValue(transaction),
  };
}

function encodeValue(transaction: Transaction): Buffer {
  return encodeVersioned(TransactionLogValue, VALUE_VERSION, {
    producerId: transaction.producerId,
    previousProducerId: transaction.previousProducerId,
    nextProducerId: transaction.nextProducerId,
    producerEpoch: transaction.producerEpoch,
    transactionTimeoutMs: transaction.timeoutMs,
    transactionStatus: STATES.indexOf(transaction.state),
    transactionPartitions: transaction.state === 'Empty' ? null : groupByTopic(transaction.partitions),
    transactionLastUpdateTimestampMs: BigInt(transaction.lastUpdateTimestampMs),
    transactionStartTimestampMs: BigInt(transaction.startTimestampMs),
    clientTransactionVersion: transaction.clientTransactionVersion,
  });
}

export function groupByTopic(keys: Iterable<PartitionKey>): { topic: string; partitionIds: number[] }[] {
  const topics = new Map<string, number[]>();
  for (const key of keys) {
    const { topic, partition } = parsePartitionKey(key);
    topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  }
  return [...topics].map(([topic, partitionIds]) => ({ topic, partitionIds }));
}

/** Decodes one record; undefined when it is none of a transaction. Throws WireError when it is damaged. */
export function decodeTransaction(
  entry: LogEntry,
): { transactionalId: string; transaction: Transaction | null } | undefined {
  if (entry.key === null) return undefined;
  const { transactionalId } = decodeRecordKey(TransactionLogKey, entry.key);
  if (entry.value === null) return { transactionalId, transaction: null };
  const value = decodeVersioned(TransactionLogValue, entry.value);
  const partitions = (value.transactionPartitions ?? []).flatMap(({ topic, partitionIds }) =>
    partitionIds.map((partition) => partitionKey(topic, partition)),
  );
  return {
    transactionalId,
    transaction: {
      transactionalId,
      producerId: value.producerId,
      previousProducerId: value.previousProducerId,
      nextProducerId: value.nextProducerId,
      producerEpoch: value.producerEpoch,
      lastProducerEpoch: -1,
      timeoutMs: value.transactionTimeoutMs,
      state: STATES[value.transactionStatus] ?? 'Dead',
      partitions: new Set(partitions),
      startTimestampMs: Number(value.transactionStartTimestampMs),
      lastUpdateTimestampMs: Number(value.transactionLastUpdateTimestampMs),
      clientTransactionVersion: value.clientTransactionVersion,
    },
  };
}
