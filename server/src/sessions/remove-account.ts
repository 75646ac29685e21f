/** Removes a person: account and progress from the store, home and cluster from the disk. */
import type { Accounts } from '../accounts/accounts.ts';
import type { LabSessions } from './lab-sessions.ts';

export async function removeAccount(
  accountId: string,
  { accounts, labSessions }: { accounts: Accounts; labSessions: LabSessions },
): Promise<void> {
  const cells = await labSessions.cellsOf(accountId);
  await accounts.remove(accountId);
  await labSessions.removeCells(accountId, cells);
}
