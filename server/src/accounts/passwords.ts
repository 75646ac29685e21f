/**
 * Passwords are kept as argon2id hashes. Hashing takes 19 MiB and some ten milliseconds of a core each, so only a few run at
 * once and only so many wait: a flood of sign-ins costs the flooder, not the class.
 */
import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

export interface Passwords {
  hash(password: string): Promise<string>;
  /** With no hash (no such account) it takes as long and says false. */
  verify(hashed: string | null, password: string): Promise<boolean>;
}

/** Too many are waiting to be checked. */
export class PasswordsBusyError extends Error {
  override readonly name = 'PasswordsBusyError';
}

const AT_ONCE_MAX = 2;
const WAITING_MAX = 200;
/** OWASP's first recommendation for argon2id; 2 is `Algorithm.Argon2id`, a const enum the compiler can't inline. */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function createPasswords(): Promise<Passwords> {
  const decoy = await hash(generatePassword(), COST);
  const run = limiter();
  return {
    hash: (password) => run(() => hash(password.normalize('NFC'), COST)),
    verify: (hashed, password) =>
      run(async () => (await verify(hashed ?? decoy, password.normalize('NFC'))) && hashed !== null),
  };
}

/** Letters and digits that can't be taken for one another on a slip of paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** `abcd-efgh-jkmn`: 59 bits, typed without looking twice. */
export function generatePassword(): string {
  const group = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${group()}-${group()}-${group()}`;
}

function limiter(): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= AT_ONCE_MAX) {
      if (waiting.length >= WAITING_MAX) throw new PasswordsBusyError();
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    running += 1;
    try {
      return await task();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
