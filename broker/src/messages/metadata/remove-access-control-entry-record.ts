/** RemoveAccessControlEntryRecord: a record of the metadata log, type 19. */
import { message } from '../../wire/message.ts';
import { type Decoded, uuid } from '../../wire/schema.ts';

export const RemoveAccessControlEntryRecord = message('RemoveAccessControlEntryRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    id: uuid,
  },
});
export type RemoveAccessControlEntryRecord = Decoded<typeof RemoveAccessControlEntryRecord>;
