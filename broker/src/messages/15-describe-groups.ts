/** DescribeGroups: Kafka's API 15, versions 0 to 6. */
import { api } from '../wire/message.ts';
import { array, bool, bytes, type Decoded, int16, int32, string, struct } from '../wire/schema.ts';

export const DescribeGroupsRequest = api(15, 'DescribeGroupsRequest', {
  versions: [0, 6],
  flexibleFrom: 5,
  fields: {
    groups: array(string),
    includeAuthorizedOperations: bool.since(3),
  },
});
export type DescribeGroupsRequest = Decoded<typeof DescribeGroupsRequest>;

export const DescribeGroupsResponse = api(15, 'DescribeGroupsResponse', {
  versions: [0, 6],
  flexibleFrom: 5,
  fields: {
    throttleTimeMs: int32.since(1),
    groups: array(
      struct({
        errorCode: int16,
        errorMessage: string.nullable(6).default(null).since(6),
        groupId: string,
        groupState: string,
        protocolType: string,
        protocolData: string,
        members: array(
          struct({
            memberId: string,
            groupInstanceId: string.nullable(4).default(null).since(4),
            clientId: string,
            clientHost: string,
            memberMetadata: bytes,
            memberAssignment: bytes,
          }),
        ),
        authorizedOperations: int32.default(-2147483648).since(3),
      }),
    ),
  },
});
export type DescribeGroupsResponse = Decoded<typeof DescribeGroupsResponse>;
