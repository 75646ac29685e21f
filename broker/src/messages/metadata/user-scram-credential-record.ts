/** UserScramCredentialRecord: a record of the metadata log, type 11. */
import { message } from '../../wire/message.ts';
import { bytes, type Decoded, int8, int32, string } from '../../wire/schema.ts';

export const UserScramCredentialRecord = message('UserScramCredentialRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    name: string,
    mechanism: int8,
    salt: bytes,
    storedKey: bytes,
    serverKey: bytes,
    iterations: int32,
  },
});
export type UserScramCredentialRecord = Decoded<typeof UserScramCredentialRecord>;
