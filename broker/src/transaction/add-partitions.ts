/** AddPartitionsToTxn and AddOffsetsToTxn: a transaction begins with its first partition. */
import { ErrorCode } from '../messages/errors.ts';
import { answer, type Decision, write } from './decision.ts';
import { isEnding, type PartitionKey, type Transaction } from './transaction.ts';

export interface AddCall {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly partitions: readonly PartitionKey[];
  readonly transactionVersion: number;
  readonly nowMs: number;
}

export function addPartitions(known: Transaction | undefined, call: AddCall): Decision<number> {
  const invalid = validate(known, call);
  if (known === undefined || invalid !== ErrorCode.NONE) return answer(invalid);
  const isOngoing = known.state === 'Ongoing';
  if (isOngoing && call.partitions.every((key) => known.partitions.has(key))) return answer(ErrorCode.NONE);
  const next: Transaction = {
    ...known,
    state: 'Ongoing',
    partitions: new Set([...(isOngoing ? known.partitions : []), ...call.partitions]),
    startTimestampMs: isOngoing ? known.startTimestampMs : call.nowMs,
    lastUpdateTimestampMs: call.nowMs,
    clientTransactionVersion: call.transactionVersion,
  };
  return write(next, ErrorCode.NONE);
}

/** Whether each partition is part of the running transaction (KIP-890, `verifyOnly`). */
export function verifyPartitions(
  known: Transaction | undefined,
  call: AddCall,
): ReadonlyMap<PartitionKey, number> {
  const invalid = validate(known, call);
  return new Map(
    call.partitions.map((key) => {
      if (invalid !== ErrorCode.NONE) return [key, invalid];
      const belongs = known?.state === 'Ongoing' && known.partitions.has(key);
      return [key, belongs ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE];
    }),
  );
}

function validate(known: Transaction | undefined, call: AddCall): number {
  if (known === undefined || known.producerId !== call.producerId)
    return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
  if (known.producerEpoch !== call.producerEpoch) return ErrorCode.PRODUCER_FENCED;
  if (isEnding(known.state)) return ErrorCode.CONCURRENT_TRANSACTIONS;
  return ErrorCode.NONE;
}
