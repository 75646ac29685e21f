/**
 * One class while somebody of its staff watches it: its trainees' rows, told to the watchers as they change. Rows are built at
 * most every FLUSH_MS, and sent only when they differ from what was sent.
 */
import type { ClassMember, LiveRow, ServerMessage } from '../../contract/main.ts';
import { SEED_OF_TITLES } from '../../sessions/course.ts';
import type { LabEvent } from '../../sessions/lab-events.ts';
import type { LabSession } from '../../sessions/lab-session.ts';
import type { LabCatalog } from '../../sessions/lab-sessions.ts';
import type { AccountRow } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { readMembers } from '../classes.ts';
import type { Activities } from './activity.ts';
import { readLocks } from './class-states.ts';
import { letters, liveRow } from './live-row.ts';

export interface Watcher {
  readonly account: AccountRow;
  send(message: ServerMessage): void;
}

export interface ClassRoomOptions {
  readonly classId: string;
  readonly labIds: ReadonlySet<string>;
  readonly store: Store;
  readonly catalog: LabCatalog;
  readonly sessions: () => readonly LabSession[];
  readonly activities: Activities;
  readonly staffAt: (accountId: string) => LiveRow['staff'];
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

interface Seat {
  readonly member: ClassMember;
  handAt: number | null;
  locks: LiveRow['locks'];
  labs: Record<string, string>;
  lastLabId: string | null;
}

const FLUSH_MS = 60;
/** For what only the clock changes: no activity, long in a step. */
const TURN_MS = 5_000;

export class ClassRoom {
  readonly watchers = new Set<Watcher>();
  readonly #options: ClassRoomOptions;
  #seats = new Map<string, Seat>();
  readonly #dirty = new Set<string>();
  readonly #sent = new Map<string, string>();
  #flushing: NodeJS.Timeout | undefined;
  readonly #turning: NodeJS.Timeout;

  constructor(options: ClassRoomOptions) {
    this.#options = options;
    this.#turning = setInterval(() => this.#touchAll(), TURN_MS);
    this.#turning.unref();
  }

  get classId(): string {
    return this.#options.classId;
  }

  has(session: LabSession): boolean {
    return this.#seats.has(session.account.id) && this.#options.labIds.has(session.lab.id);
  }

  /** Who is in the class, how far, and whose hand is up, read anew. */
  async load(): Promise<void> {
    const { store, classId, labIds } = this.#options;
    const [members, hands, labs, steps] = await Promise.all([
      readMembers(store, classId),
      store
        .selectFrom('class_members')
        .select(['account_id', 'hand_at', 'step_locks'])
        .where('class_id', '=', classId)
        .execute(),
      this.#ofMembers('lab_progress').where('lab_progress.started_at', 'is not', null).execute(),
      store
        .selectFrom('step_progress')
        .innerJoin('class_members', 'class_members.account_id', 'step_progress.account_id')
        .selectAll('step_progress')
        .where('class_members.class_id', '=', classId)
        .execute(),
    ]);
    const seats = new Map<string, Seat>();
    for (const member of members) {
      const row = hands.find(({ account_id }) => account_id === member.accountId);
      const own = labs.filter((row) => row.account_id === member.accountId && labIds.has(row.lab_id));
      const last = [...own].sort((one, other) => (other.started_at ?? 0) - (one.started_at ?? 0))[0];
      seats.set(member.accountId, {
        member,
        handAt: row?.hand_at ?? null,
        locks: readLocks(row?.step_locks),
        lastLabId: last?.lab_id ?? null,
        labs: Object.fromEntries(
          own.map(({ lab_id }) => [
            lab_id,
            this.#storedLetters(
              lab_id,
              steps.filter((row) => row.account_id === member.accountId && row.lab_id === lab_id),
            ),
          ]),
        ),
      });
    }
    const removed = [...this.#seats.keys()].filter((accountId) => !seats.has(accountId));
    this.#seats = seats;
    for (const accountId of removed) this.#sent.delete(accountId);
    if (removed.length > 0) this.#tell([], removed);
    this.#touchAll();
  }

  rows(): LiveRow[] {
    return [...this.#seats.values()].map((seat) => this.#row(seat));
  }

  accountIds(): string[] {
    return [...this.#seats.keys()];
  }

  note(session: LabSession, event: LabEvent): void {
    const seat = this.#seats.get(session.account.id);
    if (!seat) return;
    if (event.kind === 'changed') {
      const row = this.#row(seat);
      // Kept for when the lab is closed.
      seat.labs = { ...row.labs };
      seat.lastLabId = row.labId;
    }
    this.touch(session.account.id);
  }

  setLocks(accountId: string, locks: LiveRow['locks']): void {
    const seat = this.#seats.get(accountId);
    if (!seat) return;
    seat.locks = locks;
    this.touch(accountId);
  }

  setHand(accountId: string, handAt: number | null): void {
    const seat = this.#seats.get(accountId);
    if (!seat) return;
    seat.handAt = handAt;
    this.touch(accountId);
  }

  touch(accountId: string): void {
    this.#dirty.add(accountId);
    this.#flushing ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  broadcast(message: ServerMessage): void {
    for (const watcher of this.watchers) watcher.send(message);
  }

  close(): void {
    clearTimeout(this.#flushing);
    clearInterval(this.#turning);
  }

  #touchAll(): void {
    for (const accountId of this.#seats.keys()) this.touch(accountId);
  }

  #flush(): void {
    this.#flushing = undefined;
    const changed: LiveRow[] = [];
    for (const accountId of this.#dirty) {
      const seat = this.#seats.get(accountId);
      if (!seat) continue;
      const row = this.#row(seat);
      const text = JSON.stringify(row);
      if (this.#sent.get(accountId) === text) continue;
      this.#sent.set(accountId, text);
      changed.push(row);
    }
    this.#dirty.clear();
    if (changed.length > 0) this.#tell(changed, []);
  }

  #tell(rows: LiveRow[], removed: string[]): void {
    const { classId, now } = this.#options;
    this.broadcast({ type: 'class.rows', classId, rows, removed, now: now() });
  }

  #row(seat: Seat): LiveRow {
    const { activities, now, labIds, sessions } = this.#options;
    const { accountId, name, displayName, guest } = seat.member;
    return liveRow({
      member: { accountId, name, displayName, guest },
      locks: seat.locks,
      staff: this.#options.staffAt(accountId),
      handAt: seat.handAt,
      labs: seat.labs,
      lastLabId: seat.lastLabId,
      sessions: sessions().filter((one) => one.account.id === accountId && labIds.has(one.lab.id)),
      activityOf: (labId) => activities.of(accountId, labId),
      now: now(),
    });
  }

  #storedLetters(
    labId: string,
    records: readonly {
      step_id: string;
      passed_at: number | null;
      hints_opened: number;
      solution_opened_at: number | null;
    }[],
  ): string {
    const lab = this.#options.catalog.lab(labId, SEED_OF_TITLES);
    return letters(lab?.steps ?? [], (stepId) => {
      const record = records.find(({ step_id }) => step_id === stepId);
      return {
        passed: Boolean(record?.passed_at),
        helped: (record?.hints_opened ?? 0) > 0 || Boolean(record?.solution_opened_at),
      };
    });
  }

  #ofMembers(table: 'lab_progress') {
    return this.#options.store
      .selectFrom(table)
      .innerJoin('class_members', 'class_members.account_id', `${table}.account_id`)
      .selectAll(table)
      .where('class_members.class_id', '=', this.#options.classId);
  }
}
