/** EndTxn, versions 0 to 5; from version 5 on the answer carries the producer's next epoch (KIP-890). */
import type { EndTxnRequest, EndTxnResponse } from '../messages/26-end-txn.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { ProducerAnswer } from '../transaction/decision.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

const EPOCH_BUMP_SINCE = 5;
/** Before this version a fenced producer is told so by an older name (KIP-588). */
const PRODUCER_FENCED_SINCE = 2;

export async function endTxn(
  request: EndTxnRequest,
  { node, apiVersion }: RequestContext,
): Promise<Input<typeof EndTxnResponse>> {
  const { transactionalId, producerId, producerEpoch, committed: commit } = request;
  if (transactionalId === '') return refusal(ErrorCode.INVALID_REQUEST);
  const active = node.transactions.shardOf(transactionalId);
  if (typeof active === 'number') return refusal(active);
  const answer = await active.carryOut<ProducerAnswer>(
    (newProducerId) =>
      active.shard.endTransaction(transactionalId, {
        producerId,
        producerEpoch,
        commit,
        transactionVersion: apiVersion >= EPOCH_BUMP_SINCE ? 2 : 1,
        newProducerId,
        nowMs: node.transactions.nowMs(),
      }),
    refusal,
  );
  const isOldFence = answer.errorCode === ErrorCode.PRODUCER_FENCED && apiVersion < PRODUCER_FENCED_SINCE;
  return isOldFence ? { ...answer, errorCode: ErrorCode.INVALID_PRODUCER_EPOCH } : answer;
}

function refusal(errorCode: number): ProducerAnswer {
  return { errorCode, producerId: -1n, producerEpoch: -1 };
}
