/** NoOpRecord: a record of the metadata log, type 20. */
import { message } from '../../wire/message.ts';
import type { Decoded } from '../../wire/schema.ts';

export const NoOpRecord = message('NoOpRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {},
});
export type NoOpRecord = Decoded<typeof NoOpRecord>;
