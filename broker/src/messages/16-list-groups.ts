/** ListGroups: Kafka's API 16, versions 0 to 5. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int16, int32, string, struct } from '../wire/schema.ts';

export const ListGroupsRequest = api(16, 'ListGroupsRequest', {
  versions: [0, 5],
  flexibleFrom: 3,
  fields: {
    statesFilter: array(string).since(4),
    typesFilter: array(string).since(5),
  },
});
export type ListGroupsRequest = Decoded<typeof ListGroupsRequest>;

export const ListGroupsResponse = api(16, 'ListGroupsResponse', {
  versions: [0, 5],
  flexibleFrom: 3,
  fields: {
    throttleTimeMs: int32.since(1),
    errorCode: int16,
    groups: array(
      struct({
        groupId: string,
        protocolType: string,
        groupState: string.since(4),
        groupType: string.since(5),
      }),
    ),
  },
});
export type ListGroupsResponse = Decoded<typeof ListGroupsResponse>;
