/** RenewDelegationToken, versions 1 to 2. Left out: delegation tokens; they need SASL or TLS, on Apache Kafka as well. */
import type {
  RenewDelegationTokenRequest,
  RenewDelegationTokenResponse,
} from '../messages/39-renew-delegation-token.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';

export function renewDelegationToken(
  _request: RenewDelegationTokenRequest,
): Input<typeof RenewDelegationTokenResponse> {
  return { errorCode: ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, expiryTimestampMs: -1n };
}
