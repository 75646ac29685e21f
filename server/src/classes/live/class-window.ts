/** What one window says about classes, as staff or as trainee; what the window itself has open stays with `PageWindow`. */
import type { AnswerByType, ClientMessage, ServerMessage, TerminalSnapshot } from '../../contract/main.ts';
import type { LabSession } from '../../sessions/lab-session.ts';
import type { AccountRow } from '../../store/schema.ts';
import type { Attachment, TerminalHub, TerminalOutput } from '../../terminals/hub.ts';
import { requireStaff } from '../class-access.ts';
import { ClassError } from '../class-error.ts';
import type { Watcher } from './class-room.ts';
import { logOutcome, logQuestion } from './consented.ts';
import type { LiveClasses, Look } from './live-classes.ts';
import { traineeSession } from './trainee-session.ts';
import type { TraineeWindow } from './trainee-windows.ts';

export type ClassClientMessage = Extract<ClientMessage, { type: `class.${string}` }>;
type Message<T extends ClassClientMessage['type']> = Extract<ClassClientMessage, { type: T }>;

export const BROADCAST_TERMINAL = 'broadcast';

export interface ClassWindowOptions {
  readonly account: AccountRow;
  readonly pageId: string;
  readonly live: LiveClasses;
  send(message: ServerMessage): void;
  /** The lab this window has open; null: none, or somebody else's. */
  ownSession(): LabSession | null;
  /** Looks at somebody else's lab from now on. */
  lookAt(session: LabSession): void;
  stopLooking(): void;
  attachBroadcast(shown: { hub: TerminalHub; attachment: Attachment }): void;
}

export class ClassWindow {
  readonly #options: ClassWindowOptions;
  readonly #watcher: Watcher;
  #trainee: TraineeWindow | null = null;
  /** While it looks at a trainee. */
  #onlookerId: string | null = null;
  #look: Look | null = null;
  #looks = 0;
  #closed = false;

  constructor(options: ClassWindowOptions) {
    this.#options = options;
    this.#watcher = { account: options.account, send: options.send };
  }

