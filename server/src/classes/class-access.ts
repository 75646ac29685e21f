/**
 * Who may see and do what in a class. An administrator may in every class; an instructor or assistant in those they are staff
 * of; a trainee in none. A class that is not one's own is answered as one that does not exist.
 */
import type { ClassRole } from '../contract/main.ts';
import type { AccountRow, ClassRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { ClassError } from './class-error.ts';
import { readLabIds } from './class-labs.ts';

export interface StaffAccess {
  readonly row: ClassRow;
  readonly role: ClassRole;
}

export async function requireStaff(store: Store, account: AccountRow, classId: string): Promise<StaffAccess> {
  const row = await store.selectFrom('classes').selectAll().where('id', '=', classId).executeTakeFirst();
  const role = row && (await roleIn(store, account, classId));
  if (!row || !role) throw new ClassError('classNotFound');
  return { row, role };
}

/** Settings, roster, staff: not for assistants. */
export async function requireManager(
  store: Store,
  account: AccountRow,
  classId: string,
): Promise<StaffAccess> {
  const access = await requireStaff(store, account, classId);
  if (access.role === 'assistant') throw new ClassError('forbidden');
  return access;
}

/** The trainee's account, when they are in that class. */
export async function requireMember(store: Store, classId: string, accountId: string): Promise<AccountRow> {
  const row = await store
    .selectFrom('class_members')
    .innerJoin('accounts', 'accounts.id', 'class_members.account_id')
    .selectAll('accounts')
    .where('class_members.class_id', '=', classId)
    .where('class_members.account_id', '=', accountId)
    // Who has become staff is nobody's trainee any more.
    .where('accounts.role', '=', 'trainee')
    .executeTakeFirst();
  if (!row) throw new ClassError('traineeNotFound');
  return row;
}

/** Ids of the trainees somebody may see; null: all. */
export async function traineesOf(store: Store, account: AccountRow): Promise<ReadonlySet<string> | null> {
  if (account.role === 'administrator') return null;
  const rows = await store
    .selectFrom('class_members')
    .innerJoin('class_staff', 'class_staff.class_id', 'class_members.class_id')
    .select('class_members.account_id')
    .where('class_staff.account_id', '=', account.id)
    .execute();
  return new Set(account.role === 'instructor' ? rows.map((row) => row.account_id) : []);
}

/**
 * A class by which somebody may see a trainee's lab: one they are staff of, that the trainee is in, and that has the lab.
 * Undefined: there is none. An administrator needs none, and gets one when there is one.
 */
export async function classBetween(
  store: Store,
  account: AccountRow,
  { accountId, labId }: { accountId: string; labId: string },
): Promise<string | undefined> {
  const rows = await store
    .selectFrom('class_members')
    .innerJoin('classes', 'classes.id', 'class_members.class_id')
    .leftJoin('class_staff', 'class_staff.class_id', 'class_members.class_id')
    .select(['classes.id', 'classes.lab_ids', 'class_staff.account_id as staff_id'])
    .where('class_members.account_id', '=', accountId)
    .execute();
  return rows.find((row) => {
    const labIds = readLabIds(row.lab_ids);
    const own =
      account.role === 'administrator' || (account.role === 'instructor' && row.staff_id === account.id);
    return own && (labIds.length === 0 || labIds.includes(labId));
  })?.id;
}

async function roleIn(store: Store, account: AccountRow, classId: string): Promise<ClassRole | null> {
  if (account.role === 'administrator') return 'administrator';
  if (account.role !== 'instructor') return null;
  const staff = await store
    .selectFrom('class_staff')
    .select('role')
    .where('class_id', '=', classId)
    .where('account_id', '=', account.id)
    .executeTakeFirst();
  return staff?.role ?? null;
}
