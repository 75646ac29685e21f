/** UnfenceBrokerRecord: a record of the metadata log, type 8. */
import { message } from '../../wire/message.ts';
import { type Decoded, int32, int64 } from '../../wire/schema.ts';

export const UnfenceBrokerRecord = message('UnfenceBrokerRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    id: int32,
    epoch: int64,
  },
});
export type UnfenceBrokerRecord = Decoded<typeof UnfenceBrokerRecord>;
