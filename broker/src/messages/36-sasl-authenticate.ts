/** SaslAuthenticate: Kafka's API 36, versions 0 to 2. */
import { api } from '../wire/message.ts';
import { bytes, type Decoded, int16, int64, string } from '../wire/schema.ts';

export const SaslAuthenticateRequest = api(36, 'SaslAuthenticateRequest', {
  versions: [0, 2],
  flexibleFrom: 2,
  fields: {
    authBytes: bytes,
  },
});
export type SaslAuthenticateRequest = Decoded<typeof SaslAuthenticateRequest>;

export const SaslAuthenticateResponse = api(36, 'SaslAuthenticateResponse', {
  versions: [0, 2],
  flexibleFrom: 2,
  fields: {
    errorCode: int16,
    errorMessage: string.nullable(),
    authBytes: bytes,
    sessionLifetimeMs: int64.since(1),
  },
});
export type SaslAuthenticateResponse = Decoded<typeof SaslAuthenticateResponse>;
