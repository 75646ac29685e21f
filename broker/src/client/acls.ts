/** Rules of who may do what, as a cluster with an authorizer keeps them (DescribeAcls), and the names of their parts. */
import { DescribeAclsRequest, DescribeAclsResponse } from '../messages/29-describe-acls.ts';
import { refuse } from './client-error.ts';
import type { Network } from './network.ts';
import { withRetries } from './retry.ts';
import type { AclEntry } from './types.ts';

export const resourceTypes = {
  ANY: 1,
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
} as const;
export const patternTypes = { ANY: 1, MATCH: 2, LITERAL: 3, PREFIXED: 4 } as const;
export const permissions = { DENY: 2, ALLOW: 3 } as const;
export const operations = {
  ANY: 1,
  ALL: 2,
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
  CREATE_TOKENS: 13,
  DESCRIBE_TOKENS: 14,
  TWO_PHASE_COMMIT: 15,
} as const;

export async function describeAcls(network: Network): Promise<readonly AclEntry[]> {
  const any = { resourceTypeFilter: resourceTypes.ANY, resourceNameFilter: null };
  const answer = await withRetries(network.limits, () =>
    network.send('any', {
      request: DescribeAclsRequest,
      response: DescribeAclsResponse,
      body: {
        ...any,
        patternTypeFilter: patternTypes.ANY,
        principalFilter: null,
        hostFilter: null,
        operation: operations.ANY,
        permissionType: 1,
      },
    }),
  );
  refuse(answer.errorCode, answer.errorMessage);
  return answer.resources.flatMap((resource) =>
    resource.acls.map((acl) => ({
      resourceType: nameOf(resourceTypes, resource.resourceType),
      resourceName: resource.resourceName,
      patternType: nameOf(patternTypes, resource.patternType),
      principal: acl.principal,
      host: acl.host,
      operation: nameOf(operations, acl.operation),
      permission: nameOf(permissions, acl.permissionType),
    })),
  );
}

function nameOf(codes: Readonly<Record<string, number>>, code: number): string {
  return Object.keys(codes).find((name) => codes[name] === code) ?? 'UNKNOWN';
}
