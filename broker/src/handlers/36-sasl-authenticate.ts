/** SaslAuthenticate, versions 0 to 2. Left out: SASL; on a PLAINTEXT listener everyone is signed in already. */
import type { SaslAuthenticateRequest, SaslAuthenticateResponse } from '../messages/36-sasl-authenticate.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';

export function saslAuthenticate(_request: SaslAuthenticateRequest): Input<typeof SaslAuthenticateResponse> {
  return {
    errorCode: ErrorCode.ILLEGAL_SASL_STATE,
    errorMessage: 'SaslAuthenticate request received after successful authentication',
  };
}
