/**
 * InitProducerId, versions 0 to 5, for idempotent producers (KIP-98). Left out: transactional ids, which need the
 * transaction coordinator; they are told that there is none.
 */
import type { InitProducerIdRequest, InitProducerIdResponse } from '../messages/22-init-producer-id.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

export async function initProducerId(
  request: InitProducerIdRequest,
  context: RequestContext,
): Promise<Input<typeof InitProducerIdResponse>> {
  if (request.transactionalId !== null) {
    const errorCode =
      request.transactionalId === '' ? ErrorCode.INVALID_REQUEST : ErrorCode.COORDINATOR_NOT_AVAILABLE;
    return { errorCode, producerId: -1n, producerEpoch: -1 };
  }
  try {
    return { producerId: await context.node.producerIds.next(), producerEpoch: 0 };
  } catch {
    return { errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, producerId: -1n, producerEpoch: -1 };
  }
}
