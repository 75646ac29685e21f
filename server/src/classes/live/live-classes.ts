/**
 * Classes while they run: rooms for the staff who watch, windows of the trainees, and what holds for a class as a whole. Who
 * may see what is asked of the store each time, by class.
 */
import type { Audit } from '../../audit/audit.ts';
import type { ClassState, LiveClass, LiveLab, LiveRow } from '../../contract/main.ts';
import { SEED_OF_TITLES } from '../../sessions/course.ts';
import type { LabEvent } from '../../sessions/lab-events.ts';
import type { LabSession } from '../../sessions/lab-session.ts';
import type { LabCatalog, LabSessions } from '../../sessions/lab-sessions.ts';
import type { AccountRow, ClassRow } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { requireStaff } from '../class-access.ts';
import { ClassError } from '../class-error.ts';
import type { Classes } from '../classes.ts';
import { Activities } from './activity.ts';
import { Broadcasts } from './broadcasts.ts';
import { ClassRoom, type Watcher } from './class-room.ts';
import type { ClassStates } from './class-states.ts';
import { ClusterProbe } from './cluster-probe.ts';
import { Consents } from './consents.ts';
import { Onlookers } from './onlookers.ts';
import { TraineeLocks } from './trainee-locks.ts';
import { TraineeWindows } from './trainee-windows.ts';

export interface LiveClassesOptions {
  readonly store: Store;
  readonly catalog: LabCatalog;
  readonly audit: Audit;
  readonly classes: Classes;
  readonly states: ClassStates;
  readonly labSessions: () => LabSessions;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

export interface Look {
  readonly classId: string;
  /** Ends it when it is not allowed any more. */
  check(): Promise<void>;
}

export class LiveClasses {
  readonly consents: Consents;
  readonly onlookers: Onlookers;
  readonly locks: TraineeLocks;
  readonly trainees: TraineeWindows;
  readonly broadcasts: Broadcasts;
  readonly options: LiveClassesOptions;
  /** Of the staff at trainees' labs. */
  readonly looks = new Set<Look>();
  readonly #activities: Activities;
  readonly #probe: ClusterProbe;
  readonly #rooms = new Map<string, Promise<ClassRoom>>();
  readonly #open = new Map<string, ClassRoom>();

