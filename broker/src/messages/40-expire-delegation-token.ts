/** ExpireDelegationToken: Kafka's API 40, versions 1 to 2. */
import { api } from '../wire/message.ts';
import { bytes, type Decoded, int16, int32, int64 } from '../wire/schema.ts';

export const ExpireDelegationTokenRequest = api(40, 'ExpireDelegationTokenRequest', {
  versions: [1, 2],
  flexibleFrom: 2,
  fields: {
    hmac: bytes,
    expiryTimePeriodMs: int64,
  },
});
export type ExpireDelegationTokenRequest = Decoded<typeof ExpireDelegationTokenRequest>;

export const ExpireDelegationTokenResponse = api(40, 'ExpireDelegationTokenResponse', {
  versions: [1, 2],
  flexibleFrom: 2,
  fields: {
    errorCode: int16,
    expiryTimestampMs: int64,
    throttleTimeMs: int32,
  },
});
export type ExpireDelegationTokenResponse = Decoded<typeof ExpireDelegationTokenResponse>;
