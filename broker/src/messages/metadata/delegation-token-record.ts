/** DelegationTokenRecord: a record of the metadata log, type 10. */
import { message } from '../../wire/message.ts';
import { array, type Decoded, int64, string } from '../../wire/schema.ts';

export const DelegationTokenRecord = message('DelegationTokenRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    owner: string,
    requester: string,
    renewers: array(string),
    issueTimestamp: int64,
    maxTimestamp: int64,
    expirationTimestamp: int64,
    tokenId: string,
  },
});
export type DelegationTokenRecord = Decoded<typeof DelegationTokenRecord>;
