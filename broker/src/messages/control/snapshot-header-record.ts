/** SnapshotHeaderRecord: a control record. */
import { message } from '../../wire/message.ts';
import { type Decoded, int16, int64 } from '../../wire/schema.ts';

export const SnapshotHeaderRecord = message('SnapshotHeaderRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    version: int16,
    lastContainedLogTimestamp: int64,
  },
});
export type SnapshotHeaderRecord = Decoded<typeof SnapshotHeaderRecord>;
