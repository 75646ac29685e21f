/** BrokerRegistrationChangeRecord: a record of the metadata log, type 17. */
import { message } from '../../wire/message.ts';
import { array, type Decoded, int8, int32, int64, uuid } from '../../wire/schema.ts';

export const BrokerRegistrationChangeRecord = message('BrokerRegistrationChangeRecord', {
  versions: [0, 3],
  flexibleFrom: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: int64,
    fenced: int8.tag(0, 0),
    inControlledShutdown: int8.since(1).tag(1, 1),
    logDirs: array(uuid).since(2).tag(2, 2),
    cordonedLogDirs: array(uuid).nullable(3).default(null).since(3).tag(3, 3),
  },
});
export type BrokerRegistrationChangeRecord = Decoded<typeof BrokerRegistrationChangeRecord>;
