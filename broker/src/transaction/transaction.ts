/**
 * One transactional id (KIP-98; KIP-890 where the client speaks transactions version 2).
 *
 *   Empty ──partition added──▶ Ongoing ──EndTxn──▶ PrepareCommit | PrepareAbort ──markers written──▶ CompleteCommit | CompleteAbort
 *   CompleteCommit, CompleteAbort ──partition added──▶ Ongoing        Ongoing ──timeout or new InitProducerId──▶ PrepareAbort
 *   CompleteCommit, CompleteAbort ──InitProducerId──▶ Empty
 */

export const STATES = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const;
export type TransactionState = (typeof STATES)[number];

/** A partition as `topic` and number; kept as text in sets. */
export type PartitionKey = `${string}:${number}`;

export function partitionKey(topic: string, partition: number): PartitionKey {
  return `${topic}:${partition}`;
}

export function parsePartitionKey(key: PartitionKey): { topic: string; partition: number } {
  const colon = key.lastIndexOf(':');
  return { topic: key.slice(0, colon), partition: Number(key.slice(colon + 1)) };
}

export interface Transaction {
  readonly transactionalId: string;
  readonly producerId: bigint;
  /** The producer id of the last transaction, after an exhausted epoch made a new one necessary; -1 else. */
  readonly previousProducerId: bigint;
  /** The producer id the client goes on with after this transaction; -1: the same. */
  readonly nextProducerId: bigint;
  /** -1 before the first InitProducerId is answered. */
  readonly producerEpoch: number;
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  /** Not empty only while Ongoing or being ended. */
  readonly partitions: ReadonlySet<PartitionKey>;
  /** Of the transaction that runs or was the last to run; -1: none since InitProducerId. */
  readonly startTimestampMs: number;
  readonly lastUpdateTimestampMs: number;
  /** 2: the client bumps its epoch at each end (KIP-890). */
  readonly clientTransactionVersion: number;
}

/** The highest epoch is kept for fencing; a producer that reaches it gets a new id. */
export const PRODUCER_EPOCH_MAX = 32_767;

export function isEpochExhausted(epoch: number): boolean {
  return epoch >= PRODUCER_EPOCH_MAX - 1;
}

export function isEnding(state: TransactionState): state is 'PrepareCommit' | 'PrepareAbort' {
  return state === 'PrepareCommit' || state === 'PrepareAbort';
}

export function isComplete(state: TransactionState): boolean {
  return state === 'Empty' || state === 'CompleteCommit' || state === 'CompleteAbort';
}

export function newTransaction(transactionalId: string, producerId: bigint, nowMs: number): Transaction {
  return {
    transactionalId,
    producerId,
    previousProducerId: -1n,
    nextProducerId: -1n,
    producerEpoch: -1,
    lastProducerEpoch: -1,
    timeoutMs: 0,
    state: 'Empty',
    partitions: new Set(),
    startTimestampMs: -1,
    lastUpdateTimestampMs: nowMs,
    clientTransactionVersion: 0,
  };
}
