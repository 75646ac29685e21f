/** Envelope: Kafka's API 58, versions 0. */
import { api } from '../wire/message.ts';
import { bytes, type Decoded, int16 } from '../wire/schema.ts';

export const EnvelopeRequest = api(58, 'EnvelopeRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    requestData: bytes,
    requestPrincipal: bytes.nullable(),
    clientHostAddress: bytes,
  },
});
export type EnvelopeRequest = Decoded<typeof EnvelopeRequest>;

export const EnvelopeResponse = api(58, 'EnvelopeResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    responseData: bytes.nullable().default(null),
    errorCode: int16,
  },
});
export type EnvelopeResponse = Decoded<typeof EnvelopeResponse>;
