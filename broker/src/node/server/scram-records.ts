/** `--add-scram` of kafka-storage.sh: credentials that a new cluster begins with (KIP-900). */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { record } from '../../controller/records.ts';
import type { MetadataRecord } from '../../messages/metadata/records.ts';
import { Terse } from '../../tools/framework/finish.ts';

const mechanisms = [
  { name: 'SCRAM-SHA-256', code: 1, digest: 'sha256', bytes: 32 },
  { name: 'SCRAM-SHA-512', code: 2, digest: 'sha512', bytes: 64 },
] as const;
const iterationsLeast = 4096;
const iterationsMost = 16_384;

type Mechanism = (typeof mechanisms)[number];

export function scramRecords(texts: readonly string[]): MetadataRecord[] {
  return texts.map((text) => {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    if (equals < 0) throw new Terse(`Failed to find equals sign in SCRAM argument '${text}'`);
    const mechanism = mechanisms.find((one) => one.name === name);
    if (mechanism === undefined) throw new Terse(`The add-scram mechanism ${name} is not supported.`);
    return credential(mechanism, readArguments(text.slice(equals + 1)));
  });
}

function readArguments(text: string): Map<string, string> {
  if (!text.startsWith('[')) throw new Terse('Expected configuration to start with [');
  if (!text.endsWith(']')) throw new Terse('Expected configuration to end with ]');
  const values = new Map<string, string>();
  for (const [, key = '', quoted, plain = ''] of text
    .slice(1, -1)
    .matchAll(/([^=,\s]+)=(?:"([^"]*)"|([^,]*))/g)) {
    values.set(key, quoted ?? plain);
  }
  return values;
}

function credential(mechanism: Mechanism, values: ReadonlyMap<string, string>): MetadataRecord {
  const name = values.get('name');
  if (name === undefined) throw new Terse("You must supply 'name' to add-scram");
  const java = mechanism.name.replaceAll('-', '_');
  const iterations = Number(values.get('iterations') ?? iterationsLeast);
  if (!(iterations >= iterationsLeast)) {
    throw new Terse(`The 'iterations' value must be >= ${iterationsLeast} for add-scram using ${java}`);
  }
  if (iterations > iterationsMost) {
    throw new Terse(`The 'iterations' value must be <= ${iterationsMost} for add-scram using ${java}`);
  }
  const givenSalt = values.get('salt');
  const salt = givenSalt === undefined ? randomBytes(24) : Buffer.from(givenSalt, 'base64');
  const salted = saltedPassword(mechanism, values, { salt, iterations });
  const sign = (key: Buffer, text: string) => createHmac(mechanism.digest, key).update(text).digest();
  const storedKey = createHash(mechanism.digest).update(sign(salted, 'Client Key')).digest();
  const serverKey = sign(salted, 'Server Key');
  return record('UserScramCredentialRecord', {
    ...{ name, mechanism: mechanism.code, salt, storedKey, serverKey, iterations },
  });
}

function saltedPassword(
  { bytes, digest }: Mechanism,
  values: ReadonlyMap<string, string>,
  { salt, iterations }: { readonly salt: Buffer; readonly iterations: number },
): Buffer {
  const password = values.get('password');
  const salted = values.get('saltedpassword');
  if (password === undefined && salted === undefined) {
    throw new Terse("You must supply one of 'password' or 'saltedpassword' to add-scram");
  }
  if (password !== undefined && salted !== undefined) {
    throw new Terse("You must only supply one of 'password' or 'saltedpassword' to add-scram");
  }
  if (salted !== undefined && !values.has('salt')) {
    throw new Terse("You must supply 'salt' with 'saltedpassword' to add-scram");
  }
  if (salted !== undefined) return Buffer.from(salted, 'base64');
  return pbkdf2Sync(password!, salt, iterations, bytes, digest);
}
