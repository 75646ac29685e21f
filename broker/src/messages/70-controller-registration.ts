/** ControllerRegistration: Kafka's API 70, versions 0. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int16, int32, string, struct, uint16, uuid } from '../wire/schema.ts';

export const ControllerRegistrationRequest = api(70, 'ControllerRegistrationRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    controllerId: int32,
    incarnationId: uuid,
    zkMigrationReady: bool,
    listeners: array(
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
export type ControllerRegistrationRequest = Decoded<typeof ControllerRegistrationRequest>;

export const ControllerRegistrationResponse = api(70, 'ControllerRegistrationResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
  },
});
export type ControllerRegistrationResponse = Decoded<typeof ControllerRegistrationResponse>;
