/**
 * What the staff does to one trainee, some, or all: messages, hints, files, boxes, time. Each says trainee by trainee what came
 * of it, and stands in the audit log. Messages are kept until they are read, so that nobody misses one by being offline.
 */
import type {
  ActionOutcome,
  ClassMessage,
  GivableStates,
  GiveState,
  SendFile,
  SendMessage,
  StaffDoing,
} from '../../contract/main.ts';
import { CellError } from '../../sandbox/main.ts';
import type { LabSession } from '../../sessions/lab-session.ts';
import type { AccountRow } from '../../store/schema.ts';
import { requireMember, requireStaff } from '../class-access.ts';
import { ClassError } from '../class-error.ts';
import { findGivable, listGivable } from './givable.ts';
import type { LiveClasses } from './live-classes.ts';
import type { Held, LabPlace } from './trainee-locks.ts';

type To = readonly string[] | null;
/** `woken`: done, and asleep again. */
type Done = true | 'woken' | Exclude<ActionOutcome['notDone'][number]['why'], 'busy'>;

interface Wanted {
  readonly to: To;
  readonly labId: string;
  /** What nobody else may do there meanwhile; null: it disturbs nothing. */
  readonly doing: StaffDoing | null;
  /** Also those of the class whose lab is not open. */
  readonly wakes?: boolean;
}

const COPIES_MAX = 50;
/** Sleepers that are woken at a time. */
const AT_ONCE = 4;

export class ClassActions {
  readonly #live: LiveClasses;

  constructor(live: LiveClasses) {
    this.#live = live;
  }

  async sendMessage(account: AccountRow, classId: string, wanted: SendMessage): Promise<ActionOutcome> {
    const { kind, text, labId = null, stepId = null } = wanted;
    if (kind !== 'step' && text === '') throw new ClassError('badRequest');
    if (kind === 'step' && (labId === null || stepId === null)) throw new ClassError('badRequest');
    const to = await this.#recipients(account, classId, wanted.to);
    await this.#deliver(account, classId, to, { kind, text, labId, stepId });
    await this.#log(account, `class.${kind}`, classId, { to: wanted.to, detail: { count: to.length } });
    return { done: to, woken: [], notDone: [] };
  }

