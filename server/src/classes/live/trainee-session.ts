/** A trainee's lab for one of their class's staff, and for nobody else. Nothing is started by looking. */
import type { LabSession } from '../../sessions/lab-session.ts';
import type { LabSessions } from '../../sessions/lab-sessions.ts';
import type { AccountRow } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { requireMember, requireStaff } from '../class-access.ts';
import { ClassError } from '../class-error.ts';
import { readLabIds } from '../class-labs.ts';

export async function traineeSession(
  { store, labSessions }: { readonly store: Store; readonly labSessions: () => LabSessions },
  account: AccountRow,
  { classId, accountId, labId }: { classId: string; accountId: string; labId: string },
): Promise<{ session: LabSession; member: AccountRow }> {
  const { row } = await requireStaff(store, account, classId);
  const member = await requireMember(store, classId, accountId);
  const labIds = readLabIds(row.lab_ids);
  if (labIds.length > 0 && !labIds.includes(labId)) throw new ClassError('labNotFound');
  return { member, session: await labSessions().use(member, labId) };
}
