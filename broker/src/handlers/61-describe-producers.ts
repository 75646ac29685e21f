/** DescribeProducers, version 0 (KIP-664): the idempotent producers a replica of this node remembers. */
import type {
  DescribeProducersRequest,
  DescribeProducersResponse,
} from '../messages/61-describe-producers.ts';
import { errorByCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

export function describeProducers(
  request: DescribeProducersRequest,
  context: RequestContext,
): Input<typeof DescribeProducersResponse> {
  return {
    topics: request.topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => {
        const replica = context.node.replicas.any(name, partitionIndex, -1);
        if (typeof replica === 'number') {
          return { partitionIndex, errorCode: replica, errorMessage: errorByCode(replica).message };
        }
        const activeProducers = replica.activeProducers().map((producer) => ({
          producerId: BigInt(producer.producerId),
          producerEpoch: producer.producerEpoch,
          lastSequence: producer.lastSequence,
          lastTimestamp: BigInt(producer.lastTimestampMs),
          coordinatorEpoch: producer.coordinatorEpoch,
          currentTxnStartOffset: BigInt(producer.currentTransactionStartOffset),
        }));
        return { partitionIndex, activeProducers };
      }),
    })),
  };
}
