/** CreateDelegationToken, versions 1 to 3. Left out: delegation tokens; they need SASL or TLS, on Apache Kafka as well. */
import type {
  CreateDelegationTokenRequest,
  CreateDelegationTokenResponse,
} from '../messages/38-create-delegation-token.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';

export function createDelegationToken(
  _request: CreateDelegationTokenRequest,
): Input<typeof CreateDelegationTokenResponse> {
  return {
    errorCode: ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
    principalType: 'User',
    principalName: 'ANONYMOUS',
    tokenRequesterPrincipalType: 'User',
    tokenRequesterPrincipalName: 'ANONYMOUS',
    issueTimestampMs: -1n,
    expiryTimestampMs: -1n,
    maxTimestampMs: -1n,
  };
}
