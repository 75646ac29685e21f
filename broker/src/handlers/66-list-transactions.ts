/** ListTransactions, versions 0 to 2 (KIP-664, KIP-994, KIP-1152). */
import type { ListTransactionsRequest, ListTransactionsResponse } from '../messages/66-list-transactions.ts';
import { ErrorCode } from '../messages/errors.ts';
import { STATES, type Transaction } from '../transaction/transaction.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

export function listTransactions(
  request: ListTransactionsRequest,
  { node }: RequestContext,
): Input<typeof ListTransactionsResponse> {
  const known = new Set<string>(STATES);
  const unknownStateFilters = request.stateFilters.filter((state) => !known.has(state));
  const pattern = patternOf(request.transactionalIdPattern);
  if (pattern === undefined) return { errorCode: ErrorCode.INVALID_REGULAR_EXPRESSION };
  const states = new Set(request.stateFilters.filter((state) => known.has(state)));
  const producers = new Set(request.producerIdFilters);
  const nowMs = node.transactions.nowMs();
  const wanted = (transaction: Transaction): boolean =>
    (request.stateFilters.length === 0 || states.has(transaction.state)) &&
    (producers.size === 0 || producers.has(transaction.producerId)) &&
    (request.durationFilter < 0n ||
      (transaction.startTimestampMs >= 0 &&
        nowMs - transaction.startTimestampMs > Number(request.durationFilter))) &&
    (pattern === null || pattern.test(transaction.transactionalId));
  return {
    unknownStateFilters,
    transactionStates: node.transactions.active().flatMap(({ shard }) =>
      [...shard.transactions.values()].filter(wanted).map(({ transactionalId, producerId, state }) => ({
        transactionalId,
        producerId,
        transactionState: state,
      })),
    ),
  };
}

/** Null: no pattern was given; undefined: it is not a regular expression. */
function patternOf(text: string | null): RegExp | null | undefined {
  if (text === null || text === '') return null;
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    return undefined;
  }
}
