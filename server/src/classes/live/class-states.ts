/**
 * What holds for each class as a whole: pause, locks, timer. Kept in the store, so that a paused class is paused after a
 * restart of the server; whoever of the staff sets something sets it for all of them, and the last one counts.
 */
import type { ClassState } from '../../contract/main.ts';
import { SEED_OF_TITLES } from '../../sessions/course.ts';
import type { Restrictions } from '../../sessions/lab-events.ts';
import type { LabCatalog } from '../../sessions/lab-sessions.ts';
import type { Store } from '../../store/store.ts';
import { readLabIds } from '../class-labs.ts';

type Kept = Pick<ClassState, 'paused' | 'locks' | 'timer'>;

const NOTHING: Kept = { paused: null, locks: {}, timer: null };

export class ClassStates {
  readonly #store: Store;
  readonly #catalog: LabCatalog;
  readonly #states = new Map<string, Kept>();
  /** Of the terminals shown to a class; they end with the server. */
  readonly #broadcasts = new Map<string, NonNullable<ClassState['broadcast']>>();

  constructor({ store, catalog }: { store: Store; catalog: LabCatalog }) {
    this.#store = store;
    this.#catalog = catalog;
  }

  async read(classId: string): Promise<ClassState> {
    return { ...(await this.#kept(classId)), broadcast: this.#broadcasts.get(classId) ?? null };
  }

  async change(classId: string, change: Partial<Kept>): Promise<ClassState> {
    const next = { ...(await this.#kept(classId)), ...change };
    const state = JSON.stringify(next);
    await this.#store
      .insertInto('class_states')
      .values({ class_id: classId, state })
      .onConflict((conflict) => conflict.column('class_id').doUpdateSet({ state }))
      .execute();
    this.#states.set(classId, next);
    return this.read(classId);
  }

  setBroadcast(classId: string, broadcast: ClassState['broadcast']): void {
    if (broadcast) this.#broadcasts.set(classId, broadcast);
    else this.#broadcasts.delete(classId);
  }

  /** Ids of a person's classes that have the lab. */
  async classesOf(accountId: string, labId: string): Promise<string[]> {
    const rows = await this.#store
      .selectFrom('class_members')
      .innerJoin('classes', 'classes.id', 'class_members.class_id')
      .select(['classes.id', 'classes.lab_ids'])
      .where('class_members.account_id', '=', accountId)
      .orderBy('class_members.joined_at')
      .execute();
    return rows.flatMap((row) => {
      const labIds = readLabIds(row.lab_ids);
      return labIds.length === 0 || labIds.includes(labId) ? [row.id] : [];
    });
  }

  async restrictionsFor(accountId: string, labId: string): Promise<Restrictions> {
    const classIds = await this.classesOf(accountId, labId);
    const states = await Promise.all(classIds.map((classId) => this.read(classId)));
    const own = await this.#ownLocks(accountId, classIds);
    const steps = this.#catalog.lab(labId, SEED_OF_TITLES)?.steps.map(({ id }) => id) ?? [];
    const closed = states.map(({ locks }, index) => {
      const theirs = own.get(classIds[index]!)?.[labId];
      return theirs === undefined ? locks[labId] : theirs;
    });
    return {
      paused: states.some(({ paused }) => paused !== null),
      closedFrom: steps.find((id) => closed.includes(id)) ?? null,
    };
  }

  /** Of one trainee; undefined: as the class. Answers all of theirs. */
  async setOwnLock(
    { classId, accountId, labId }: { classId: string; accountId: string; labId: string },
    stepId: string | null | undefined,
  ): Promise<Readonly<Record<string, string | null>>> {
    const { [labId]: _, ...others } = (await this.#ownLocks(accountId, [classId])).get(classId) ?? {};
    const locks = stepId === undefined ? others : { ...others, [labId]: stepId };
    await this.#store
      .updateTable('class_members')
      .set({ step_locks: JSON.stringify(locks) })
      .where('class_id', '=', classId)
      .where('account_id', '=', accountId)
      .execute();
    return locks;
  }

  async #ownLocks(
    accountId: string,
    classIds: readonly string[],
  ): Promise<Map<string, Readonly<Record<string, string | null>>>> {
    if (classIds.length === 0) return new Map();
    const rows = await this.#store
      .selectFrom('class_members')
      .select(['class_id', 'step_locks'])
      .where('account_id', '=', accountId)
      .where('class_id', 'in', classIds)
      .execute();
    return new Map(rows.map((row) => [row.class_id, readLocks(row.step_locks)]));
  }

  async #kept(classId: string): Promise<Kept> {
    const known = this.#states.get(classId);
    if (known) return known;
    const row = await this.#store
      .selectFrom('class_states')
      .select('state')
      .where('class_id', '=', classId)
      .executeTakeFirst();
    const kept = row ? (JSON.parse(row.state) as Kept) : NOTHING;
    this.#states.set(classId, kept);
    return kept;
  }
}

export function readLocks(text: string | undefined): Readonly<Record<string, string | null>> {
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string | null>);
}
