/** RegisterBrokerRecord: a record of the metadata log, type 0. */
import { message } from '../../wire/message.ts';
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
} from '../../wire/schema.ts';

export const RegisterBrokerRecord = message('RegisterBrokerRecord', {
  versions: [0, 4],
  flexibleFrom: 0,
  fields: {
    brokerId: int32,
    isMigratingZkBroker: bool.since(2),
    incarnationId: uuid,
    brokerEpoch: int64,
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
    rack: string.nullable(),
    fenced: bool.default(true),
    inControlledShutdown: bool.since(1),
    logDirs: array(uuid).since(3).tag(0, 3),
    cordonedLogDirs: array(uuid).nullable(4).default(null).since(4).tag(1, 4),
  },
});
export type RegisterBrokerRecord = Decoded<typeof RegisterBrokerRecord>;
