/** SaslHandshake, versions 0 to 1. Left out: SASL; on a PLAINTEXT listener everyone is signed in already. */
import type { SaslHandshakeRequest, SaslHandshakeResponse } from '../messages/17-sasl-handshake.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';

export function saslHandshake(_request: SaslHandshakeRequest): Input<typeof SaslHandshakeResponse> {
  return { errorCode: ErrorCode.ILLEGAL_SASL_STATE };
}
