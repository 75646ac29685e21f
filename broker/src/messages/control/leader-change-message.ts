/** LeaderChangeMessage: a control record. */
import { message } from '../../wire/message.ts';
import { array, type Decoded, int16, int32, struct, uuid } from '../../wire/schema.ts';

const voter = struct({
  voterId: int32,
  voterDirectoryId: uuid.since(1),
});

export const LeaderChangeMessage = message('LeaderChangeMessage', {
  versions: [0, 1],
  flexibleFrom: 0,
  fields: {
    version: int16,
    leaderId: int32,
    voters: array(voter),
    grantingVoters: array(voter),
  },
});
export type LeaderChangeMessage = Decoded<typeof LeaderChangeMessage>;
