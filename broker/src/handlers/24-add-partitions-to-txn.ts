/**
 * AddPartitionsToTxn, versions 0 to 5: one transaction from a client (to version 3), several from a broker that has
 * received their records (from version 4, KIP-890).
 */
import type {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from '../messages/24-add-partitions-to-txn.ts';
import { ErrorCode } from '../messages/errors.ts';
import { type PartitionKey, parsePartitionKey, partitionKey } from '../transaction/transaction.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { fencedAs } from './transactions.ts';

type Response = Input<typeof AddPartitionsToTxnResponse>;
type Topics = AddPartitionsToTxnRequest['v3AndBelowTopics'];

const BATCHED_SINCE = 4;
const PRODUCER_FENCED_SINCE = 2;

interface Addition {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly verifyOnly: boolean;
  readonly topics: Topics;
}

export async function addPartitionsToTxn(
  request: AddPartitionsToTxnRequest,
  context: RequestContext,
): Promise<Response> {
  if (context.apiVersion >= BATCHED_SINCE) {
    return {
      resultsByTransaction: await Promise.all(
        request.transactions.map(async (transaction) => ({
          transactionalId: transaction.transactionalId,
          topicResults: await add(transaction, context),
        })),
      ),
    };
  }
  const addition: Addition = {
    transactionalId: request.v3AndBelowTransactionalId,
    producerId: request.v3AndBelowProducerId,
    producerEpoch: request.v3AndBelowProducerEpoch,
    verifyOnly: false,
    topics: request.v3AndBelowTopics,
  };
  return { resultsByTopicV3AndBelow: await add(addition, context) };
}

async function add(addition: Addition, context: RequestContext) {
  const { topics } = addition;
  const keys = topics.flatMap(({ name, partitions }) =>
    partitions.map((partition) => partitionKey(name, partition)),
  );
  const errors = await errorsOf(addition, keys, context);
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: errors(partitionKey(name, partitionIndex)),
    })),
  }));
}

async function errorsOf(
  addition: Addition,
  keys: readonly PartitionKey[],
  context: RequestContext,
): Promise<(key: PartitionKey) => number> {
  const { node, apiVersion } = context;
  if (addition.transactionalId === '') return () => ErrorCode.INVALID_REQUEST;
  const unknown = new Set(keys.filter((key) => !isKnown(key, context)));
  if (unknown.size > 0) {
    return (key) =>
      unknown.has(key) ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.OPERATION_NOT_ATTEMPTED;
  }
  const active = node.transactions.shardOf(addition.transactionalId);
  if (typeof active === 'number') return () => active;
  const call = {
    producerId: addition.producerId,
    producerEpoch: addition.producerEpoch,
    partitions: keys,
    transactionVersion: apiVersion >= BATCHED_SINCE ? 2 : 1,
    nowMs: node.transactions.nowMs(),
  };
  if (addition.verifyOnly) {
    const verified = active.shard.verifyPartitions(addition.transactionalId, call);
    return (key) => verified.get(key) ?? ErrorCode.UNKNOWN_SERVER_ERROR;
  }
  const errorCode = await active.carryOut<number>(
    () => active.shard.addPartitions(addition.transactionalId, call),
    (failure) => failure,
  );
  const told = fencedAs(errorCode, { apiVersion, since: PRODUCER_FENCED_SINCE });
  return () => told;
}

function isKnown(key: PartitionKey, { node }: RequestContext): boolean {
  const { topic, partition } = parsePartitionKey(key);
  return node.metadata.image.topics.get(topic)?.partitions[partition] !== undefined;
}
