/** RenewDelegationToken: Kafka's API 39, versions 1 to 2. */
import { api } from '../wire/message.ts';
import { bytes, type Decoded, int16, int32, int64 } from '../wire/schema.ts';

export const RenewDelegationTokenRequest = api(39, 'RenewDelegationTokenRequest', {
  versions: [1, 2],
  flexibleFrom: 2,
  fields: {
    hmac: bytes,
    renewPeriodMs: int64,
  },
});
export type RenewDelegationTokenRequest = Decoded<typeof RenewDelegationTokenRequest>;

export const RenewDelegationTokenResponse = api(39, 'RenewDelegationTokenResponse', {
  versions: [1, 2],
  flexibleFrom: 2,
  fields: {
    errorCode: int16,
    expiryTimestampMs: int64,
    throttleTimeMs: int32,
  },
});
export type RenewDelegationTokenResponse = Decoded<typeof RenewDelegationTokenResponse>;
