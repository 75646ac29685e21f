/**
 * Before records of a transaction are appended, the partition becomes part of it at its coordinator (KIP-890): added by
 * the broker for clients of transactions version 2 (Produce from version 12 on), verified for older ones.
 */
import type { ProduceRequest } from '../messages/00-produce.ts';
import { ErrorCode } from '../messages/errors.ts';
import { type BatchHeader, readBatchHeader } from '../messages/records.ts';
import { type PartitionKey, partitionKey } from '../transaction/transaction.ts';
import { WireError } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { lookUpTopic } from './topic-lookup.ts';
import type { Enlistment } from './transactions.ts';

const ADDED_BY_BROKER_SINCE = 12;

/** Partitions that must not be appended to, with the error each is answered with. */
export type Refused = ReadonlyMap<PartitionKey, number>;

export async function enlistProduce(request: ProduceRequest, context: RequestContext): Promise<Refused> {
  const { transactionalId } = request;
  const wanted = partitionsToEnlist(request, context);
  const [first] = wanted.values();
  if (transactionalId === null || first === undefined) return new Map();
  const verifyOnly = context.apiVersion < ADDED_BY_BROKER_SINCE;
  const errors = await enlistPatiently(
    {
      transactionalId,
      producerId: BigInt(first.producerId),
      producerEpoch: first.producerEpoch,
      partitions: [...wanted.keys()],
      verifyOnly,
    },
    context,
  );
  const refused = new Map<PartitionKey, number>();
  for (const key of wanted.keys()) {
    const found = errors.get(key) ?? ErrorCode.COORDINATOR_NOT_AVAILABLE;
    // The last transaction is not over yet, which only newer producers know from a produce.
    const isKnown = found === ErrorCode.CONCURRENT_TRANSACTIONS && !verifyOnly;
    const errorCode = isKnown ? found : produceError(found);
    if (errorCode !== ErrorCode.NONE) refused.set(key, errorCode);
  }
  return refused;
}

/**
 * A producer that goes on at once finds the markers of its last transaction still on their way. They take some
 * milliseconds, its own retry far longer, so the broker asks again for it: every `add.partitions.to.txn.retry.backoff.ms`,
 * for at most `add.partitions.to.txn.retry.backoff.max.ms` (KAFKA-18575).
 */
async function enlistPatiently(
  request: Enlistment,
  context: RequestContext,
): Promise<ReadonlyMap<PartitionKey, number>> {
  const { brokerConfig, clock, transactions } = context.node;
  const pauseMs = brokerConfig.number('add.partitions.to.txn.retry.backoff.ms');
  const patienceMs = Math.min(
    brokerConfig.number('add.partitions.to.txn.retry.backoff.max.ms'),
    brokerConfig.number('request.timeout.ms'),
  );
  const startMs = clock.monotonic();
  for (;;) {
    const errors = await transactions.enlist(request);
    const isBusy = [...errors.values()].includes(ErrorCode.CONCURRENT_TRANSACTIONS);
    if (!isBusy || clock.monotonic() - startMs >= patienceMs) return errors;
    await context.wait({ timeoutMs: pauseMs, onTimeout: () => undefined }).promise;
  }
}

/** Those led here in which the producer's transaction has no records yet. */
function partitionsToEnlist(
  request: ProduceRequest,
  { node }: RequestContext,
): Map<PartitionKey, BatchHeader> {
  const wanted = new Map<PartitionKey, BatchHeader>();
  for (const topic of request.topicData) {
    const found = lookUpTopic(node.metadata.image, topic);
    if (!('name' in found)) continue;
    for (const { index, records } of topic.partitionData) {
      const header = records === null ? undefined : headerOf(records);
      const replica = node.replicas.leader(found.name, index, -1);
      if (header?.isTransactional !== true || typeof replica === 'number') continue;
      const isRunning = replica
        .activeProducers()
        .some(
          (producer) =>
            producer.producerId === header.producerId &&
            producer.producerEpoch === header.producerEpoch &&
            producer.currentTransactionStartOffset >= 0,
        );
      if (!isRunning) wanted.set(partitionKey(found.name, index), header);
    }
  }
  return wanted;
}

/** Records that cannot be read are refused where they are appended. */
function headerOf(records: Buffer): BatchHeader | undefined {
  try {
    return readBatchHeader(records);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** What a producer understands: a coordinator that is away, or busy, is something to try again. */
function produceError(errorCode: number): number {
  switch (errorCode) {
    case ErrorCode.CONCURRENT_TRANSACTIONS:
    case ErrorCode.COORDINATOR_LOAD_IN_PROGRESS:
    case ErrorCode.COORDINATOR_NOT_AVAILABLE:
    case ErrorCode.NOT_COORDINATOR:
      return ErrorCode.NOT_ENOUGH_REPLICAS;
    case ErrorCode.PRODUCER_FENCED:
      return ErrorCode.INVALID_PRODUCER_EPOCH;
    default:
      return errorCode;
  }
}
