/** ZkMigrationStateRecord: a record of the metadata log, type 21. */
import { message } from '../../wire/message.ts';
import { type Decoded, int8 } from '../../wire/schema.ts';

export const ZkMigrationStateRecord = message('ZkMigrationStateRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    zkMigrationState: int8,
  },
});
export type ZkMigrationStateRecord = Decoded<typeof ZkMigrationStateRecord>;
