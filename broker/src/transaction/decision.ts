/** What the transaction core decides: an answer now, or a record to be written with the answer that follows it. */
import type { Transaction } from './transaction.ts';

export type Decision<R> =
  | { readonly kind: 'answer'; readonly response: R }
  /** Write `next` (null deletes the id); once committed tell `written`, then answer. */
  | {
      readonly kind: 'write';
      readonly transactionalId: string;
      readonly next: Transaction | null;
      readonly response: R;
    }
  /** Ask again with a producer id that nobody had before. */
  | { readonly kind: 'needProducerId' };

export interface ProducerAnswer {
  readonly errorCode: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export function answer<R>(response: R): Decision<R> {
  return { kind: 'answer', response };
}

export function write<R>(next: Transaction, response: R): Decision<R> {
  return { kind: 'write', transactionalId: next.transactionalId, next, response };
}

export function refuse(errorCode: number): Decision<ProducerAnswer> {
  return answer({ errorCode, producerId: -1n, producerEpoch: -1 });
}
