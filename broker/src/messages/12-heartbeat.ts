/** Heartbeat: Kafka's API 12, versions 0 to 4. */
import { api } from '../wire/message.ts';
import { type Decoded, int16, int32, string } from '../wire/schema.ts';

export const HeartbeatRequest = api(12, 'HeartbeatRequest', {
  versions: [0, 4],
  flexibleFrom: 4,
  fields: {
    groupId: string,
    generationId: int32,
    memberId: string,
    groupInstanceId: string.nullable(3).default(null).since(3),
  },
});
export type HeartbeatRequest = Decoded<typeof HeartbeatRequest>;

export const HeartbeatResponse = api(12, 'HeartbeatResponse', {
  versions: [0, 4],
  flexibleFrom: 4,
  fields: {
    throttleTimeMs: int32.since(1),
    errorCode: int16,
  },
});
export type HeartbeatResponse = Decoded<typeof HeartbeatResponse>;