  /** Into their home, beside what is there: a file of that name gets a number, nothing is overwritten. */
  async sendFile(account: AccountRow, classId: string, wanted: SendFile): Promise<ActionOutcome> {
    const { path, content, labId } = wanted;
    const outcome = await this.#each(account, classId, { ...wanted, doing: 'file' }, async (session) => {
      const cell = session.environment.cell;
      if (!cell) return 'asleep';
      const written = await writeBeside(cell.files, path, content);
      if (written === null) return 'failed';
      await this.#deliver(account, classId, [session.account.id], {
        kind: 'file',
        text: written,
        labId,
        stepId: null,
      });
      return true;
    });
    await this.#log(account, 'class.file', classId, {
      to: wanted.to,
      detail: { labId, path, count: outcome.done.length },
    });
    return outcome;
  }

  /** Opens the next hint of the step each is in. */
  async openHints(
    account: AccountRow,
    classId: string,
    wanted: { to: To; labId: string },
  ): Promise<ActionOutcome> {
    const outcome = await this.#each(account, classId, { ...wanted, doing: null }, async (session) => {
      const stepId = session.progress.openStepId(session.lab);
      if (stepId === null) return 'nothing';
      const opened = session.progress.steps.get(stepId)?.hintsOpened ?? 0;
      const hints = session.lab.text.ko.steps[stepId]?.hints.length ?? 0;
      if (opened >= hints) return 'nothing';
      await session.openHint(stepId, opened);
      const text = session.lab.text[session.language].steps[stepId]?.hints[opened] ?? '';
      await this.#deliver(account, classId, [session.account.id], {
        kind: 'hint',
        text,
        labId: session.lab.id,
        stepId,
      });
      return true;
    });
    await this.#log(account, 'class.openHint', classId, {
      to: wanted.to,
      detail: { labId: wanted.labId, count: outcome.done.length },
    });
    return outcome;
  }

  /** Restart: the box. Reset: the whole lab, as the trainee could do themselves. */
  async actOnEnvironments(
    account: AccountRow,
    classId: string,
    wanted: { to: To; labId: string; what: 'restart' | 'reset' },
  ): Promise<ActionOutcome> {
    const { what, labId } = wanted;
    const outcome = await this.#each(account, classId, { ...wanted, doing: what }, async (session) => {
      const { environment } = session;
      if (what === 'reset') await session.reset();
      else if (!environment.cell && environment.state.state !== 'failed') return 'asleep';
      else await environment.restart();
      // No consent is asked for: it is told.
      const told = { kind: what, text: '', labId, stepId: null } as const;
      await this.#deliver(account, classId, [session.account.id], told);
      return environment.state.state === 'failed' ? 'failed' : true;
    });
    await this.#log(account, `trainee.${wanted.what}`, classId, {
      to: wanted.to,
      detail: { labId, count: outcome.done.length },
    });
    return outcome;
  }

  /** What this member of the staff can give: starts of steps in their own lab, and in their trainees'. */
  async listStates(account: AccountRow, classId: string, labId: string): Promise<GivableStates['states']> {
    const { store } = this.#live.options;
    await requireStaff(store, account, classId);
    return await listGivable(store, { account, members: await this.#live.memberIds(classId), labId });
  }

  /** Somebody's state at a step's start becomes theirs. Those who sleep are woken for it, and put to sleep again. */
  async giveState(account: AccountRow, classId: string, wanted: GiveState): Promise<ActionOutcome> {
    const { store } = this.#live.options;
    const { to, labId, stepId, from } = wanted;
    await requireStaff(store, account, classId);
    const giver = from === null ? account : await requireMember(store, classId, from);
    const given = await findGivable(store, { accountId: giver.id, labId, stepId });
    if (!given) throw new ClassError('snapshotNotFound');
    const give = { ...wanted, doing: 'giveState', wakes: true } as const;
    const outcome = await this.#each(account, classId, give, async (session) => {
      if (session.account.id === giver.id) return 'nothing';
      const slept = session.environment.cell === null;
      await session.receive(given);
      const told = { kind: 'state', text: '', labId, stepId } as const;
      await this.#deliver(account, classId, [session.account.id], told);
      if (session.environment.state.state === 'failed') return 'failed';
      if (!slept || session.viewers > 0) return true;
      await session.environment.sleep();
      return 'woken';
    });
    const detail = { labId, stepId, from: giver.name, count: outcome.done.length };
    await this.#log(account, 'class.giveState', classId, { to, detail });
    return outcome;
  }

  /** Of everybody: the class's own time; of some: what they have on top of it. */
  async extendTime(
    account: AccountRow,
    classId: string,
    { to, minutes }: { to: To; minutes: number },
  ): Promise<ActionOutcome> {
    const recipients = await this.#recipients(account, classId, to);
    const { store, states } = this.#live.options;
    const { timer } = await states.read(classId);
    if (!timer)
      return { done: [], woken: [], notDone: recipients.map((accountId) => ({ accountId, why: 'nothing' })) };
    if (to === null) {
      await states.change(classId, {
        timer: { endsAt: timer.endsAt + minutes * 60_000, by: account.display_name },
      });
    } else {
      await store
        .updateTable('class_members')
        .set(({ eb }) => ({ extra_minutes: eb('extra_minutes', '+', minutes) }))
        .where('class_id', '=', classId)
        .where('account_id', 'in', recipients)
        .execute();
    }
    await this.#log(account, 'class.extendTime', classId, { to, detail: { minutes } });
    await this.#live.stateChanged(classId);
    return { done: recipients, woken: [], notDone: [] };
  }

  /** A hand is lowered by whoever came to help. */
  async lowerHand(account: AccountRow, classId: string, accountId: string): Promise<void> {
    await this.#recipients(account, classId, [accountId]);
    await this.#live.options.store
      .updateTable('class_members')
      .set({ hand_at: null })
      .where('class_id', '=', classId)
      .where('account_id', '=', accountId)
      .execute();
    await this.#live.reloadHand(classId, accountId);
    this.#live.trainees.push([accountId]);
  }

  async #recipients(account: AccountRow, classId: string, to: To): Promise<string[]> {
    const { store } = this.#live.options;
    await requireStaff(store, account, classId);
    const members = await this.#live.memberIds(classId);
    if (to === null) return members;
    const unknown = to.find((accountId) => !members.includes(accountId));
    if (to.length === 0 || unknown !== undefined) throw new ClassError('traineeNotFound');
    return [...new Set(to)];
  }

  async #each(
    account: AccountRow,
    classId: string,
    wanted: Wanted,
    act: (session: LabSession) => Promise<Done>,
  ): Promise<ActionOutcome> {
    const { to, labId, doing } = wanted;
    const { labSessions } = this.#live.options;
    const accountIds = await this.#recipients(account, classId, to);
    const awake = (accountId: string) => Boolean(labSessions().find(accountId, labId)?.environment.cell);
    const one = async (accountId: string) => {
      const place = { accountId, labId };
      const work = () => this.#one(classId, place, wanted, act);
      if (doing === null) return { accountId, done: await work() };
      const held = await this.#live.locks.alone(place, { actor: account, doing }, work);
      return 'busy' in held ? { accountId, busy: held.busy } : { accountId, done: held.value };
    };
    const outcomes = (
      await Promise.all([
        ...accountIds.filter(awake).map(one),
        inTurns(
          accountIds.filter((accountId) => !awake(accountId)),
          one,
        ),
      ])
    ).flat();
    return outcomeOf(outcomes);
  }

  async #one(
    classId: string,
    { accountId, labId }: LabPlace,
    { to, wakes = false }: Wanted,
    act: (session: LabSession) => Promise<Done>,
  ): Promise<Done> {
    const { labSessions, onError, store } = this.#live.options;
    try {
      // One is meant: their lab is fetched; of a whole class only those who are in it.
      const session =
        labSessions().find(accountId, labId) ??
        (to === null && !wakes
          ? undefined
          : await labSessions().use(await requireMember(store, classId, accountId), labId));
      return session ? await act(session) : 'asleep';
    } catch (error) {
      if (error instanceof CellError && error.code === 'limit') return 'tooLarge';
      onError(error);
      return 'failed';
    }
  }

  async #deliver(
    account: AccountRow,
    classId: string,
    to: readonly string[],
    message: {
      kind: ClassMessage['kind'];
      text: string;
      labId: string | null;
      stepId: string | null;
    },
  ): Promise<void> {
    const { store, now } = this.#live.options;
    const { kind, text, labId, stepId } = message;
    const at = now();
    if (to.length > 0) {
      await store
        .insertInto('class_messages')
        .values(
          to.map((account_id) => ({
            class_id: classId,
            account_id,
            sender_name: account.display_name,
            at,
            kind,
            text,
            lab_id: labId,
            step_id: stepId,
            read_at: null,
          })),
        )
        .execute();
    }
    this.#live.trainees.push(to);
  }

  /** One entry for the class, or one for each who was meant. */
  async #log(
    actor: AccountRow,
    action: string,
    classId: string,
    { to, detail }: { to: To; detail: Record<string, string | number> },
  ): Promise<void> {
    const { audit, store } = this.#live.options;
    if (to === null) return audit.record({ actor, action, classId, detail });
    for (const accountId of to) {
      const subject = await requireMember(store, classId, accountId);
      await audit.record({ actor, action, subject, classId, detail });
    }
  }
}

