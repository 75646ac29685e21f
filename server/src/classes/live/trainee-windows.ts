/** The trainees' side of a running class: each window that has a lab open is told its own part, and nothing of others. */
import type { ClassMessage, ServerMessage, TraineeState } from '../../contract/main.ts';
import type { AccountRow, ClassMessageRow } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { ClassStates } from './class-states.ts';
import type { Consents } from './consents.ts';
import type { Onlookers } from './onlookers.ts';

export interface TraineeWindow {
  readonly account: AccountRow;
  readonly labId: string;
  send(message: ServerMessage): void;
}

export interface TraineeWindowsOptions {
  readonly store: Store;
  readonly states: ClassStates;
  readonly onlookers: () => Onlookers;
  readonly consents: () => Consents;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

const MESSAGES_MAX = 50;

export class TraineeWindows {
  readonly #options: TraineeWindowsOptions;
  readonly #windows = new Set<TraineeWindow>();

  constructor(options: TraineeWindowsOptions) {
    this.#options = options;
  }

  async enter(window: TraineeWindow): Promise<TraineeState> {
    this.#windows.add(window);
    return this.#stateFor(window);
  }

  leave(window: TraineeWindow): void {
    if (!this.#windows.delete(window)) return;
    const { account, labId } = window;
    if (!this.isThere(account.id, labId)) this.#options.consents().withdrawAll(account.id, labId);
  }

  isThere(accountId: string, labId: string): boolean {
    return [...this.#windows].some((one) => one.account.id === accountId && one.labId === labId);
  }

  /** Something changed for these people. */
  push(accountIds: Iterable<string>): void {
    const wanted = new Set(accountIds);
    for (const window of this.#windows) {
      if (wanted.has(window.account.id)) void this.#pushTo(window);
    }
  }

  async #pushTo(window: TraineeWindow): Promise<void> {
    try {
      const state = await this.#stateFor(window);
      if (this.#windows.has(window)) window.send({ type: 'class.trainee', state });
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #stateFor({ account, labId }: TraineeWindow): Promise<TraineeState> {
    const { store, states, onlookers, consents, now } = this.#options;
    const classIds = await states.classesOf(account.id, labId);
    const [classes, members, messages] = await Promise.all([
      Promise.all(classIds.map((classId) => states.read(classId))),
      classIds.length === 0
        ? []
        : store
            .selectFrom('class_members')
            .select(['class_id', 'hand_at', 'extra_minutes'])
            .where('account_id', '=', account.id)
            .where('class_id', 'in', classIds)
            .execute(),
      unreadOf(store, account.id),
    ]);
    const timed = classes.findIndex(({ timer }) => timer !== null);
    const timer = classes[timed]?.timer ?? null;
    const extra = members.find(({ class_id }) => class_id === classIds[timed])?.extra_minutes ?? 0;
    return {
      inClass: classIds.length > 0,
      handAt: members.find(({ hand_at }) => hand_at !== null)?.hand_at ?? null,
      paused: classes.find(({ paused }) => paused !== null)?.paused ?? null,
      timer: timer && { ...timer, endsAt: timer.endsAt + extra * 60_000 },
      broadcast: classes.find(({ broadcast }) => broadcast !== null)?.broadcast ?? null,
      onlookers: onlookers().of(account.id, labId),
      consents: consents().list(account.id, labId),
      messages: messages.map(toMessage),
      now: now(),
    };
  }
}

async function unreadOf(store: Store, accountId: string): Promise<ClassMessageRow[]> {
  const rows = await store
    .selectFrom('class_messages')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('read_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(MESSAGES_MAX)
    .execute();
  return rows.reverse();
}

function toMessage(row: ClassMessageRow): ClassMessage {
  return {
    id: row.id,
    classId: row.class_id,
    from: row.sender_name,
    at: row.at,
    kind: row.kind,
    text: row.text,
    labId: row.lab_id,
    stepId: row.step_id,
  };
}
