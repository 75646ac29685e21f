/** RegisterControllerRecord: a record of the metadata log, type 27. */
import { message } from '../../wire/message.ts';
import { array, bool, type Decoded, int16, int32, string, struct, uint16, uuid } from '../../wire/schema.ts';

export const RegisterControllerRecord = message('RegisterControllerRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    controllerId: int32,
    incarnationId: uuid,
    zkMigrationReady: bool,
    endPoints: array(
      struct({
        name: string,
        host: string,
        port: uint16,
        securityProtocol: int16,
      }),
    ),
    features: array(
      struct({
        name: string,
        minSupportedVersion: int16,
        maxSupportedVersion: int16,
      }),
    ),
  },
});
export type RegisterControllerRecord = Decoded<typeof RegisterControllerRecord>;
