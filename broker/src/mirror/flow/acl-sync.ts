/**
 * Topics' ACLs, as MirrorMaker copies them: remote topics are read like their sources, but nobody may write to them.
 * A source without an authorizer has none, which is no failure.
 */

import { ClientError } from '../../client/client-error.ts';
import { DescribeAclsRequest, DescribeAclsResponse } from '../../messages/29-describe-acls.ts';
import { CreateAclsRequest, CreateAclsResponse } from '../../messages/30-create-acls.ts';
import { type FlowContext, remoteTopic } from './context.ts';

const topicResource = 2;
const anyPattern = 1;
const literalPattern = 3;
const anyValue = 1;
const operations = { all: 2, read: 3, write: 4 } as const;
const allow = 3;
const securityDisabled = 54;

export async function syncAcls(context: FlowContext): Promise<void> {
  const bindings = await describeAcls(context);
  const creations = bindings.map(({ topic, acl }) => ({
    resourceType: topicResource,
    resourceName: remoteTopic(context, topic),
    resourcePatternType: literalPattern,
    principal: acl.principal,
    host: acl.host,
    operation:
      acl.permissionType === allow && acl.operation === operations.all ? operations.read : acl.operation,
    permissionType: acl.permissionType,
  }));
  if (creations.length === 0) return;
  const answer = await context.target.request('controller', {
    request: CreateAclsRequest,
    response: CreateAclsResponse,
    body: { creations },
  });
  const refused = answer.results.find((result) => result.errorCode !== 0);
  if (refused !== undefined && refused.errorCode !== securityDisabled) {
    context.log('WARN', `ACLs cannot be copied to ${context.settings.target}: ${refused.errorMessage}`);
  }
}

async function describeAcls(context: FlowContext) {
  try {
    const answer = await context.source.request('any', {
      request: DescribeAclsRequest,
      response: DescribeAclsResponse,
      body: {
        resourceTypeFilter: topicResource,
        resourceNameFilter: null,
        patternTypeFilter: anyPattern,
        principalFilter: null,
        hostFilter: null,
        operation: anyValue,
        permissionType: anyValue,
      },
    });
    return answer.resources
      .filter((resource) => resource.patternType === literalPattern)
      .filter((resource) => context.isReplicated(resource.resourceName))
      .flatMap((resource) => resource.acls.map((acl) => ({ topic: resource.resourceName, acl })))
      .filter(({ acl }) => !(acl.permissionType === allow && acl.operation === operations.write));
  } catch (error) {
    if (error instanceof ClientError && error.code === 'unsupported-version') return [];
    throw error;
  }
}
