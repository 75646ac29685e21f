/** RemoveRaftVoter: Kafka's API 81, versions 0. */
import { api } from '../wire/message.ts';
import { type Decoded, int16, int32, string, uuid } from '../wire/schema.ts';

export const RemoveRaftVoterRequest = api(81, 'RemoveRaftVoterRequest', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    clusterId: string.nullable(),
    voterId: int32,
    voterDirectoryId: uuid,
  },
});
export type RemoveRaftVoterRequest = Decoded<typeof RemoveRaftVoterRequest>;

export const RemoveRaftVoterResponse = api(81, 'RemoveRaftVoterResponse', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
  },
});
export type RemoveRaftVoterResponse = Decoded<typeof RemoveRaftVoterResponse>;
