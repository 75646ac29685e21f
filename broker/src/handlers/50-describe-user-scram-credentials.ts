/** DescribeUserScramCredentials, version 0 (KIP-554): mechanisms and iterations, never a key. */
import type { MetadataImage } from '../controller/image.ts';
import type {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from '../messages/50-describe-user-scram-credentials.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

type Result = NonNullable<Input<typeof DescribeUserScramCredentialsResponse>['results']>[number];

export function describeUserScramCredentials(
  { users }: DescribeUserScramCredentialsRequest,
  { node }: RequestContext,
): Input<typeof DescribeUserScramCredentialsResponse> {
  const { image } = node.metadata;
  const all = new Set(Array.from(image.scram.values(), ({ name }) => name));
  const names = users === null || users.length === 0 ? [...all] : users.map(({ name }) => name);
  const results = [...new Set(names)].map((user): Result => {
    if (names.filter((name) => name === user).length > 1) {
      const errorMessage = `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`;
      return { user, errorCode: ErrorCode.DUPLICATE_RESOURCE, errorMessage };
    }
    return credentialsOf(user, image);
  });
  return { errorMessage: '', results };
}

function credentialsOf(user: string, image: MetadataImage): Result {
  const credentialInfos = [...image.scram.values()]
    .filter(({ name }) => name === user)
    .map(({ mechanism, iterations }) => ({ mechanism, iterations }));
  if (credentialInfos.length > 0) return { user, errorMessage: '', credentialInfos };
  const errorMessage = `Attempt to describe a user credential that does not exist: ${user}`;
  return { user, errorCode: ErrorCode.RESOURCE_NOT_FOUND, errorMessage };
}
