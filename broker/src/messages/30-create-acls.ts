/** CreateAcls: Kafka's API 30, versions 1 to 3. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const CreateAclsRequest = api(30, 'CreateAclsRequest', {
  versions: [1, 3],
  flexibleFrom: 2,
  fields: {
    creations: array(
      struct({
        resourceType: int8,
        resourceName: string,
        resourcePatternType: int8.default(3),
        principal: string,
        host: string,
        operation: int8,
        permissionType: int8,
      }),
    ),
  },
});
export type CreateAclsRequest = Decoded<typeof CreateAclsRequest>;

export const CreateAclsResponse = api(30, 'CreateAclsResponse', {
  versions: [1, 3],
  flexibleFrom: 2,
  fields: {
    throttleTimeMs: int32,
    results: array(
      struct({
        errorCode: int16,
        errorMessage: string.nullable(),
      }),
    ),
  },
});
export type CreateAclsResponse = Decoded<typeof CreateAclsResponse>;
