/** LeaveGroup: Kafka's API 13, versions 0 to 5. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, string, struct } from '../wire/schema.ts';

export const LeaveGroupRequest = api(13, 'LeaveGroupRequest', {
  versions: [0, 5],
  flexibleFrom: 4,
  fields: {
    groupId: string,
    memberId: string.until(2),
    members: array(
      struct({
        memberId: string.since(3),
        groupInstanceId: string.nullable(3).default(null).since(3),
        reason: string.nullable(5).default(null).since(5),
      }),
    ).since(3),
  },
});
export type LeaveGroupRequest = Decoded<typeof LeaveGroupRequest>;

export const LeaveGroupResponse = api(13, 'LeaveGroupResponse', {
  versions: [0, 5],
  flexibleFrom: 4,
  fields: {
    throttleTimeMs: int32.since(1),
    errorCode: int16,
    members: array(
      struct({
        memberId: string.since(3),
        groupInstanceId: string.nullable(3).since(3),
        errorCode: int16.since(3),
      }),
    ).since(3),
  },
});
export type LeaveGroupResponse = Decoded<typeof LeaveGroupResponse>;
