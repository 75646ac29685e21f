/** SyncGroup: Kafka's API 14, versions 0 to 5. */
import { api } from '../wire/message.ts';
import { array, bytes, type Decoded, int16, int32, string, struct } from '../wire/schema.ts';

export const SyncGroupRequest = api(14, 'SyncGroupRequest', {
  versions: [0, 5],
  flexibleFrom: 4,
  fields: {
    groupId: string,
    generationId: int32,
    memberId: string,
    groupInstanceId: string.nullable(3).default(null).since(3),
    protocolType: string.nullable(5).default(null).since(5),
    protocolName: string.nullable(5).default(null).since(5),
    assignments: array(
      struct({
        memberId: string,
        assignment: bytes,
      }),
    ),
  },
});
export type SyncGroupRequest = Decoded<typeof SyncGroupRequest>;

export const SyncGroupResponse = api(14, 'SyncGroupResponse', {
  versions: [0, 5],
  flexibleFrom: 4,
  fields: {
    throttleTimeMs: int32.since(1),
    errorCode: int16,
    protocolType: string.nullable(5).default(null).since(5),
    protocolName: string.nullable(5).default(null).since(5),
    assignment: bytes,
  },
});
export type SyncGroupResponse = Decoded<typeof SyncGroupResponse>;
