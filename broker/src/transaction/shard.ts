/**
 * The transactions of one partition of `__transaction_state`: a synchronous machine without clock or I/O. While a
 * write of an id is on its way, or its markers are, every other call for it is told CONCURRENT_TRANSACTIONS.
 */
import { ErrorCode } from '../messages/errors.ts';
import { type AddCall, addPartitions, verifyPartitions } from './add-partitions.ts';
import { answer, type Decision, type ProducerAnswer, refuse } from './decision.ts';
import { completed, type EndCall, endTransaction } from './end-transaction.ts';
import { fence, type InitCall, initProducerId } from './init-producer-id.ts';
import { isComplete, isEnding, type PartitionKey, type Transaction } from './transaction.ts';

export class TransactionShard {
  readonly transactions = new Map<string, Transaction>();
  /** Ids with a write on its way. */
  readonly #pending = new Set<string>();

  /** Applies a record of the partition's past. */
  replay(transactionalId: string, transaction: Transaction | null): void {
    if (transaction === null) this.transactions.delete(transactionalId);
    else this.transactions.set(transactionalId, transaction);
  }

  initProducerId(call: InitCall): Decision<ProducerAnswer> {
    if (this.#isInTransition(call.transactionalId)) return refuse(ErrorCode.CONCURRENT_TRANSACTIONS);
    return this.#begin(initProducerId(this.transactions.get(call.transactionalId), call));
  }

  addPartitions(transactionalId: string, call: AddCall): Decision<number> {
    if (this.#isInTransition(transactionalId)) return answer(ErrorCode.CONCURRENT_TRANSACTIONS);
    return this.#begin(addPartitions(this.transactions.get(transactionalId), call));
  }

  verifyPartitions(transactionalId: string, call: AddCall): ReadonlyMap<PartitionKey, number> {
    return verifyPartitions(this.transactions.get(transactionalId), call);
  }

  endTransaction(transactionalId: string, call: Omit<EndCall, 'isInTransition'>): Decision<ProducerAnswer> {
    const known = this.transactions.get(transactionalId);
    return this.#begin(
      endTransaction(known, { ...call, isInTransition: this.#isInTransition(transactionalId) }),
    );
  }

  /** Every partition has its marker. */
  markersWritten(transactionalId: string, nowMs: number): Decision<null> {
    const known = this.transactions.get(transactionalId);
    if (known === undefined || !isEnding(known.state)) return answer(null);
    return this.#begin({ kind: 'write', transactionalId, next: completed(known, nowMs), response: null });
  }

  /** Transactions that ran past their timeout, to be aborted under a higher epoch. */
  timedOut(nowMs: number): Decision<ProducerAnswer>[] {
    return [...this.transactions.values()]
      .filter(
        ({ transactionalId, state, startTimestampMs, timeoutMs }) =>
          state === 'Ongoing' && startTimestampMs + timeoutMs <= nowMs && !this.#pending.has(transactionalId),
      )
      .map((transaction) => this.#begin(fence(transaction, nowMs)));
  }

  /** Ids nobody has used for `transactional.id.expiration.ms`. */
  expired(nowMs: number, expirationMs: number): Decision<null>[] {
    return [...this.transactions.values()]
      .filter(
        ({ transactionalId, state, lastUpdateTimestampMs }) =>
          isComplete(state) &&
          lastUpdateTimestampMs + expirationMs <= nowMs &&
          !this.#pending.has(transactionalId),
      )
      .map(({ transactionalId }) =>
        this.#begin({ kind: 'write', transactionalId, next: null, response: null }),
      );
  }

  /** Transactions whose outcome is decided and whose markers must (again) be sent. */
  ending(): Transaction[] {
    return [...this.transactions.values()].filter(({ state }) => isEnding(state));
  }

  /** The write is committed. */
  written(decision: { transactionalId: string; next: Transaction | null }): void {
    this.#pending.delete(decision.transactionalId);
    this.replay(decision.transactionalId, decision.next);
  }

  /** The write failed: everything is as before. */
  failed(transactionalId: string): void {
    this.#pending.delete(transactionalId);
  }

  #isInTransition(transactionalId: string): boolean {
    if (this.#pending.has(transactionalId)) return true;
    const known = this.transactions.get(transactionalId);
    return known !== undefined && isEnding(known.state);
  }

  #begin<R>(decision: Decision<R>): Decision<R> {
    if (decision.kind === 'write') this.#pending.add(decision.transactionalId);
    return decision;
  }
}
