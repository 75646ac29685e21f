/**
 * Signing in with name and password, slowed down for whoever guesses: by account and address together, by account, and by
 * address. A whole class signs in from one address at once, so only failures are counted, and the limit per
 * address alone is wide.
 */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { AccountRow } from '../store/schema.ts';
import { AccountError } from './account-error.ts';
import type { Accounts } from './accounts.ts';
import { type Passwords, PasswordsBusyError } from './passwords.ts';

export interface SignInAttempt {
  readonly name: string;
  readonly password: string;
  readonly address: string;
}

export interface SignInLimits {
  readonly failuresPerAccountAndAddress: number;
  readonly failuresPerAccount: number;
  readonly failuresPerAddress: number;
  readonly windowSeconds: number;
}

export const SIGN_IN_LIMITS: SignInLimits = {
  failuresPerAccountAndAddress: 8,
  failuresPerAccount: 40,
  failuresPerAddress: 200,
  windowSeconds: 600,
};

export interface SignInOptions {
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  readonly limits?: SignInLimits;
}

export function createSignIn(options: SignInOptions): (attempt: SignInAttempt) => Promise<AccountRow> {
  const { accounts, passwords, limits = SIGN_IN_LIMITS } = options;
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: limits.windowSeconds });
  const counters = [
    { limiter: limiter(limits.failuresPerAccountAndAddress), key: keyOfBoth },
    { limiter: limiter(limits.failuresPerAccount), key: (attempt: SignInAttempt) => nameKey(attempt) },
    { limiter: limiter(limits.failuresPerAddress), key: (attempt: SignInAttempt) => attempt.address },
  ];

  return async (attempt) => {
    // Counted before the password is looked at, so that a hundred tries at once are a hundred tries.
    const taken = await Promise.allSettled(
      counters.map(({ limiter: counter, key }) => counter.consume(key(attempt))),
    );
    const refused = taken.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    if (refused.length) throw new AccountError('rateLimited', retryAfterMs(refused));

    const account = await accounts.findByName(attempt.name);
    const right = await verify(passwords, account?.password_hash ?? null, attempt.password);
    if (!account || !right) throw new AccountError('wrongCredentials');
    await Promise.all(counters.map(({ limiter: counter, key }) => counter.reward(key(attempt), 1)));
    await counters[0]!.limiter.delete(keyOfBoth(attempt));
    if (account.disabled) throw new AccountError('accountDisabled');
    return account;
  };
}

async function verify(passwords: Passwords, hashed: string | null, password: string): Promise<boolean> {
  try {
    return await passwords.verify(hashed, password);
  } catch (error) {
    if (error instanceof PasswordsBusyError) throw new AccountError('rateLimited', 5_000);
    throw error;
  }
}

function nameKey(attempt: SignInAttempt): string {
  return attempt.name.trim().toLowerCase().slice(0, 64);
}

function keyOfBoth(attempt: SignInAttempt): string {
  return `${nameKey(attempt)}\n${attempt.address}`;
}

function retryAfterMs(refused: readonly unknown[]): number {
  const waits = refused.map((reason) => (reason instanceof RateLimiterRes ? reason.msBeforeNext : 1_000));
  return Math.max(...waits);
}
