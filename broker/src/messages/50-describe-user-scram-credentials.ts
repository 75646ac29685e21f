/** DescribeUserScramCredentials: Kafka's API 50, versions 0. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const DescribeUserScramCredentialsRequest = api(50, 'DescribeUserScramCredentialsRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    users: array(
      struct({
        name: string,
      }),
    ).nullable(),
  },
});
export type DescribeUserScramCredentialsRequest = Decoded<typeof DescribeUserScramCredentialsRequest>;

export const DescribeUserScramCredentialsResponse = api(50, 'DescribeUserScramCredentialsResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
    results: array(
      struct({
        user: string,
        errorCode: int16,
        errorMessage: string.nullable(),
        credentialInfos: array(
          struct({
            mechanism: int8,
            iterations: int32,
          }),
        ),
      }),
    ),
  },
});
export type DescribeUserScramCredentialsResponse = Decoded<typeof DescribeUserScramCredentialsResponse>;
