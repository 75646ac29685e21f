/** TxnOffsetCommit, versions 0 to 5: offsets that count when the transaction commits; from a producer that is not fenced (KIP-890). */
import { coordinatorPartition } from '../group/placement.ts';
import type { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from '../messages/28-txn-offset-commit.ts';
import { ErrorCode } from '../messages/errors.ts';
import { partitionKey } from '../transaction/transaction.ts';
import { type Input, ZERO_UUID } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { OFFSETS_TOPIC } from './groups.ts';

/** From this version on the group's partition joins the transaction by itself; before, it must have (KIP-890). */
const ENLISTS_SINCE = 5;

export async function txnOffsetCommit(
  request: TxnOffsetCommitRequest,
  context: RequestContext,
): Promise<Input<typeof TxnOffsetCommitResponse>> {
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION as number,
    })),
  }));
  const errors = await commit(request, context);
  let next = 0;
  for (const { name, partitions } of topics) {
    for (const slot of partitions) {
      if (isKnown(name, slot.partitionIndex, context)) slot.errorCode = errors(next++);
    }
  }
  return { topics };
}

async function commit(
  request: TxnOffsetCommitRequest,
  context: RequestContext,
): Promise<(index: number) => number> {
  const { node, apiVersion } = context;
  const active = node.groups.shardOf(request.groupId);
  if (typeof active === 'number') return () => active;
  const refused = await enlist(request, context);
  if (refused !== ErrorCode.NONE) return () => refused;
  const result = active.shard.commit(
    {
      groupId: request.groupId,
      memberId: request.memberId,
      groupInstanceId: request.groupInstanceId,
      generationId: request.generationId,
      version: apiVersion,
      retentionTimeMs: -1,
      transactional: true,
      offsets: request.topics.flatMap(({ name, partitions }) =>
        partitions
          .filter(({ partitionIndex }) => isKnown(name, partitionIndex, context))
          .map((partition) => ({
            topic: name,
            topicId: ZERO_UUID,
            partition: partition.partitionIndex,
            offset: Number(partition.committedOffset),
            leaderEpoch: partition.committedLeaderEpoch,
            metadata: partition.committedMetadata ?? '',
          })),
      ),
    },
    node.groups.now(),
  );
  if (result.errorCode !== ErrorCode.NONE) return () => result.errorCode;
  const written = await active.carryOut(
    {
      records: result.records,
      replies: [],
      producer: { producerId: Number(request.producerId), producerEpoch: request.producerEpoch },
    },
    request.groupId,
  );
  return (index) => result.partitionErrors[index] || written;
}

async function enlist(
  request: TxnOffsetCommitRequest,
  { node, apiVersion }: RequestContext,
): Promise<number> {
  const partitionCount = node.coordinatorLogs.partitionCount(OFFSETS_TOPIC);
  if (partitionCount === null) return ErrorCode.COORDINATOR_NOT_AVAILABLE;
  const key = partitionKey(OFFSETS_TOPIC, coordinatorPartition(request.groupId, partitionCount));
  const { transactionalId, producerId, producerEpoch } = request;
  const errors = await node.transactions.enlist({
    transactionalId,
    producerId,
    producerEpoch,
    partitions: [key],
    verifyOnly: apiVersion < ENLISTS_SINCE,
  });
  return toldAs(errors.get(key) ?? ErrorCode.COORDINATOR_NOT_AVAILABLE, apiVersion);
}

/** What a producer of this version understands. */
function toldAs(errorCode: number, apiVersion: number): number {
  if (errorCode === ErrorCode.PRODUCER_FENCED) return ErrorCode.INVALID_PRODUCER_EPOCH;
  const isBusy = errorCode === ErrorCode.CONCURRENT_TRANSACTIONS && apiVersion < ENLISTS_SINCE;
  return isBusy ? ErrorCode.COORDINATOR_NOT_AVAILABLE : errorCode;
}

function isKnown(topic: string, partition: number, { node }: RequestContext): boolean {
  return node.metadata.image.topics.get(topic)?.partitions[partition] !== undefined;
}