  async handle(message: ClassClientMessage): Promise<AnswerByType[ClassClientMessage['type']]> {
    const { live, account } = this.#options;
    switch (message.type) {
      case 'class.watch':
        return this.#watch(message.classId);
      case 'class.unwatch':
        live.unwatch(this.#watcher);
        return null;
      case 'class.openTrainee':
        return this.#openTrainee(message);
      case 'class.askToType':
        if (this.#onlookerId) live.onlookers.ask(this.#onlookerId, message.on);
        return null;
      case 'class.broadcast':
        return this.#broadcast(message);
      case 'class.enter':
        return this.#enter(message.labId);
      case 'class.hand':
        if (!this.#trainee) throw new ClassError('classNotFound');
        await live.setHand(account, this.#trainee.labId, message.up);
        return null;
      case 'class.read':
        await live.readMessages(account, message.messageIds);
        return null;
      case 'class.consent':
        live.consents.decide(account.id, message.consentId, message.answer);
        return null;
      case 'class.revoke':
        return this.#revoke(message.consentId);
      case 'class.attachBroadcast':
        return this.#attachBroadcast();
    }
  }

  get mayType(): boolean {
    return this.#onlookerId !== null && this.#options.live.onlookers.mayType(this.#onlookerId);
  }

  /** It looks at nobody else's lab any more. */
  stopLooking(): void {
    const { live } = this.#options;
    if (this.#onlookerId) live.onlookers.remove(this.#onlookerId);
    if (this.#look) live.looks.delete(this.#look);
    this.#onlookerId = null;
    this.#look = null;
  }

  close(): void {
    this.#closed = true;
    this.stopLooking();
    this.#options.live.unwatch(this.#watcher);
    if (this.#trainee) this.#options.live.trainees.leave(this.#trainee);
    this.#trainee = null;
  }

  async #watch(classId: string) {
    const { live } = this.#options;
    live.unwatch(this.#watcher);
    const answer = await live.watch(this.#watcher, classId);
    // The window may have gone while the class was read.
    if (this.#closed) live.unwatch(this.#watcher);
    return answer;
  }

  async #openTrainee({ classId, accountId, labId }: Message<'class.openTrainee'>) {
    const { live, account } = this.#options;
    const { audit } = live.options;
    const { session, member } = await traineeSession(live.options, account, { classId, accountId, labId });
    await audit.record({
      actor: account,
      action: 'trainee.watch',
      subject: member,
      classId,
      detail: { labId },
    });
    // The window may have gone meanwhile.
    if (!this.#closed) this.#lookAt(session, { classId, member });
    const { environment } = session;
    return { environment: environment.state, terminals: environment.terminals(), lab: session.state() };
  }

  #lookAt(session: LabSession, { classId, member }: { classId: string; member: AccountRow }): void {
    const { live, account, pageId, send } = this.#options;
    const labId = session.lab.id;
    this.#options.lookAt(session);
    this.#looks += 1;
    const id = `${pageId}-${this.#looks}`;
    const subject = { what: 'terminal', did: 'type', name: '' } as const;
    const of = { actor: account, trainee: member, classId, labId, subject };
    this.#onlookerId = id;
    this.#look = {
      classId,
      check: async () => {
        const may = await traineeSession(live.options, account, {
          classId,
          accountId: member.id,
          labId,
        }).catch(() => null);
        if (may) return;
        live.consents.forget(account.id, member.id);
        if (this.#onlookerId !== id) return;
        this.#options.stopLooking();
        send({ type: 'class.closed', classId });
      },
    };
    live.looks.add(this.#look);
    live.onlookers.add({
      id,
      staff: account,
      accountId: member.id,
      labId,
      since: live.options.now(),
      onTyping: (typing) => send({ type: 'class.typing', typing }),
      onOutcome: (outcome) => {
        const logged = outcome === 'asked' ? logQuestion(live, of) : logOutcome(live, of, outcome);
        logged.catch(live.options.onError);
      },
    });
  }

  async #revoke(consentId: string): Promise<null> {
    const { live, account } = this.#options;
    const taken = live.consents.revoke(account.id, consentId);
    if (taken === null) return null;
    const { staff, labId, subject } = taken;
    await live.options.audit.record({
      ...{ actor: account, action: 'trainee.revoke', subject: staff, detail: { labId, ...subject } },
      classId: (await live.options.states.classesOf(account.id, labId))[0],
    });
    return null;
  }

  async #broadcast({ classId, terminalId, takeOver }: Message<'class.broadcast'>): Promise<null> {
    const { live, account, ownSession } = this.#options;
    const { store, audit } = live.options;
    await requireStaff(store, account, classId);
    const session = ownSession();
    if (terminalId === null) {
      live.broadcasts.end(classId);
      await audit.record({ actor: account, action: 'class.endBroadcast', classId });
      return null;
    }
    if (!session) throw new ClassError('environmentNotReady');
    live.broadcasts.show(classId, account, { session, terminalId, takeOver: takeOver ?? false });
    await audit.record({ actor: account, action: 'class.broadcast', classId });
    return null;
  }

  async #enter(labId: string) {
    const { live, account, send } = this.#options;
    if (this.#trainee) live.trainees.leave(this.#trainee);
    this.#trainee = { account, labId, send };
    const window = this.#trainee;
    const state = await live.trainees.enter(window);
    if (this.#closed) live.trainees.leave(window);
    return state;
  }

  async #attachBroadcast() {
    const { live, account, pageId, send } = this.#options;
    const classIds = this.#trainee
      ? await live.options.states.classesOf(account.id, this.#trainee.labId)
      : [];
    const shown = live.broadcasts.attach(classIds, {
      id: `${pageId}-broadcast`,
      send: (output) => send(broadcastOutput(output)),
    });
    if (!shown) throw new ClassError('terminalNotFound');
    this.#options.attachBroadcast(shown);
    const { start, terminal } = shown.attachment;
    return {
      terminal: {
        id: BROADCAST_TERMINAL,
        number: 1,
        title: '',
        cols: terminal.cols,
        rows: terminal.rows,
        state: 'running' as const,
      },
      start,
      inputSequence: 0,
    };
  }
}

function broadcastOutput(output: TerminalOutput): ServerMessage {
  const terminalId = BROADCAST_TERMINAL;
  switch (output.kind) {
    case 'data':
      return { type: 'terminal.output', terminalId, offset: output.offset, data: output.data };
    case 'resized':
      return { type: 'terminal.size', terminalId, cols: output.cols, rows: output.rows };
    case 'snapshot':
      return { type: 'terminal.snapshot', terminalId, snapshot: output.snapshot satisfies TerminalSnapshot };
    case 'ended':
      return { type: 'terminal.ended', terminalId, exitCode: output.exitCode };
  }
}
