/**
 * The one-time link that makes the first administrator. A new one is printed at each start until it has been used; it stands
 * only on the console and in the address's fragment, never in a log, a query or a request line.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Setup } from '../contract/main.ts';
import type { AccountRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { AccountError } from './account-error.ts';
import type { Accounts } from './accounts.ts';

export interface SetupTokens {
  /** Null when there is an administrator. Earlier tokens end. */
  issue(): Promise<string | null>;
  redeem(setup: Setup): Promise<AccountRow>;
}

const VALID_MS = 24 * 3_600_000;

export function createSetupTokens(options: {
  store: Store;
  accounts: Accounts;
  now: () => number;
}): SetupTokens {
  const { store, accounts, now } = options;
  return {
    async issue() {
      if (await accounts.hasAdministrator()) return null;
      const token = randomBytes(24).toString('base64url');
      await store.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('setup_tokens').execute();
        await transaction
          .insertInto('setup_tokens')
          .values({ token_hash: hashToken(token), created_at: now(), expires_at: now() + VALID_MS })
          .execute();
      });
      return token;
    },
    async redeem(setup) {
      if (await accounts.hasAdministrator()) throw new AccountError('setupDone');
      const token = await store
        .selectFrom('setup_tokens')
        .selectAll()
        .where('token_hash', '=', hashToken(setup.token))
        .executeTakeFirst();
      if (!token || token.expires_at <= now()) throw new AccountError('setupTokenWrong');
      // Taken away before the account is made: of two people with the link, one gets in.
      const { numDeletedRows } = await store
        .deleteFrom('setup_tokens')
        .where('token_hash', '=', token.token_hash)
        .executeTakeFirst();
      if (numDeletedRows !== 1n) throw new AccountError('setupDone');
      try {
        const { account } = await accounts.create({ ...setup, role: 'administrator' });
        return (await accounts.read(account.id))!;
      } catch (error) {
        await store.insertInto('setup_tokens').values(token).execute();
        throw error;
      }
    },
  };
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
