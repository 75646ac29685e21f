/** AddOffsetsToTxn, versions 0 to 4: the group's partition of `__consumer_offsets` takes part in the transaction. */
import { coordinatorPartition } from '../group/placement.ts';
import type { AddOffsetsToTxnRequest, AddOffsetsToTxnResponse } from '../messages/25-add-offsets-to-txn.ts';
import { ErrorCode } from '../messages/errors.ts';
import { partitionKey } from '../transaction/transaction.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { OFFSETS_TOPIC } from './groups.ts';
import { fencedAs } from './transactions.ts';

const PRODUCER_FENCED_SINCE = 2;

export async function addOffsetsToTxn(
  request: AddOffsetsToTxnRequest,
  { node, apiVersion }: RequestContext,
): Promise<Input<typeof AddOffsetsToTxnResponse>> {
  if (request.transactionalId === '') return { errorCode: ErrorCode.INVALID_REQUEST };
  const active = node.transactions.shardOf(request.transactionalId);
  if (typeof active === 'number') return { errorCode: active };
  const partitionCount = node.coordinatorLogs.partitionCount(OFFSETS_TOPIC);
  if (partitionCount === null) {
    node.coordinatorLogs.ensure(OFFSETS_TOPIC);
    return { errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE };
  }
  const errorCode = await active.carryOut<number>(
    () =>
      active.shard.addPartitions(request.transactionalId, {
        producerId: request.producerId,
        producerEpoch: request.producerEpoch,
        partitions: [partitionKey(OFFSETS_TOPIC, coordinatorPartition(request.groupId, partitionCount))],
        transactionVersion: 1,
        nowMs: node.transactions.nowMs(),
      }),
    (failure) => failure,
  );
  return { errorCode: fencedAs(errorCode, { apiVersion, since: PRODUCER_FENCED_SINCE }) };
}
