/** FenceBrokerRecord: a record of the metadata log, type 7. */
import { message } from '../../wire/message.ts';
import { type Decoded, int32, int64 } from '../../wire/schema.ts';

export const FenceBrokerRecord = message('FenceBrokerRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    id: int32,
    epoch: int64,
  },
});
export type FenceBrokerRecord = Decoded<typeof FenceBrokerRecord>;
