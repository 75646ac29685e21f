/**
 * Who is signed in: rows on the server, found by the hash of a random token that only the cookie holds. A session ends
 * after a while without use, at its age limit, on sign-out, and when the account is disabled or its password changes.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { AccountRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

export interface LoginSessions {
  /** Returns the token for the cookie. */
  start(account: AccountRow): Promise<{ token: string; maxAgeMs: number }>;
  find(token: string): Promise<{ account: AccountRow; sessionKey: string } | undefined>;
  end(token: string): Promise<void>;
  /** All of an account's, save the one named. */
  endAll(accountId: string, exceptSessionKey?: string): Promise<void>;
  isAlive(sessionKey: string): Promise<boolean>;
  removeExpired(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const IDLE_MS = 24 * HOUR_MS;
const AGE_MS = 14 * 24 * HOUR_MS;
/** A guest can't sign in again, so that the cookie is all that leads back to their work. */
const GUEST_MS = 60 * 24 * HOUR_MS;
/** `seen_at` is written at most so often. */
const SEEN_EVERY_MS = 60_000;
const SESSIONS_PER_ACCOUNT_MAX = 20;

export function createLoginSessions(options: { store: Store; now: () => number }): LoginSessions {
  const { store, now } = options;
  const idleMs = (account: { guest: number }) => (account.guest ? GUEST_MS : IDLE_MS);

  return {
    async start(account) {
      const token = randomBytes(32).toString('base64url');
      const maxAgeMs = account.guest ? GUEST_MS : AGE_MS;
      await store.transaction().execute(async (transaction) => {
        const rows = await transaction
          .selectFrom('login_sessions')
          .select('token_hash')
          .where('account_id', '=', account.id)
          .orderBy('seen_at', 'desc')
          .offset(SESSIONS_PER_ACCOUNT_MAX - 1)
          .limit(1000)
          .execute();
        const surplus = rows.map((row) => row.token_hash);
        if (surplus.length) {
          await transaction.deleteFrom('login_sessions').where('token_hash', 'in', surplus).execute();
        }
        const at = now();
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
    },
    async find(token) {
      const sessionKey = hashToken(token);
      const row = await store
        .selectFrom('login_sessions')
        .innerJoin('accounts', 'accounts.id', 'login_sessions.account_id')
        .selectAll('accounts')
        .select(['login_sessions.seen_at', 'login_sessions.expires_at'])
        .where('login_sessions.token_hash', '=', sessionKey)
        .executeTakeFirst();
      const at = now();
      if (!row || row.disabled || row.expires_at <= at || row.seen_at + idleMs(row) <= at) return undefined;
      if (row.seen_at + SEEN_EVERY_MS <= at) {
        await store
          .updateTable('login_sessions')
          .set({ seen_at: at })
          .where('token_hash', '=', sessionKey)
          .execute();
      }
      const { seen_at, expires_at, ...account } = row;
      return { account, sessionKey };
    },
    async end(token) {
      await store.deleteFrom('login_sessions').where('token_hash', '=', hashToken(token)).execute();
    },
    async endAll(accountId, exceptSessionKey) {
      await store
        .deleteFrom('login_sessions')
        .where('account_id', '=', accountId)
        .$if(exceptSessionKey !== undefined, (query) => query.where('token_hash', '!=', exceptSessionKey!))
        .execute();
    },
    async isAlive(sessionKey) {
      const row = await store
        .selectFrom('login_sessions')
        .innerJoin('accounts', 'accounts.id', 'login_sessions.account_id')
        .select([
          'login_sessions.seen_at',
          'login_sessions.expires_at',
          'accounts.guest',
          'accounts.disabled',
        ])
        .where('login_sessions.token_hash', '=', sessionKey)
        .executeTakeFirst();
      const at = now();
      return row !== undefined && !row.disabled && row.expires_at > at && row.seen_at + idleMs(row) > at;
    },
    async removeExpired() {
      const at = now();
      await store
        .deleteFrom('login_sessions')
        .where((where) => where.or([where('expires_at', '<=', at), where('seen_at', '<=', at - GUEST_MS)]))
        .execute();
    },
  };
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
