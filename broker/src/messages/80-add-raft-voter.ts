/** AddRaftVoter: Kafka's API 80, versions 0 to 1. */
import { api } from '../wire/message.ts';
import { array, bool, type Decoded, int16, int32, string, struct, uint16, uuid } from '../wire/schema.ts';

export const AddRaftVoterRequest = api(80, 'AddRaftVoterRequest', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    clusterId: string.nullable(),
    timeoutMs: int32,
    voterId: int32,
    voterDirectoryId: uuid,
    listeners: array(
      struct({
        name: string,
        host: string,
        port: uint16,
      }),
    ),
    ackWhenCommitted: bool.default(true).since(1),
  },
});
export type AddRaftVoterRequest = Decoded<typeof AddRaftVoterRequest>;

export const AddRaftVoterResponse = api(80, 'AddRaftVoterResponse', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
  },
});
export type AddRaftVoterResponse = Decoded<typeof AddRaftVoterResponse>;
