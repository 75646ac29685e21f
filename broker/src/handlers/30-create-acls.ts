/** CreateAcls, versions 1 to 3. Left out: ACLs; a cluster without an authorizer takes none. */
import type { CreateAclsRequest, CreateAclsResponse } from '../messages/30-create-acls.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';

export function createAcls({ creations }: CreateAclsRequest): Input<typeof CreateAclsResponse> {
  const refused = { errorCode: ErrorCode.SECURITY_DISABLED, errorMessage: 'No Authorizer is configured.' };
  return { results: creations.map(() => refused) };
}
