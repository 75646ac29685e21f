/** AccessControlEntryRecord: a record of the metadata log, type 18. */
import { message } from '../../wire/message.ts';
import { type Decoded, int8, string, uuid } from '../../wire/schema.ts';

export const AccessControlEntryRecord = message('AccessControlEntryRecord', {
  versions: [0, 0],
  flexibleFrom: 0,
  fields: {
    id: uuid,
    resourceType: int8,
    resourceName: string,
    patternType: int8,
    principal: string,
    host: string,
    operation: int8,
    permissionType: int8,
  },
});
export type AccessControlEntryRecord = Decoded<typeof AccessControlEntryRecord>;
