/** RemoveDelegationTokenRecord: a record of the metadata log, type 26. */
import { message } from '../../wire/message.ts';
import { type Decoded, string } from '../../wire/schema.ts';

export const RemoveDelegationTokenRecord = message('RemoveDelegationTokenRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    tokenId: string,
  },
});
export type RemoveDelegationTokenRecord = Decoded<typeof RemoveDelegationTokenRecord>;
