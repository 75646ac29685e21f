/** EndTxn, versions 0 to 5; from version 5 on the answer carries the producer's next epoch (KIP-890). */
import type { EndTxnRequest, EndTxnResponse } from '../messages/26-end-txn.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { ProducerAnswer } from '../transaction/decision.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { fencedAs } from './transactions.ts';

const EPOCH_BUMP_SINCE = 5;
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
  return { ...answer, errorCode: fencedAs(answer.errorCode, { apiVersion, since: PRODUCER_FENCED_SINCE }) };
}

function refusal(errorCode: number): ProducerAnswer {
  return { errorCode, producerId: -1n, producerEpoch: -1 };
}
