/**
 * Who is signed in: rows on the server, found by the hash of a random token that only the cookie holds. A session ends
 * after a while without use, at its age limit, on sign-out, and when the account is disabled or its password changes.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { AccountRow, Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

const HOUR_MS = 3_600_000;
const IDLE_MS = 24 * HOUR_MS;
const AGE_MS = 14 * 24 * HOUR_MS;
/** A guest can't sign in again, so that the cookie is all that leads back to their work. */
const GUEST_MS = 60 * 24 * HOUR_MS;
/** `seen_at` is written at most so often. */
const SEEN_EVERY_MS = 60_000;
const SESSIONS_PER_ACCOUNT_MAX = 20;

export interface FoundSession {
  readonly account: AccountRow;
  /** Names the row; of no use as a token. */
  readonly sessionKey: string;
}

export class LoginSessions {
  readonly #store: Store;
  readonly #now: () => number;

  constructor(options: { store: Store; now: () => number }) {
    this.#store = options.store;
    this.#now = options.now;
  }

  /** Returns the token for the cookie. */
  async start(account: AccountRow): Promise<{ token: string; maxAgeMs: number }> {
    const token = randomBytes(32).toString('base64url');
    const maxAgeMs = account.guest ? GUEST_MS : AGE_MS;
    const at = this.#now();
    await this.#store.transaction().execute(async (transaction) => {
      await removeSurplus(transaction, account.id);
      await transaction
        .insertInto('login_sessions')
        .values({
          token_hash: hashToken(token),
          account_id: account.id,
          created_at: at,
          seen_at: at,
          expires_at: at + maxAgeMs,
        })
        .execute();
      await transaction
        .updateTable('accounts')
        .set({ last_seen_at: at })
        .where('id', '=', account.id)
        .execute();
    });
    return { token, maxAgeMs };
  }

  async find(token: string): Promise<FoundSession | undefined> {
    const sessionKey = hashToken(token);
    const row = await this.#store
      .selectFrom('login_sessions')
      .innerJoin('accounts', 'accounts.id', 'login_sessions.account_id')
      .selectAll('accounts')
      .select(['login_sessions.seen_at', 'login_sessions.expires_at'])
      .where('login_sessions.token_hash', '=', sessionKey)
      .executeTakeFirst();
    const at = this.#now();
    if (!row || !isLiving(row, at)) return undefined;
    const { seen_at, expires_at: _, ...account } = row;
    if (seen_at + SEEN_EVERY_MS <= at) await this.#markSeen(sessionKey, account.id);
    return { account, sessionKey };
  }

  async end(token: string): Promise<void> {
    await this.#store.deleteFrom('login_sessions').where('token_hash', '=', hashToken(token)).execute();
  }

  async isAlive(sessionKey: string): Promise<boolean> {
    const row = await this.#store
      .selectFrom('login_sessions')
      .innerJoin('accounts', 'accounts.id', 'login_sessions.account_id')
      .select(['login_sessions.seen_at', 'login_sessions.expires_at', 'accounts.guest', 'accounts.disabled'])
      .where('login_sessions.token_hash', '=', sessionKey)
      .executeTakeFirst();
    return row !== undefined && isLiving(row, this.#now());
  }

  /** A window that is connected counts as use. */
  async keepAlive(sessionKeys: readonly string[]): Promise<void> {
    if (sessionKeys.length === 0) return;
    await this.#store
      .updateTable('login_sessions')
      .set({ seen_at: this.#now() })
      .where('token_hash', 'in', sessionKeys)
      .execute();
  }

  async removeExpired(): Promise<void> {
    const at = this.#now();
    await this.#store
      .deleteFrom('login_sessions')
      .where((where) => where.or([where('expires_at', '<=', at), where('seen_at', '<=', at - GUEST_MS)]))
      .execute();
  }

  async #markSeen(sessionKey: string, accountId: string): Promise<void> {
    await this.keepAlive([sessionKey]);
    await this.#store
      .updateTable('accounts')
      .set({ last_seen_at: this.#now() })
      .where('id', '=', accountId)
      .execute();
  }
}

interface Life {
  readonly seen_at: number;
  readonly expires_at: number;
  readonly guest: number;
  readonly disabled: number;
}

function isLiving(row: Life, at: number): boolean {
  const idleMs = row.guest ? GUEST_MS : IDLE_MS;
  return !row.disabled && row.expires_at > at && row.seen_at + idleMs > at;
}

async function removeSurplus(transaction: Transaction<Schema>, accountId: string): Promise<void> {
  const rows = await transaction
    .selectFrom('login_sessions')
    .select('token_hash')
    .where('account_id', '=', accountId)
    .orderBy('seen_at', 'desc')
    .offset(SESSIONS_PER_ACCOUNT_MAX - 1)
    .limit(1000)
    .execute();
  const surplus = rows.map((row) => row.token_hash);
  if (surplus.length === 0) return;
  await transaction.deleteFrom('login_sessions').where('token_hash', 'in', surplus).execute();
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
