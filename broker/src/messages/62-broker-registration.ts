/** BrokerRegistration: Kafka's API 62, versions 0 to 4. */
import { api } from '../wire/message.ts';
import {
  array,
  bool,
  type Decoded,
  int16,
  int32,
  int64,
  string,
  struct,
  uint16,
  uuid,
} from '../wire/schema.ts';

export const BrokerRegistrationRequest = api(62, 'BrokerRegistrationRequest', {
  versions: [0, 4],
  flexibleFrom: 0,
  fields: {
    brokerId: int32,
    clusterId: string,
    incarnationId: uuid,
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
    rack: string.nullable(),
    isMigratingZkBroker: bool.since(1),
    logDirs: array(uuid).since(2),
    previousBrokerEpoch: int64.default(-1n).since(3),
  },
});
export type BrokerRegistrationRequest = Decoded<typeof BrokerRegistrationRequest>;

export const BrokerRegistrationResponse = api(62, 'BrokerRegistrationResponse', {
  versions: [0, 4],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    brokerEpoch: int64.default(-1n),
  },
});
export type BrokerRegistrationResponse = Decoded<typeof BrokerRegistrationResponse>;
