/** JoinGroup: Kafka's API 11, versions 0 to 9. */
import { api } from '../wire/message.ts';
import { array, bool, bytes, type Decoded, int16, int32, string, struct } from '../wire/schema.ts';

export const JoinGroupRequest = api(11, 'JoinGroupRequest', {
  versions: [0, 9],
  flexibleFrom: 6,
  fields: {
    groupId: string,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: int32.default(-1).since(1),
    memberId: string,
    groupInstanceId: string.nullable(5).default(null).since(5),
    protocolType: string,
    protocols: array(
      struct({
        name: string,
        metadata: bytes,
      }),
    ),
    reason: string.nullable(8).default(null).since(8),
  },
});
export type JoinGroupRequest = Decoded<typeof JoinGroupRequest>;

export const JoinGroupResponse = api(11, 'JoinGroupResponse', {
  versions: [0, 9],
  flexibleFrom: 6,
  fields: {
    throttleTimeMs: int32.since(2),
    errorCode: int16,
    generationId: int32.default(-1),
    protocolType: string.nullable(7).default(null).since(7),
    protocolName: string.nullable(7),
    leader: string,
    skipAssignment: bool.since(9),
    memberId: string,
    members: array(
      struct({
        memberId: string,
        groupInstanceId: string.nullable(5).default(null).since(5),
        metadata: bytes,
      }),
    ),
  },
});
export type JoinGroupResponse = Decoded<typeof JoinGroupResponse>;