type OneOutcome =
  | { readonly accountId: string; readonly done: Done }
  | { readonly accountId: string; readonly busy: Held };

function outcomeOf(outcomes: readonly OneOutcome[]): ActionOutcome {
  const outcome: ActionOutcome = { done: [], woken: [], notDone: [] };
  for (const one of outcomes) {
    const { accountId } = one;
    if ('busy' in one) {
      const { by, doing } = one.busy;
      outcome.notDone.push({ accountId, why: 'busy', by, doing });
    } else if (one.done === true || one.done === 'woken') {
      outcome.done.push(accountId);
      if (one.done === 'woken') outcome.woken.push(accountId);
    } else outcome.notDone.push({ accountId, why: one.done });
  }
  return outcome;
}

async function inTurns<T, R>(of: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const left = of.entries();
  const results: R[] = [];
  const turns = Array.from({ length: AT_ONCE }, async () => {
    for (const [index, one] of left) results[index] = await work(one);
  });
  await Promise.all(turns);
  return results;
}

interface WritableFiles {
  read(path: string): Promise<unknown>;
  write(path: string, content: string): Promise<unknown>;
}

/** The path it was written to; null: there are too many of that name already. */
async function writeBeside(files: WritableFiles, path: string, content: string): Promise<string | null> {
  const dot = path.lastIndexOf('.');
  const end = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
  for (let copy = 1; copy <= COPIES_MAX; copy += 1) {
    const wanted = copy === 1 ? path : `${path.slice(0, end)}-${copy}${path.slice(end)}`;
    if (await isThere(files, wanted)) continue;
    await files.write(wanted, content);
    return wanted;
  }
  return null;
}

async function isThere(files: WritableFiles, path: string): Promise<boolean> {
  try {
    await files.read(path);
    return true;
  } catch (error) {
    if (error instanceof CellError && error.code === 'notFound') return false;
    // A folder, or a file that is no text: something stands there.
    if (error instanceof CellError && ['notAFile', 'notText', 'tooLarge'].includes(error.code)) return true;
    throw error;
  }
}
