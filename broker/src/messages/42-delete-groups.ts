/** DeleteGroups: Kafka's API 42, versions 0 to 2. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, string, struct } from '../wire/schema.ts';

export const DeleteGroupsRequest = api(42, 'DeleteGroupsRequest', {
  versions: [0, 2],
  flexibleFrom: 2,
  fields: {
    groupsNames: array(string),
  },
});
export type DeleteGroupsRequest = Decoded<typeof DeleteGroupsRequest>;

export const DeleteGroupsResponse = api(42, 'DeleteGroupsResponse', {
  versions: [0, 2],
  flexibleFrom: 2,
  fields: {
    throttleTimeMs: int32,
    results: array(
      struct({
        groupId: string,
        errorCode: int16,
      }),
    ),
  },
});
export type DeleteGroupsResponse = Decoded<typeof DeleteGroupsResponse>;
