/** KRaftVersionRecord: a control record. */
import { message } from '../../wire/message.ts';
import { type Decoded, int16 } from '../../wire/schema.ts';

export const KRaftVersionRecord = message('KRaftVersionRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    version: int16,
    kRaftVersion: int16,
  },
});
export type KRaftVersionRecord = Decoded<typeof KRaftVersionRecord>;
