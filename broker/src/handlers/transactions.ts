/** What transaction handlers need of the transaction coordinator, and the forms they share. */
import { ErrorCode } from '../messages/errors.ts';
import type { Decision } from '../transaction/decision.ts';
import type { TransactionShard } from '../transaction/shard.ts';
import type { PartitionKey } from '../transaction/transaction.ts';

export const TRANSACTIONS_TOPIC = '__transaction_state';

/** A fenced producer is told so by an older name in versions before `since` (KIP-588). */
export function fencedAs(errorCode: number, version: { apiVersion: number; since: number }): number {
  const isOld = errorCode === ErrorCode.PRODUCER_FENCED && version.apiVersion < version.since;
  return isOld ? ErrorCode.INVALID_PRODUCER_EPOCH : errorCode;
}

export interface TransactionService {
  /** The shard that keeps this id, or the error a client gets. */
  shardOf(transactionalId: string): ActiveTransactions | number;
  active(): readonly ActiveTransactions[];
  /** Wall clock, for timestamps that are stored. */
  nowMs(): number;
  /**
   * Makes partitions part of a producer's running transaction at its coordinator, wherever that is (KIP-890): an error
   * code for each. With `verifyOnly` they must be part of it already.
   */
  enlist(request: Enlistment): Promise<ReadonlyMap<PartitionKey, number>>;
}

export interface Enlistment {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly partitions: readonly PartitionKey[];
  readonly verifyOnly: boolean;
}

export interface ActiveTransactions {
  readonly shard: TransactionShard;
  /**
   * Asks for a decision (again, with a producer id, when one is needed), writes what it says, and resolves with its response
   * once that is committed; with `failed(code)` when it could not be written. Outcomes go on to their markers.
   */
  carryOut<R>(
    ask: (newProducerId: bigint | undefined) => Decision<R>,
    failed: (errorCode: number) => R,
  ): Promise<R>;
}
