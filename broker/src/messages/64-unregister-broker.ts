/** UnregisterBroker: Kafka's API 64, versions 0. */
import { api } from '../wire/message.ts';
import { type Decoded, int16, int32, string } from '../wire/schema.ts';

export const UnregisterBrokerRequest = api(64, 'UnregisterBrokerRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    brokerId: int32,
  },
});
export type UnregisterBrokerRequest = Decoded<typeof UnregisterBrokerRequest>;

export const UnregisterBrokerResponse = api(64, 'UnregisterBrokerResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
  },
});
export type UnregisterBrokerResponse = Decoded<typeof UnregisterBrokerResponse>;
