/** AllocateProducerIds v0: a block of a thousand producer ids for one broker (KIP-730). */
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from '../messages/67-allocate-producer-ids.ts';
import { ErrorCode } from '../messages/errors.ts';
import { brokerEpochFailure, type DecideContext, type Decision } from './context.ts';
import { record } from './records.ts';

const BLOCK_IDS = 1000;
const LAST_BLOCK_START = 2n ** 63n - 1n - BigInt(BLOCK_IDS);

export function decideAllocateProducerIds(
  context: DecideContext,
  request: AllocateProducerIdsRequest,
): Decision<typeof AllocateProducerIdsResponse.input> {
  const { brokerId, brokerEpoch } = request;
  const stale = brokerEpochFailure(context.image, brokerId, brokerEpoch);
  if (stale !== null) return { records: [], response: { errorCode: stale.errorCode } };
  const producerIdStart = context.image.nextProducerId;
  if (producerIdStart > LAST_BLOCK_START) {
    return { records: [], response: { errorCode: ErrorCode.UNKNOWN_SERVER_ERROR } };
  }
  const nextProducerId = producerIdStart + BigInt(BLOCK_IDS);
  return {
    records: [record('ProducerIdsRecord', { brokerId, brokerEpoch, nextProducerId })],
    response: { errorCode: 0, producerIdStart, producerIdLen: BLOCK_IDS },
  };
}
