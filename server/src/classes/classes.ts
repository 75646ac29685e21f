/** Classes: made, listed, changed, removed; their staff and members. Whether the caller may is asked here, class by class. */
import { randomUUID } from 'node:crypto';
import type { Audit } from '../audit/audit.ts';
import type {
  ClassCard,
  ClassDetail,
  ClassMember,
  ClassRole,
  ClassStaff,
  CreateClass,
  MyClass,
  UpdateClass,
} from '../contract/main.ts';
import { SEED_OF_TITLES } from '../sessions/course.ts';
import type { LabCatalog } from '../sessions/lab-sessions.ts';
import type { AccountRow, ClassRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { requireManager, requireMember, requireStaff } from './class-access.ts';
import { ClassError } from './class-error.ts';
import { readLabIds } from './class-labs.ts';
import { makeJoinCode, showJoinCode } from './join-code.ts';

export interface ClassesOptions {
  readonly store: Store;
  readonly catalog: LabCatalog;
  readonly audit: Audit;
  readonly now: () => number;
}

export class Classes {
  readonly #store: Store;
  readonly #catalog: LabCatalog;
  readonly #audit: Audit;
  readonly #now: () => number;

  constructor({ store, catalog, audit, now }: ClassesOptions) {
    this.#store = store;
    this.#catalog = catalog;
    this.#audit = audit;
    this.#now = now;
  }

  async list(account: AccountRow): Promise<ClassCard[]> {
    const [rows, staff, counts] = await Promise.all([
      this.#store.selectFrom('classes').selectAll().orderBy('created_at', 'desc').execute(),
      staffNames(this.#store),
      this.#store
        .selectFrom('class_members')
        .select(({ fn }) => ['class_id', fn.countAll<number>().as('count')])
        .groupBy('class_id')
        .execute(),
    ]);
    return rows.flatMap((row) => {
      const own = staff.filter(({ class_id }) => class_id === row.id);
      const role: ClassRole | undefined =
        account.role === 'administrator'
          ? 'administrator'
          : own.find(({ account_id }) => account_id === account.id)?.role;
      if (!role) return [];
      return [
        {
          id: row.id,
          title: row.title,
          startsOn: row.starts_on,
          endsOn: row.ends_on,
          trainees: counts.find(({ class_id }) => class_id === row.id)?.count ?? 0,
          instructors: own.filter((one) => one.role === 'instructor').map((one) => one.display_name),
          role,
        },
      ];
    });
  }

  async create(account: AccountRow, wanted: CreateClass): Promise<ClassDetail> {
    const row: ClassRow = {
      id: randomUUID(),
      title: wanted.title,
      starts_on: wanted.startsOn ?? null,
      ends_on: wanted.endsOn ?? null,
      lab_ids: JSON.stringify(this.#knownLabs(wanted.labIds ?? [])),
      join_code: makeJoinCode(),
      guests: Number(wanted.guests ?? false),
      revision: 1,
      created_at: this.#now(),
    };
    requireOrder(row);
    await this.#store.transaction().execute(async (transaction) => {
      await transaction.insertInto('classes').values(row).execute();
      await transaction
        .insertInto('class_staff')
        .values({ class_id: row.id, account_id: account.id, role: 'instructor' })
        .execute();
    });
    await this.#log(account, 'class.create', row);
    return this.read(account, row.id);
  }

  async read(account: AccountRow, classId: string): Promise<ClassDetail> {
    const { row, role } = await requireStaff(this.#store, account, classId);
    const [staff, members] = await Promise.all([
      readStaff(this.#store, classId),
      readMembers(this.#store, classId),
    ]);
    const labIds = readLabIds(row.lab_ids);
    return {
      id: row.id,
      title: row.title,
      startsOn: row.starts_on,
      endsOn: row.ends_on,
      labs: this.labsOf(row),
      wholeCourse: labIds.length === 0,
      joinCode: row.join_code === null ? null : showJoinCode(row.join_code),
      guests: row.guests === 1,
      revision: row.revision,
      role,
      staff,
      members,
    };
  }

  /** In the course's order; a lab that is gone from the course is left out. */
  labsOf(row: ClassRow): ClassDetail['labs'] {
    const wanted = new Set(readLabIds(row.lab_ids));
    return this.#catalog.labIds.flatMap((id) => {
      const lab = wanted.size === 0 || wanted.has(id) ? this.#catalog.lab(id, SEED_OF_TITLES) : undefined;
      if (!lab) return [];
      return [{ id, title: { ko: lab.text.ko.title, en: lab.text.en.title }, minutes: lab.minutes }];
    });
  }

  async update(account: AccountRow, classId: string, changes: UpdateClass): Promise<ClassDetail> {
    const { row } = await requireManager(this.#store, account, classId);
    const next = {
      title: changes.title ?? row.title,
      starts_on: changes.startsOn === undefined ? row.starts_on : changes.startsOn,
      ends_on: changes.endsOn === undefined ? row.ends_on : changes.endsOn,
      lab_ids: changes.labIds ? JSON.stringify(this.#knownLabs(changes.labIds)) : row.lab_ids,
      guests: changes.guests === undefined ? row.guests : Number(changes.guests),
    };
    requireOrder(next);
    await this.#change(classId, next, changes.revision);
    await this.#log(account, 'class.change', row);
    return this.read(account, classId);
  }

  async remove(account: AccountRow, classId: string): Promise<void> {
    const { row } = await requireManager(this.#store, account, classId);
    await this.#store.deleteFrom('classes').where('id', '=', classId).execute();
    await this.#log(account, 'class.remove', row);
  }

  async setJoinCode(account: AccountRow, classId: string, open: boolean): Promise<ClassDetail> {
    const { row } = await requireManager(this.#store, account, classId);
    await this.#change(classId, { join_code: open ? makeJoinCode() : null });
    await this.#log(account, open ? 'class.openJoining' : 'class.closeJoining', row);
    return this.read(account, classId);
  }

  async setStaff(
    account: AccountRow,
    classId: string,
    { name, role }: { name: string; role: ClassStaff['role'] | null },
  ): Promise<ClassDetail> {
    const { row } = await requireManager(this.#store, account, classId);
    const person = await this.#store
      .selectFrom('accounts')
      .selectAll()
      .where('name_key', '=', name.toLowerCase())
      .executeTakeFirst();
    // Which trainee names there are is not told: both answers are the same.
    if (!person || person.role === 'trainee') throw new ClassError('notStaff');
    // Who leaves is let go by somebody who stays.
    if (person.id === account.id && role !== 'instructor') throw new ClassError('lastInstructor');
    await this.#store.transaction().execute(async (transaction) => {
      const own = { class_id: classId, account_id: person.id };
      await transaction
        .deleteFrom('class_staff')
        .where('class_id', '=', classId)
        .where('account_id', '=', person.id)
        .execute();
      if (role)
        await transaction
          .insertInto('class_staff')
          .values({ ...own, role })
          .execute();
      const instructor = await transaction
        .selectFrom('class_staff')
        .select('account_id')
        .where('class_id', '=', classId)
        .where('role', '=', 'instructor')
        .executeTakeFirst();
      if (!instructor) throw new ClassError('lastInstructor');
    });
    await this.#log(account, role ? `class.${role}` : 'class.dismiss', row, person);
    return this.read(account, classId);
  }

  async removeMember(account: AccountRow, classId: string, accountId: string): Promise<void> {
    const { row } = await requireManager(this.#store, account, classId);
    const person = await requireMember(this.#store, classId, accountId);
    await this.#store
      .deleteFrom('class_members')
      .where('class_id', '=', classId)
      .where('account_id', '=', accountId)
      .execute();
    await this.#log(account, 'class.removeMember', row, person);
  }

  /** Of a trainee. */
  async mine(account: AccountRow): Promise<MyClass[]> {
    const [rows, staff] = await Promise.all([
      this.#store
        .selectFrom('class_members')
        .innerJoin('classes', 'classes.id', 'class_members.class_id')
        .selectAll('classes')
        .where('class_members.account_id', '=', account.id)
        .orderBy('class_members.joined_at')
        .execute(),
      staffNames(this.#store),
    ]);
    return rows.map((row) => ({
      id: row.id,
      title: row.title,
      startsOn: row.starts_on,
      endsOn: row.ends_on,
      instructors: staff
        .filter((one) => one.class_id === row.id && one.role === 'instructor')
        .map((one) => one.display_name),
    }));
  }

  #knownLabs(labIds: readonly string[]): string[] {
    if (labIds.some((id) => !this.#catalog.labIds.includes(id))) throw new ClassError('labNotFound');
    return this.#catalog.labIds.filter((id) => labIds.includes(id));
  }

  /** With `revision`: only when nobody else has changed it since. */
  async #change(classId: string, values: Partial<ClassRow>, revision?: number): Promise<void> {
    const result = await this.#store
      .updateTable('classes')
      .set(values)
      .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
      .where('id', '=', classId)
      .$if(revision !== undefined, (query) => query.where('revision', '=', revision!))
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n) throw new ClassError('classChanged');
  }

  #log(actor: AccountRow, action: string, row: ClassRow, subject?: AccountRow): Promise<void> {
    return this.#audit.record({
      actor,
      action,
      classId: row.id,
      ...(subject ? { subject } : {}),
      detail: { title: row.title },
    });
  }
}

function requireOrder({ starts_on, ends_on }: Pick<ClassRow, 'starts_on' | 'ends_on'>): void {
  if (starts_on !== null && ends_on !== null && ends_on < starts_on) throw new ClassError('badRequest');
}

function staffNames(store: Store) {
  return store
    .selectFrom('class_staff')
    .innerJoin('accounts', 'accounts.id', 'class_staff.account_id')
    .select(['class_staff.class_id', 'class_staff.account_id', 'class_staff.role', 'accounts.display_name'])
    .orderBy('accounts.name_key')
    .execute();
}

async function readStaff(store: Store, classId: string): Promise<ClassStaff[]> {
  const rows = await store
    .selectFrom('class_staff')
    .innerJoin('accounts', 'accounts.id', 'class_staff.account_id')
    .select(['accounts.id', 'accounts.name', 'accounts.display_name', 'class_staff.role'])
    .where('class_staff.class_id', '=', classId)
    .orderBy('accounts.name_key')
    .execute();
  return rows.map((row) => ({
    accountId: row.id,
    name: row.name,
    displayName: row.display_name,
    role: row.role,
  }));
}

export async function readMembers(store: Store, classId: string): Promise<ClassMember[]> {
  const rows = await store
    .selectFrom('class_members')
    .innerJoin('accounts', 'accounts.id', 'class_members.account_id')
    .selectAll('accounts')
    .select(['class_members.joined_at', 'class_members.joined_by'])
    .where('class_members.class_id', '=', classId)
    .orderBy('accounts.name_key')
    .execute();
  return rows.map((row) => ({
    accountId: row.id,
    name: row.name,
    displayName: row.display_name,
    guest: row.guest === 1,
    joinedAt: row.joined_at,
    joinedBy: row.joined_by,
    lastSeenAt: row.last_seen_at,
  }));
}
