/** VotersRecord: a control record. */
import { message } from '../../wire/message.ts';
import { array, type Decoded, int16, int32, string, struct, uint16, uuid } from '../../wire/schema.ts';

export const VotersRecord = message('VotersRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    version: int16,
    voters: array(
      struct({
        voterId: int32,
        voterDirectoryId: uuid,
        endpoints: array(
          struct({
            name: string,
            host: string,
            port: uint16,
          }),
        ),
        kRaftVersionFeature: struct({
          minSupportedVersion: int16,
          maxSupportedVersion: int16,
        }),
      }),
    ),
  },
});
export type VotersRecord = Decoded<typeof VotersRecord>;
