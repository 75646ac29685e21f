/** DeleteAcls: Kafka's API 31, versions 1 to 3. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const DeleteAclsRequest = api(31, 'DeleteAclsRequest', {
  versions: [1, 3],
  flexibleFrom: 2,
  fields: {
    filters: array(
      struct({
        resourceTypeFilter: int8,
        resourceNameFilter: string.nullable(),
        patternTypeFilter: int8.default(3),
        principalFilter: string.nullable(),
        hostFilter: string.nullable(),
        operation: int8,
        permissionType: int8,
      }),
    ),
  },
});
export type DeleteAclsRequest = Decoded<typeof DeleteAclsRequest>;

export const DeleteAclsResponse = api(31, 'DeleteAclsResponse', {
  versions: [1, 3],
  flexibleFrom: 2,
  fields: {
    throttleTimeMs: int32,
    filterResults: array(
      struct({
        errorCode: int16,
        errorMessage: string.nullable(),
        matchingAcls: array(
          struct({
            errorCode: int16,
            errorMessage: string.nullable(),
            resourceType: int8,
            resourceName: string,
            patternType: int8.default(3),
            principal: string,
            host: string,
            operation: int8,
            permissionType: int8,
          }),
        ),
      }),
    ),
  },
});
export type DeleteAclsResponse = Decoded<typeof DeleteAclsResponse>;