  constructor(options: LiveClassesOptions) {
    this.options = options;
    const { store, states, now, onError } = options;
    this.#activities = new Activities(now);
    this.#probe = new ClusterProbe(this.#activities, (session) => this.#touch(session));
    const [onlookers, consents] = [() => this.onlookers, () => this.consents];
    this.trainees = new TraineeWindows({ store, states, now, onError, onlookers, consents });
    const onStaff = (accountId: string): void => {
      this.trainees.push([accountId]);
      this.#touchAccount(accountId);
    };
    this.consents = new Consents({
      now,
      isThere: (accountId, labId) => this.trainees.isThere(accountId, labId),
      onChange: (accountId) => this.trainees.push([accountId]),
    });
    this.onlookers = new Onlookers(this.consents, onStaff);
    this.locks = new TraineeLocks((accountId) => this.#touchAccount(accountId));
    this.broadcasts = new Broadcasts({
      states,
      now,
      onChange: (classId) => void this.stateChanged(classId).catch(onError),
    });
  }

  observe(session: LabSession, event: LabEvent): void {
    this.#activities.note(session, event);
    for (const room of this.#open.values()) {
      if (!room.has(session)) continue;
      room.note(session, event);
      if (event.kind === 'tick') this.#probe.want(session);
    }
  }

  async watch(watcher: Watcher, classId: string): Promise<LiveClass> {
    const { row, role } = await requireStaff(this.options.store, watcher.account, classId);
    const room = await this.#room(row);
    room.watchers.add(watcher);
    for (const session of this.options.labSessions().all()) if (room.has(session)) this.#probe.want(session);
    return {
      classId,
      title: row.title,
      role,
      labs: this.#labs(row),
      rows: room.rows(),
      state: await this.options.states.read(classId),
      now: this.options.now(),
    };
  }

  unwatch(watcher: Watcher): void {
    for (const [classId, room] of this.#open) {
      if (room.watchers.delete(watcher) && room.watchers.size === 0) this.#closeRoom(classId, room);
    }
  }

  async setHand(account: AccountRow, labId: string, up: boolean): Promise<void> {
    const { store, states, now } = this.options;
    const classIds = await states.classesOf(account.id, labId);
    if (classIds.length === 0) throw new ClassError('classNotFound');
    const handAt = up ? now() : null;
    await store
      .updateTable('class_members')
      .set({ hand_at: handAt })
      .where('account_id', '=', account.id)
      .where('class_id', 'in', classIds)
      // A hand that is up already keeps its place in the row.
      .$if(up, (query) => query.where('hand_at', 'is', null))
      .execute();
    for (const classId of classIds) await this.reloadHand(classId, account.id);
    this.trainees.push([account.id]);
  }

  async reloadHand(classId: string, accountId: string): Promise<void> {
    const row = await this.options.store
      .selectFrom('class_members')
      .select('hand_at')
      .where('class_id', '=', classId)
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    this.#open.get(classId)?.setHand(accountId, row?.hand_at ?? null);
  }

  async readMessages(account: AccountRow, messageIds: readonly number[]): Promise<void> {
    await this.options.store
      .updateTable('class_messages')
      .set({ read_at: this.options.now() })
      .where('account_id', '=', account.id)
      .where('id', 'in', messageIds)
      .execute();
    this.trainees.push([account.id]);
  }

  /** Pause, locks, timer or broadcast: told to the staff, to the trainees, and held in their open labs. */
  async stateChanged(classId: string): Promise<ClassState> {
    const { states } = this.options;
    const state = await states.read(classId);
    this.#open.get(classId)?.broadcast({ type: 'class.state', classId, state });
    const members = await this.memberIds(classId);
    await this.#restrict(members);
    this.trainees.push(members);
    return state;
  }

  /** Of one trainee; undefined: as the class. */
  async lockOwn(
    of: { classId: string; accountId: string; labId: string },
    stepId: string | null | undefined,
  ): Promise<void> {
    const locks = await this.options.states.setOwnLock(of, stepId);
    this.#open.get(of.classId)?.setLocks(of.accountId, locks);
    await this.#restrict([of.accountId]);
  }

  /** Staff, members or labs of a class changed, or it is gone: who may no longer see it sees it no longer. */
  async changed(classId: string, gone: readonly string[] = []): Promise<void> {
    const room = this.#open.get(classId);
    if (room) {
      // Each watches again, and is asked again whether they may.
      room.broadcast({ type: 'class.changed', classId });
      this.#closeRoom(classId, room);
    }
    for (const look of [...this.looks]) if (look.classId === classId) await look.check();
    const members = [...(await this.memberIds(classId)), ...gone];
    await this.#restrict(members);
    this.trainees.push(members);
  }

  /** Somebody came in. */
  async joined(classId: string, accountIds: readonly string[]): Promise<void> {
    await this.#open.get(classId)?.load();
    await this.#restrict(accountIds);
    this.trainees.push(accountIds);
  }

  async memberIds(classId: string): Promise<string[]> {
    const rows = await this.options.store
      .selectFrom('class_members')
      .select('account_id')
      .where('class_id', '=', classId)
      .execute();
    return rows.map((row) => row.account_id);
  }

  close(): void {
    this.#probe.close();
    this.consents.close();
    for (const [classId, room] of this.#open) this.#closeRoom(classId, room);
  }

  async #restrict(accountIds: readonly string[]): Promise<void> {
    const members = new Set(accountIds);
    for (const session of this.options.labSessions().all()) {
      if (!members.has(session.account.id)) continue;
      session.restrict(await this.options.states.restrictionsFor(session.account.id, session.lab.id));
    }
  }

  #touchAccount(accountId: string): void {
    for (const room of this.#open.values()) room.touch(accountId);
  }

  #touch(session: LabSession): void {
    for (const room of this.#open.values()) if (room.has(session)) room.touch(session.account.id);
  }

  async #room(row: ClassRow): Promise<ClassRoom> {
    const known = this.#rooms.get(row.id);
    if (known) return known;
    const { store, catalog, classes, labSessions, now, onError } = this.options;
    const room = new ClassRoom({
      classId: row.id,
      labIds: new Set(classes.labsOf(row).map(({ id }) => id)),
      store,
      catalog,
      sessions: () => labSessions().all(),
      activities: this.#activities,
      staffAt: (accountId) => staffAt(this, accountId),
      now,
      onError,
    });
    const loaded = room.load().then(() => {
      this.#open.set(row.id, room);
      return room;
    });
    this.#rooms.set(row.id, loaded);
    loaded.catch(() => this.#rooms.delete(row.id));
    return loaded;
  }

  #closeRoom(classId: string, room: ClassRoom): void {
    room.close();
    this.#rooms.delete(classId);
    this.#open.delete(classId);
  }

  #labs(row: ClassRow): LiveLab[] {
    const { classes, catalog } = this.options;
    return classes.labsOf(row).flatMap(({ id, title, minutes }) => {
      const lab = catalog.lab(id, SEED_OF_TITLES);
      if (!lab) return [];
      const steps = lab.steps.map((step) => ({
        id: step.id,
        title: {
          ko: lab.text.ko.steps[step.id]?.title ?? step.id,
          en: lab.text.en.steps[step.id]?.title ?? step.id,
        },
      }));
      return [{ id, title, minutes, steps }];
    });
  }
}

function staffAt({ onlookers, locks }: LiveClasses, accountId: string): LiveRow['staff'] {
  const acting = locks.at(accountId).map(({ by: name, doing }) => ({ name, doing }));
  const looking = onlookers.at(accountId).map(({ name, typing }) => ({
    ...{ name, doing: typing === 'granted' ? ('type' as const) : null },
  }));
  return [...acting, ...looking];
}
