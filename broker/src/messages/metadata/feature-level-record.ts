/** FeatureLevelRecord: a record of the metadata log, type 12. */
import { message } from '../../wire/message.ts';
import { type Decoded, int16, string } from '../../wire/schema.ts';

export const FeatureLevelRecord = message('FeatureLevelRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    name: string,
    featureLevel: int16,
  },
});
export type FeatureLevelRecord = Decoded<typeof FeatureLevelRecord>;
