/** DescribeAcls, versions 1 to 3. Left out: ACLs; a cluster without an authorizer has none. */
import type { DescribeAclsRequest, DescribeAclsResponse } from '../messages/29-describe-acls.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

export function describeAcls(
  _request: DescribeAclsRequest,
  { listener }: RequestContext,
): Input<typeof DescribeAclsResponse> {
  return {
    errorCode: ErrorCode.SECURITY_DISABLED,
    errorMessage: `No Authorizer is configured${listener === 'broker' ? ' on the broker' : '.'}`,
  };
}
