/** DescribeDelegationToken, versions 1 to 3. Left out: delegation tokens; they need SASL or TLS, on Apache Kafka as well. */
import type {
  DescribeDelegationTokenRequest,
  DescribeDelegationTokenResponse,
} from '../messages/41-describe-delegation-token.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';

export function describeDelegationToken(
  _request: DescribeDelegationTokenRequest,
): Input<typeof DescribeDelegationTokenResponse> {
  return { errorCode: ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED };
}
