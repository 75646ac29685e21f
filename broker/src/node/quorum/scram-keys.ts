/** What SCRAM keeps of a salted password (RFC 5802): keys to check a client by, and to be known by. */
import { createHash, createHmac } from 'node:crypto';

export function scramKeys(
  mechanism: number,
  saltedPassword: Buffer,
): { storedKey: Buffer; serverKey: Buffer } {
  const algorithm = mechanism === 1 ? 'sha256' : 'sha512';
  const keyed = (text: string) => createHmac(algorithm, saltedPassword).update(text).digest();
  return {
    storedKey: createHash(algorithm).update(keyed('Client Key')).digest(),
    serverKey: keyed('Server Key'),
  };
}
