/** DescribeDelegationToken: Kafka's API 41, versions 1 to 3. */
import { api } from '../wire/message.ts';
import { array, bytes, type Decoded, int16, int32, int64, string, struct } from '../wire/schema.ts';

export const DescribeDelegationTokenRequest = api(41, 'DescribeDelegationTokenRequest', {
  versions: [1, 3],
  flexibleFrom: 2,
  fields: {
    owners: array(
      struct({
        principalType: string,
        principalName: string,
      }),
    ).nullable(),
  },
});
export type DescribeDelegationTokenRequest = Decoded<typeof DescribeDelegationTokenRequest>;

export const DescribeDelegationTokenResponse = api(41, 'DescribeDelegationTokenResponse', {
  versions: [1, 3],
  flexibleFrom: 2,
  fields: {
    errorCode: int16,
    tokens: array(
      struct({
        principalType: string,
        principalName: string,
        tokenRequesterPrincipalType: string.since(3),
        tokenRequesterPrincipalName: string.since(3),
        issueTimestamp: int64,
        expiryTimestamp: int64,
        maxTimestamp: int64,
        tokenId: string,
        hmac: bytes,
        renewers: array(
          struct({
            principalType: string,
            principalName: string,
          }),
        ),
      }),
    ),
    throttleTimeMs: int32,
  },
});
export type DescribeDelegationTokenResponse = Decoded<typeof DescribeDelegationTokenResponse>;
