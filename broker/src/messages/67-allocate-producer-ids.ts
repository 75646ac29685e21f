/** AllocateProducerIds: Kafka's API 67, versions 0. */
import { api } from '../wire/message.ts';
import { type Decoded, int16, int32, int64 } from '../wire/schema.ts';

export const AllocateProducerIdsRequest = api(67, 'AllocateProducerIdsRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: int64.default(-1n),
  },
});
export type AllocateProducerIdsRequest = Decoded<typeof AllocateProducerIdsRequest>;

export const AllocateProducerIdsResponse = api(67, 'AllocateProducerIdsResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    producerIdStart: int64,
    producerIdLen: int32,
  },
});
export type AllocateProducerIdsResponse = Decoded<typeof AllocateProducerIdsResponse>;
