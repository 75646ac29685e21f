/** ProducerIdsRecord: a record of the metadata log, type 15. */
import { message } from '../../wire/message.ts';
import { type Decoded, int32, int64 } from '../../wire/schema.ts';

export const ProducerIdsRecord = message('ProducerIdsRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: int64.default(-1n),
    nextProducerId: int64,
  },
});
export type ProducerIdsRecord = Decoded<typeof ProducerIdsRecord>;
