/** DescribeAcls: Kafka's API 29, versions 1 to 3. */
import { api } from '../wire/message.ts';
import { array, type Decoded, int8, int16, int32, string, struct } from '../wire/schema.ts';

export const DescribeAclsRequest = api(29, 'DescribeAclsRequest', {
  versions: [1, 3],
  flexibleFrom: 2,
  fields: {
    resourceTypeFilter: int8,
    resourceNameFilter: string.nullable(),
    patternTypeFilter: int8.default(3),
    principalFilter: string.nullable(),
    hostFilter: string.nullable(),
    operation: int8,
    permissionType: int8,
  },
});
export type DescribeAclsRequest = Decoded<typeof DescribeAclsRequest>;

export const DescribeAclsResponse = api(29, 'DescribeAclsResponse', {
  versions: [1, 3],
  flexibleFrom: 2,
  fields: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        patternType: int8.default(3),
        acls: array(
          struct({
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
export type DescribeAclsResponse = Decoded<typeof DescribeAclsResponse>;
