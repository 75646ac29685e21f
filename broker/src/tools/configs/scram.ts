/** SCRAM credentials of users (KIP-554): salted here, so that no password travels. */
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { toApiError } from '../../client/client-error.ts';
import type { Client } from '../../client/main.ts';
import {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from '../../messages/50-describe-user-scram-credentials.ts';
import {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from '../../messages/51-alter-user-scram-credentials.ts';
import { getting } from '../framework/admin.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { execution, fromApiError, illegalArgument } from '../java/java-error.ts';
import type { Changes } from './resources.ts';

const mechanisms = [
  { name: 'SCRAM-SHA-256', code: 1, digest: 'sha256', bytes: 32 },
  { name: 'SCRAM-SHA-512', code: 2, digest: 'sha512', bytes: 64 },
] as const;
const iterationsByDefault = 4096;
const iterationsLeast = 4096;
const saltBytes = 24;
const resourceNotFound = 91;

export function isScram(name: string): boolean {
  return mechanisms.some((mechanism) => mechanism.name === name);
}

export async function describeScram(
  ports: ToolPorts,
  admin: Client,
  users: readonly string[],
): Promise<void> {
  const answer = await getting(
    'describeUserScramCredentials',
    admin.request('any', {
      request: DescribeUserScramCredentialsRequest,
      response: DescribeUserScramCredentialsResponse,
      body: { users: users.length === 0 ? null : users.map((name) => ({ name })) },
    }),
  );
  const failed = toApiError(answer.errorCode, answer.errorMessage);
  if (failed !== null) throw execution(fromApiError(failed));
  for (const { user, errorCode, errorMessage, credentialInfos } of answer.results) {
    if (errorCode === resourceNotFound) continue;
    const error = toApiError(errorCode, errorMessage);
    if (error !== null) {
      const { line } = fromApiError(error);
      const place = `for user-principal '${user}'`;
      ports.out(`Error retrieving SCRAM credential configs ${place}: ExecutionException: ${line}\n`);
      continue;
    }
    const list = credentialInfos.map(({ mechanism, iterations }) => {
      return `${mechanisms.find(({ code }) => code === mechanism)?.name}=iterations=${iterations}`;
    });
    ports.out(`SCRAM credential configs for user-principal '${user}' are ${list.join(', ')}\n`);
  }
}

export async function alterScram(admin: Client, user: string, { added, deleted }: Changes): Promise<void> {
  const answer = await getting(
    'alterUserScramCredentials',
    admin.request('any', {
      request: AlterUserScramCredentialsRequest,
      response: AlterUserScramCredentialsResponse,
      body: {
        deletions: deleted.map((name) => ({ name: user, mechanism: mechanismNamed(name).code })),
        upsertions: [...added].map(([name, text]) => credential(user, name, text)),
      },
    }),
  );
  const [outcome] = answer.results;
  const error = outcome === undefined ? null : toApiError(outcome.errorCode, outcome.errorMessage);
  if (error !== null) throw execution(fromApiError(error));
}

function mechanismNamed(name: string) {
  return mechanisms.find((mechanism) => mechanism.name === name) ?? mechanisms[0];
}

function credential(user: string, name: string, text: string) {
  const match = /^(?:iterations=(-?[0-9]*),)?password=(.*)$/.exec(text);
  const mechanism = mechanismNamed(name);
  if (match === null)
    throw illegalArgument(`Invalid credential property ${mechanism.name.replaceAll('-', '_')}=${text}`);
  const [, given, password = ''] = match;
  const iterations = given === undefined || given === '-1' ? iterationsByDefault : Number(given);
  if (iterations < iterationsLeast) {
    throw illegalArgument(
      `Iterations ${iterations} is less than the minimum ${iterationsLeast} required for ${mechanism.name}`,
    );
  }
  const salt = randomBytes(saltBytes);
  const saltedPassword = pbkdf2Sync(password, salt, iterations, mechanism.bytes, mechanism.digest);
  return { name: user, mechanism: mechanism.code, iterations, salt, saltedPassword };
}
