/** DescribeTransactions, version 0 (KIP-664). */
import type {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from '../messages/65-describe-transactions.ts';
import { ErrorCode } from '../messages/errors.ts';
import { groupByTopic } from '../transaction/records.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

export function describeTransactions(
  request: DescribeTransactionsRequest,
  { node }: RequestContext,
): Input<typeof DescribeTransactionsResponse> {
  return {
    transactionStates: request.transactionalIds.map((transactionalId) => {
      const active = node.transactions.shardOf(transactionalId);
      if (typeof active === 'number') return { transactionalId, errorCode: active };
      const known = active.shard.transactions.get(transactionalId);
      if (known === undefined) return { transactionalId, errorCode: ErrorCode.TRANSACTIONAL_ID_NOT_FOUND };
      return {
        transactionalId,
        transactionState: known.state,
        transactionTimeoutMs: known.timeoutMs,
        transactionStartTimeMs: BigInt(known.startTimestampMs),
        producerId: known.producerId,
        producerEpoch: known.producerEpoch,
        topics: groupByTopic(known.partitions).map(({ topic, partitionIds }) => ({
          topic,
          partitions: partitionIds,
        })),
      };
    }),
  };
}
