/** RemoveUserScramCredentialRecord: a record of the metadata log, type 22. */
import { message } from '../../wire/message.ts';
import { type Decoded, int8, string } from '../../wire/schema.ts';

export const RemoveUserScramCredentialRecord = message('RemoveUserScramCredentialRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    name: string,
    mechanism: int8,
  },
});
export type RemoveUserScramCredentialRecord = Decoded<typeof RemoveUserScramCredentialRecord>;
