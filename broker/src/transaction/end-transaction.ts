/** EndTxn: decides the outcome. From transactions version 2 on each end gives the producer its next epoch (KIP-890). */
import { ErrorCode } from '../messages/errors.ts';
import { answer, type Decision, type ProducerAnswer, refuse, write } from './decision.ts';
import { isComplete, isEpochExhausted, type Transaction } from './transaction.ts';

export interface EndCall {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly commit: boolean;
  /** 2 from EndTxn version 5 on. */
  readonly transactionVersion: number;
  readonly newProducerId: bigint | undefined;
  /** A write of this id or its markers are on their way. */
  readonly isInTransition: boolean;
  readonly nowMs: number;
}

/** The order of the refusals is Kafka's: a version 1 producer that is fenced is told so first, a version 2 one last. */
export function endTransaction(known: Transaction | undefined, call: EndCall): Decision<ProducerAnswer> {
  if (known === undefined) return refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
  return call.transactionVersion >= 2 ? endVersion2(known, call) : endVersion1(known, call);
}

function endVersion1(known: Transaction, call: EndCall): Decision<ProducerAnswer> {
  if (known.producerId !== call.producerId) return refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
  if (known.producerEpoch !== call.producerEpoch) return refuse(ErrorCode.PRODUCER_FENCED);
  if (call.isInTransition) return refuse(ErrorCode.CONCURRENT_TRANSACTIONS);
  if (known.state === 'Ongoing') return prepare(known, call);
  const isSaidAgain = known.state === (call.commit ? 'CompleteCommit' : 'CompleteAbort');
  return isSaidAgain ? done(known) : refuse(ErrorCode.INVALID_TXN_STATE);
}

function endVersion2(known: Transaction, call: EndCall): Decision<ProducerAnswer> {
  if (call.isInTransition) return refuse(ErrorCode.CONCURRENT_TRANSACTIONS);
  const isSaidAgain = isRepeated(known, call);
  const isCurrentId = known.producerId === call.producerId;
  if (!isCurrentId && !isSaidAgain) return refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
  if (isSaidAgain) {
    const isSameOutcome = known.state === (call.commit ? 'CompleteCommit' : 'CompleteAbort');
    return isSameOutcome ? done(known) : refuse(ErrorCode.INVALID_TXN_STATE);
  }
  if (known.producerEpoch !== call.producerEpoch) return refuse(ErrorCode.PRODUCER_FENCED);
  if (known.state === 'Ongoing') return prepare(known, call);
  // what never reached a partition may be aborted: it moves the epoch on
  if (isComplete(known.state) && !call.commit) return prepare({ ...known, partitions: new Set() }, call);
  return refuse(ErrorCode.INVALID_TXN_STATE);
}

/** The answer to this very EndTxn was lost: the epoch, or with it the id, has moved on by one since. */
function isRepeated(known: Transaction, call: EndCall): boolean {
  if (known.state !== 'CompleteCommit' && known.state !== 'CompleteAbort') return false;
  if (call.producerId === known.producerId) return call.producerEpoch === known.producerEpoch - 1;
  const isRotated = call.producerId === known.previousProducerId && known.producerEpoch === 0;
  return isRotated && isEpochExhausted(call.producerEpoch);
}

function done({ producerId, producerEpoch }: Transaction): Decision<ProducerAnswer> {
  return answer({ errorCode: ErrorCode.NONE, producerId, producerEpoch });
}

function prepare(known: Transaction, call: EndCall): Decision<ProducerAnswer> {
  const state = call.commit ? 'PrepareCommit' : 'PrepareAbort';
  const base: Transaction = {
    ...known,
    state,
    lastUpdateTimestampMs: call.nowMs,
    clientTransactionVersion: call.transactionVersion,
  };
  if (call.transactionVersion < 2) {
    return write(base, { errorCode: ErrorCode.NONE, producerId: -1n, producerEpoch: -1 });
  }
  const producerEpoch = known.producerEpoch + 1;
  const bumped = { ...base, producerEpoch, lastProducerEpoch: known.producerEpoch };
  if (!isEpochExhausted(known.producerEpoch)) {
    return write(bumped, { errorCode: ErrorCode.NONE, producerId: known.producerId, producerEpoch });
  }
  if (call.newProducerId === undefined) return { kind: 'needProducerId' };
  const rotated = { ...bumped, nextProducerId: call.newProducerId };
  return write(rotated, { errorCode: ErrorCode.NONE, producerId: call.newProducerId, producerEpoch: 0 });
}

/** All markers are written: the transaction is over. */
export function completed(known: Transaction, nowMs: number): Transaction {
  const rotates = known.nextProducerId >= 0n;
  return {
    ...known,
    producerId: rotates ? known.nextProducerId : known.producerId,
    previousProducerId: rotates ? known.producerId : known.previousProducerId,
    nextProducerId: -1n,
    producerEpoch: rotates ? 0 : known.producerEpoch,
    lastProducerEpoch: rotates ? -1 : known.lastProducerEpoch,
    state: known.state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort',
    partitions: new Set(),
    lastUpdateTimestampMs: nowMs,
  };
}
