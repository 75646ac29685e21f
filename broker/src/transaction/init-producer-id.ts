/** InitProducerId with a transactional id: gives the next epoch, and aborts what the one before left open. */
import { ErrorCode } from '../messages/errors.ts';
import { type Decision, type ProducerAnswer, refuse, write } from './decision.ts';
import { isEnding, isEpochExhausted, newTransaction, type Transaction } from './transaction.ts';

export interface InitCall {
  readonly transactionalId: string;
  readonly timeoutMs: number;
  /** transaction.max.timeout.ms */
  readonly timeoutMsMax: number;
  /** What the producer had before (KIP-360); -1 for a new one. */
  readonly expectedProducerId: bigint;
  readonly expectedProducerEpoch: number;
  /** One nobody had before, once it was asked for. */
  readonly newProducerId: bigint | undefined;
  readonly nowMs: number;
}

export function initProducerId(known: Transaction | undefined, call: InitCall): Decision<ProducerAnswer> {
  if (call.timeoutMs <= 0 || call.timeoutMs > call.timeoutMsMax) {
    return refuse(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
  }
  if (known === undefined) {
    if (call.newProducerId === undefined) return { kind: 'needProducerId' };
    return begin(newTransaction(call.transactionalId, call.newProducerId, call.nowMs), call, 0);
  }
  if (!isExpected(known, call)) return refuse(ErrorCode.PRODUCER_FENCED);
  if (isEnding(known.state)) return refuse(ErrorCode.CONCURRENT_TRANSACTIONS);
  if (known.state === 'Ongoing') return fence(known, call.nowMs);
  return nextEpoch(known, call);
}

/** The producer names what it had: the current id, or the one before a rotation with its epoch used up. */
function isExpected(known: Transaction, call: InitCall): boolean {
  if (call.expectedProducerId < 0n || known.producerEpoch < 0) return true;
  if (call.expectedProducerId === known.producerId) return true;
  return call.expectedProducerId === known.previousProducerId && isEpochExhausted(call.expectedProducerEpoch);
}

function nextEpoch(known: Transaction, call: InitCall): Decision<ProducerAnswer> {
  const isRetry =
    call.expectedProducerId >= 0n &&
    call.expectedProducerEpoch !== known.producerEpoch &&
    call.expectedProducerEpoch === known.lastProducerEpoch;
  if (isRetry) return begin(known, call, known.producerEpoch);
  const isFenced =
    call.expectedProducerId >= 0n &&
    known.producerEpoch >= 0 &&
    call.expectedProducerId === known.producerId &&
    call.expectedProducerEpoch !== known.producerEpoch;
  if (isFenced) return refuse(ErrorCode.PRODUCER_FENCED);
  if (isEpochExhausted(known.producerEpoch)) {
    if (call.newProducerId === undefined) return { kind: 'needProducerId' };
    const rotated = { ...known, producerId: call.newProducerId, previousProducerId: known.producerId };
    return begin(rotated, call, 0);
  }
  return begin(known, call, known.producerEpoch + 1);
}

function begin(from: Transaction, call: InitCall, producerEpoch: number): Decision<ProducerAnswer> {
  const next: Transaction = {
    ...from,
    producerEpoch,
    lastProducerEpoch: lastEpoch(from, call, producerEpoch),
    nextProducerId: -1n,
    timeoutMs: call.timeoutMs,
    state: 'Empty',
    partitions: new Set(),
    startTimestampMs: -1,
    lastUpdateTimestampMs: call.nowMs,
  };
  return write(next, { errorCode: ErrorCode.NONE, producerId: next.producerId, producerEpoch });
}

/** What its producer may name when it repeats a call. A new producer has none: the one before it is fenced for good. */
function lastEpoch(from: Transaction, call: InitCall, producerEpoch: number): number {
  if (call.expectedProducerEpoch < 0) return -1;
  return from.producerEpoch === producerEpoch ? from.lastProducerEpoch : from.producerEpoch;
}

/**
 * Aborts an open transaction under a higher epoch: whoever had it can do nothing more, but for asking with its old epoch to
 * go on under that one, as long as nobody else has (KIP-588).
 */
export function fence(known: Transaction, nowMs: number): Decision<ProducerAnswer> {
  const next: Transaction = {
    ...known,
    producerEpoch: Math.min(known.producerEpoch + 1, 32_767),
    lastProducerEpoch: known.producerEpoch,
    state: 'PrepareAbort',
    lastUpdateTimestampMs: nowMs,
  };
  return write(next, { errorCode: ErrorCode.CONCURRENT_TRANSACTIONS, producerId: -1n, producerEpoch: -1 });
}
