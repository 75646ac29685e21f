/** ClientQuotaRecord: a record of the metadata log, type 14. */
import { message } from '../../wire/message.ts';
import { array, bool, type Decoded, float64, string, struct } from '../../wire/schema.ts';

export const ClientQuotaRecord = message('ClientQuotaRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    entity: array(
      struct({
        entityType: string,
        entityName: string.nullable(),
      }),
    ),
    key: string,
    value: float64,
    remove: bool,
  },
});
export type ClientQuotaRecord = Decoded<typeof ClientQuotaRecord>;
