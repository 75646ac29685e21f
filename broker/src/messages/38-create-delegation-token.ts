/** CreateDelegationToken: Kafka's API 38, versions 1 to 3. */
import { api } from '../wire/message.ts';
import { array, bytes, type Decoded, int16, int32, int64, string, struct } from '../wire/schema.ts';

export const CreateDelegationTokenRequest = api(38, 'CreateDelegationTokenRequest', {
  versions: [1, 3],
  flexibleFrom: 2,
  fields: {
    ownerPrincipalType: string.nullable(3).since(3),
    ownerPrincipalName: string.nullable(3).since(3),
    renewers: array(
      struct({
        principalType: string,
        principalName: string,
      }),
    ),
    maxLifetimeMs: int64,
  },
});
export type CreateDelegationTokenRequest = Decoded<typeof CreateDelegationTokenRequest>;

export const CreateDelegationTokenResponse = api(38, 'CreateDelegationTokenResponse', {
  versions: [1, 3],
  flexibleFrom: 2,
  fields: {
    errorCode: int16,
    principalType: string,
    principalName: string,
    tokenRequesterPrincipalType: string.since(3),
    tokenRequesterPrincipalName: string.since(3),
    issueTimestampMs: int64,
    expiryTimestampMs: int64,
    maxTimestampMs: int64,
    tokenId: string,
    hmac: bytes,
    throttleTimeMs: int32,
  },
});
export type CreateDelegationTokenResponse = Decoded<typeof CreateDelegationTokenResponse>;
