/**
 * AlterUserScramCredentials v0 (KIP-554): credentials are kept, as Apache Kafka keeps them, never the password; nobody signs
 * in with them, since there is no SASL listener. The texts are Kafka's, tools print them.
 */
import type {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponse,
} from '../messages/51-alter-user-scram-credentials.ts';
import { type ApiFailure, type DecideContext, type Decision, fail, NO_ERROR } from './context.ts';
import { scramKey } from './image.ts';
import { type MetadataRecord, record } from './records.ts';

type Deletion = AlterUserScramCredentialsRequest['deletions'][number];
type Upsertion = AlterUserScramCredentialsRequest['upsertions'][number];

/** SCRAM-SHA-256 and SCRAM-SHA-512. */
const mechanisms = new Set([1, 2]);
const iterationsMin = 4096;
const iterationsMax = 16_384;

export function decideAlterUserScramCredentials(
  context: DecideContext,
  { deletions, upsertions }: AlterUserScramCredentialsRequest,
): Decision<typeof AlterUserScramCredentialsResponse.input> {
  const records: MetadataRecord[] = [];
  const failures = new Map<string, ApiFailure>();
  const users = new Set<string>();
  for (const change of [...deletions, ...upsertions]) {
    const { name } = change;
    // Not even with another mechanism.
    const failure = users.has(name)
      ? fail('DUPLICATE_RESOURCE', 'A user credential cannot be altered twice in the same request')
      : changeFailure(context, change);
    users.add(name);
    if (failure !== null) failures.set(name, failure);
  }
  for (const { name, mechanism } of deletions) {
    if (!failures.has(name)) records.push(record('RemoveUserScramCredentialRecord', { name, mechanism }));
  }
  for (const upsertion of upsertions) {
    if (!failures.has(upsertion.name)) records.push(credentialRecord(context, upsertion));
  }
  const results = [...users].map((user) => ({ user, ...(failures.get(user) ?? NO_ERROR) }));
  return { records, response: { results } };
}

function credentialRecord(context: DecideContext, upsertion: Upsertion): MetadataRecord {
  const { name, mechanism, iterations, salt, saltedPassword } = upsertion;
  const { storedKey, serverKey } = context.ports.scramKeys(mechanism, saltedPassword);
  return record('UserScramCredentialRecord', { name, mechanism, salt, storedKey, serverKey, iterations });
}

function changeFailure(context: DecideContext, change: Deletion | Upsertion): ApiFailure | null {
  const { name, mechanism } = change;
  if (name === '') return fail('UNACCEPTABLE_CREDENTIAL', 'Username must not be empty');
  if (!mechanisms.has(mechanism)) return fail('UNSUPPORTED_SASL_MECHANISM', 'Unknown SCRAM mechanism');
  if (!('iterations' in change)) {
    if (context.image.scram.has(scramKey(mechanism, name))) return null;
    return fail('RESOURCE_NOT_FOUND', 'Attempt to delete a user credential that does not exist');
  }
  if (change.iterations < iterationsMin) return fail('UNACCEPTABLE_CREDENTIAL', 'Too few iterations');
  if (change.iterations > iterationsMax) return fail('UNACCEPTABLE_CREDENTIAL', 'Too many iterations');
  return null;
}
