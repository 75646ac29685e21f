/** SaslHandshake: Kafka's API 17, versions 0 to 1. */
import { api, NEVER } from '../wire/message.ts';
import { array, type Decoded, int16, string } from '../wire/schema.ts';

export const SaslHandshakeRequest = api(17, 'SaslHandshakeRequest', {
  versions: [0, 1],
  flexibleFrom: NEVER,
  fields: {
    mechanism: string,
  },
});
export type SaslHandshakeRequest = Decoded<typeof SaslHandshakeRequest>;

export const SaslHandshakeResponse = api(17, 'SaslHandshakeResponse', {
  versions: [0, 1],
  flexibleFrom: NEVER,
  fields: {
    errorCode: int16,
    mechanisms: array(string),
  },
});
export type SaslHandshakeResponse = Decoded<typeof SaslHandshakeResponse>;
