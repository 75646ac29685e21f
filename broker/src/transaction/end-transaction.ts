/** EndTxn: decides the outcome. From transactions version 2 on each end gives the producer its next epoch (KIP-890). */
import { ErrorCode } from '../messages/errors.ts';
import { answer, type Decision, type ProducerAnswer, refuse, write } from './decision.ts';
import { isEpochExhausted, type Transaction } from './transaction.ts';

export interface EndCall {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly commit: boolean;
  /** 2 from EndTxn version 5 on. */
  readonly transactionVersion: number;
  readonly newProducerId: bigint | undefined;
  readonly nowMs: number;
}

export function endTransaction(known: Transaction | undefined, call: EndCall): Decision<ProducerAnswer> {
  if (known === undefined) return refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
  const bumps = call.transactionVersion >= 2;
  if (bumps && isRepeated(known, call)) return answerRepeated(known, call);
  if (known.producerId !== call.producerId) return refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
  if (known.producerEpoch !== call.producerEpoch) return refuse(ErrorCode.PRODUCER_FENCED);
  switch (known.state) {
    case 'Ongoing':
      return prepare(known, call);
    case 'CompleteCommit':
      return !bumps && call.commit ? done(known) : emptyEnd(known, call);
    case 'CompleteAbort':
      return !bumps && !call.commit ? done(known) : emptyEnd(known, call);
    case 'Empty':
      return emptyEnd(known, call);
    case 'PrepareCommit':
      return refuse(call.commit ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.INVALID_TXN_STATE);
    case 'PrepareAbort':
      return refuse(call.commit ? ErrorCode.INVALID_TXN_STATE : ErrorCode.CONCURRENT_TRANSACTIONS);
    case 'Dead':
    case 'PrepareEpochFence':
      return refuse(ErrorCode.INVALID_TXN_STATE);
  }
}

/** The answer to this very EndTxn was lost: the epoch has moved on by one since. */
function isRepeated(known: Transaction, call: EndCall): boolean {
  const ended = known.state !== 'Ongoing' && known.state !== 'Empty';
  if (!ended) return false;
  if (call.producerId === known.producerId) return call.producerEpoch === known.producerEpoch - 1;
  return call.producerId === known.previousProducerId && isEpochExhausted(call.producerEpoch);
}

function answerRepeated(known: Transaction, call: EndCall): Decision<ProducerAnswer> {
  switch (known.state) {
    case 'CompleteCommit':
      return call.commit ? done(known) : refuse(ErrorCode.INVALID_TXN_STATE);
    case 'CompleteAbort':
      return call.commit ? refuse(ErrorCode.INVALID_TXN_STATE) : done(known);
    case 'PrepareCommit':
      return refuse(call.commit ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.INVALID_TXN_STATE);
    case 'PrepareAbort':
      return refuse(call.commit ? ErrorCode.INVALID_TXN_STATE : ErrorCode.CONCURRENT_TRANSACTIONS);
    default:
      return refuse(ErrorCode.INVALID_TXN_STATE);
  }
}

function done({ producerId, producerEpoch }: Transaction): Decision<ProducerAnswer> {
  return answer({ errorCode: ErrorCode.NONE, producerId, producerEpoch });
}

/** Version 2 clients may abort what never reached a partition; everything else is out of place. */
function emptyEnd(known: Transaction, call: EndCall): Decision<ProducerAnswer> {
  if (call.transactionVersion >= 2 && !call.commit) return prepare({ ...known, partitions: new Set() }, call);
  return refuse(ErrorCode.INVALID_TXN_STATE);
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
