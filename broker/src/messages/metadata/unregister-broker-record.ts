/** UnregisterBrokerRecord: a record of the metadata log, type 1. */
import { message } from '../../wire/message.ts';
import { type Decoded, int32, int64 } from '../../wire/schema.ts';

export const UnregisterBrokerRecord = message('UnregisterBrokerRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: int64,
  },
});
export type UnregisterBrokerRecord = Decoded<typeof UnregisterBrokerRecord>;
