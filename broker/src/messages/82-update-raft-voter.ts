/** UpdateRaftVoter: Kafka's API 82, versions 0. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, string, struct, uint16, uuid } from '../wire/schema.ts';

export const UpdateRaftVoterRequest = api(82, 'UpdateRaftVoterRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    clusterId: string.nullable(),
    currentLeaderEpoch: int32,
    voterId: int32,
    voterDirectoryId: uuid,
    listeners: array(
      struct({
        name: string,
        host: string,
        port: uint16,
      }),
    ),
    kRaftVersionFeature: struct({
      minSupportedVersion: int16,
      maxSupportedVersion: int16,
    }),
  },
});
export type UpdateRaftVoterRequest = Decoded<typeof UpdateRaftVoterRequest>;

export const UpdateRaftVoterResponse = api(82, 'UpdateRaftVoterResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    currentLeader: struct({
      leaderId: int32.default(-1),
      leaderEpoch: int32.default(-1),
      host: string,
      port: int32,
    }).tag(0, 0),
  },
});
export type UpdateRaftVoterResponse = Decoded<typeof UpdateRaftVoterResponse>;
