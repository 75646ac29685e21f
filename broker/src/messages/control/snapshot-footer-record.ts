/** SnapshotFooterRecord: a control record. */
import { message } from '../../wire/message.ts';
import { type Decoded, int16 } from '../../wire/schema.ts';

export const SnapshotFooterRecord = message('SnapshotFooterRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    version: int16,
  },
});
export type SnapshotFooterRecord = Decoded<typeof SnapshotFooterRecord>;
