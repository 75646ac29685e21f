/** Guests come in with one click and have no password: when their last session has ended, nobody can reach their work any more. */
import type { Store } from '../store/store.ts';

const YOUNG_MS = 3_600_000;

/** Ids of guests without a session, other than those who have just come. */
export async function lostGuests(store: Store, now: number): Promise<string[]> {
  const rows = await store
    .selectFrom('accounts')
    .leftJoin('login_sessions', 'login_sessions.account_id', 'accounts.id')
    .select('accounts.id')
    .where('accounts.guest', '=', 1)
    .where('accounts.created_at', '<', now - YOUNG_MS)
    .where('login_sessions.token_hash', 'is', null)
    // In a class a guest's work counts, and the instructor can give them a password.
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('class_members')
            .select('class_members.class_id')
            .whereRef('class_members.account_id', '=', 'accounts.id'),
        ),
      ),
    )
    .limit(500)
    .execute();
  return rows.map((row) => row.id);
}
