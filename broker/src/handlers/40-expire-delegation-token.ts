/** ExpireDelegationToken, versions 1 to 2. Left out: delegation tokens; they need SASL or TLS, on Apache Kafka as well. */
import type {
  ExpireDelegationTokenRequest,
  ExpireDelegationTokenResponse,
} from '../messages/40-expire-delegation-token.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';

export function expireDelegationToken(
  _request: ExpireDelegationTokenRequest,
): Input<typeof ExpireDelegationTokenResponse> {
  return { errorCode: ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, expiryTimestampMs: -1n };
}
