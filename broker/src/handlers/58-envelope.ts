/**
 * Envelope, version 0 (KIP-590): a client's request that a broker sends on to the active controller. The inner
 * response goes back whole, with its own header. Principals are not looked at: there is no authorizer.
 */
import type { EnvelopeRequest, EnvelopeResponse } from '../messages/58-envelope.ts';
import { ErrorCode } from '../messages/errors.ts';
import { apis } from '../messages/registry.ts';
import { decodeRequestBody, encodeResponse, type Input, Reader, readRequestHeader } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { answerAsController } from './controller-requests.ts';
import { NotControllerError } from './controller-service.ts';
import { forwardedKeys } from './forwarded.ts';

export async function envelope(
  request: EnvelopeRequest,
  context: RequestContext,
): Promise<Input<typeof EnvelopeResponse>> {
  const reader = new Reader(request.requestData);
  const header = readRequestHeader(reader);
  const { apiKey, apiVersion, correlationId } = header;
  const api = apis.get(apiKey);
  if (api === undefined || !forwardedKeys.has(apiKey)) return { errorCode: ErrorCode.INVALID_REQUEST };
  if (apiVersion < api.versions[0] || apiVersion > api.versions[1]) {
    return { errorCode: ErrorCode.UNSUPPORTED_VERSION };
  }
  try {
    const inner = decodeRequestBody(api.request, apiVersion, reader);
    const body = await answerAsController(apiKey, inner, { node: context.node, apiVersion });
    const frame = encodeResponse(api.response, apiVersion, { correlationId, body });
    return { responseData: frame.subarray(4) };
  } catch (error) {
    if (error instanceof NotControllerError) return { errorCode: ErrorCode.NOT_CONTROLLER };
    throw error;
  }
}
