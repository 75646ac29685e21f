/** InitProducerId, versions 0 to 5: idempotent producers (KIP-98) at any node, transactional ones at their coordinator. */
import type { InitProducerIdRequest, InitProducerIdResponse } from '../messages/22-init-producer-id.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { ProducerAnswer } from '../transaction/decision.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { fencedAs, TRANSACTIONS_TOPIC } from './transactions.ts';

const PRODUCER_FENCED_SINCE = 4;

export async function initProducerId(
  request: InitProducerIdRequest,
  context: RequestContext,
): Promise<Input<typeof InitProducerIdResponse>> {
  const { transactionalId } = request;
  if (transactionalId === null) return idempotent(context);
  const { node } = context;
  const invalid = invalidity(request, node.brokerConfig.number('transaction.max.timeout.ms'));
  if (invalid !== ErrorCode.NONE) return refusal(invalid);
  if (node.coordinatorLogs.partitionCount(TRANSACTIONS_TOPIC) === null) {
    node.coordinatorLogs.ensure(TRANSACTIONS_TOPIC);
  }
  const active = node.transactions.shardOf(transactionalId);
  if (typeof active === 'number') return refusal(active);
  const answer = await active.carryOut<ProducerAnswer>(
    (newProducerId) =>
      active.shard.initProducerId({
        transactionalId,
        timeoutMs: request.transactionTimeoutMs,
        timeoutMsMax: node.brokerConfig.number('transaction.max.timeout.ms'),
        expectedProducerId: request.producerId,
        expectedProducerEpoch: request.producerEpoch,
        newProducerId,
        nowMs: node.transactions.nowMs(),
      }),
    refusal,
  );
  const { apiVersion } = context;
  return { ...answer, errorCode: fencedAs(answer.errorCode, { apiVersion, since: PRODUCER_FENCED_SINCE }) };
}

/** What is wrong with a request wherever it was sent to. */
function invalidity(request: InitProducerIdRequest, timeoutMsMax: number): number {
  const { transactionalId, transactionTimeoutMs, producerId, producerEpoch } = request;
  const isHalf = (producerId === -1n) !== (producerEpoch === -1);
  if (isHalf || transactionalId === '') return ErrorCode.INVALID_REQUEST;
  const isOutOfRange = transactionTimeoutMs <= 0 || transactionTimeoutMs > timeoutMsMax;
  return isOutOfRange ? ErrorCode.INVALID_TRANSACTION_TIMEOUT : ErrorCode.NONE;
}

async function idempotent({ node }: RequestContext): Promise<ProducerAnswer> {
  try {
    return { errorCode: ErrorCode.NONE, producerId: await node.producerIds.next(), producerEpoch: 0 };
  } catch {
    return refusal(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
  }
}

function refusal(errorCode: number): ProducerAnswer {
  return { errorCode, producerId: -1n, producerEpoch: -1 };
}
