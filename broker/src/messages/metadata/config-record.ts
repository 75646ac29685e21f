/** ConfigRecord: a record of the metadata log, type 4. */
import { message } from '../../wire/message.ts';
import { type Decoded, int8, string } from '../../wire/schema.ts';

export const ConfigRecord = message('ConfigRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    resourceType: int8,
    resourceName: string,
    name: string,
    value: string.nullable(),
  },
});
export type ConfigRecord = Decoded<typeof ConfigRecord>;
