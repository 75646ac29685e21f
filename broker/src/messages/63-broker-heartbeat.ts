/** BrokerHeartbeat: Kafka's API 63, versions 0 to 2. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int16, int32, int64, uuid } from '../wire/schema.ts';

export const BrokerHeartbeatRequest = api(63, 'BrokerHeartbeatRequest', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: int64.default(-1n),
    currentMetadataOffset: int64,
    wantFence: bool,
    wantShutDown: bool,
    offlineLogDirs: array(uuid).since(1).tag(0, 1),
    cordonedLogDirs: array(uuid).nullable(2).default(null).since(2).tag(1, 2),
  },
});
export type BrokerHeartbeatRequest = Decoded<typeof BrokerHeartbeatRequest>;

export const BrokerHeartbeatResponse = api(63, 'BrokerHeartbeatResponse', {
  versions: [0, 2],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    isCaughtUp: bool,
    isFenced: bool.default(true),
    shouldShutDown: bool,
  },
});
export type BrokerHeartbeatResponse = Decoded<typeof BrokerHeartbeatResponse>;
