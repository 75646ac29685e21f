/** DeleteAcls, versions 1 to 3. Left out: ACLs; a cluster without an authorizer has none. */
import type { DeleteAclsRequest, DeleteAclsResponse } from '../messages/31-delete-acls.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';

export function deleteAcls({ filters }: DeleteAclsRequest): Input<typeof DeleteAclsResponse> {
  const refused = { errorCode: ErrorCode.SECURITY_DISABLED, errorMessage: 'No Authorizer is configured.' };
  return { filterResults: filters.map(() => refused) };
}
