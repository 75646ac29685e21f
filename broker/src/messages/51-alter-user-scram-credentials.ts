/** AlterUserScramCredentials: Kafka's API 51, versions 0. */
import { api } from '../wire/message.ts';
import { array, bytes, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const AlterUserScramCredentialsRequest = api(51, 'AlterUserScramCredentialsRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    deletions: array(
      struct({
        name: string,
        mechanism: int8,
      }),
    ),
    upsertions: array(
      struct({
        name: string,
        mechanism: int8,
        iterations: int32,
        salt: bytes,
        saltedPassword: bytes,
      }),
    ),
  },
});
export type AlterUserScramCredentialsRequest = Decoded<typeof AlterUserScramCredentialsRequest>;

export const AlterUserScramCredentialsResponse = api(51, 'AlterUserScramCredentialsResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    results: array(
      struct({
        user: string,
        errorCode: int16,
        errorMessage: string.nullable(),
      }),
    ),
  },
});
export type AlterUserScramCredentialsResponse = Decoded<typeof AlterUserScramCredentialsResponse>;
