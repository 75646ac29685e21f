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
    const states = await Promise.all(
      (await this.classesOf(accountId, labId)).map((classId) => this.read(classId)),
    );
    const steps = this.#catalog.lab(labId, SEED_OF_TITLES)?.steps.map(({ id }) => id) ?? [];
    const closed = states.flatMap(({ locks }) => (locks[labId] ? [locks[labId]] : []));
    return {
      paused: states.some(({ paused }) => paused !== null),
      closedFrom: steps.find((id) => closed.includes(id)) ?? null,
    };
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
