/**
 * One window of the page: the lab it has open and the terminals it shows. What arrives in order is handled in order; a
 * window that goes takes its subscriptions with it.
 */
import { BROADCAST_TERMINAL, type ClassClientMessage, ClassWindow } from '../classes/live/class-window.ts';
import type { LiveClasses } from '../classes/live/live-classes.ts';
import type {
  AnswerByType,
  AttachAnswer,
  ClientMessage,
  ClientMessageType,
  ServerMessage,
  TerminalInfo,
  WireExchange,
} from '../contract/main.ts';
import { HttpError } from '../http/http-error.ts';
import { CellError } from '../sandbox/main.ts';
import type { Viewer } from '../sessions/lab-events.ts';
import type { LabSession } from '../sessions/lab-session.ts';
import type { LabSessions } from '../sessions/lab-sessions.ts';
import type { AccountRow } from '../store/schema.ts';
import type { Attachment, TerminalHub, TerminalOutput } from '../terminals/hub.ts';

export interface PageWindowOptions {
  readonly account: AccountRow;
  readonly pageId: string;
  readonly labSessions: LabSessions;
  readonly live: LiveClasses;
  readonly send: (message: ServerMessage) => void;
}

type Message<T extends ClientMessageType> = Extract<ClientMessage, { type: T }>;

export class PageWindow {
  readonly #options: PageWindowOptions;
  readonly #viewer: Viewer;
  readonly #attachments = new Map<string, { hub: TerminalHub; attachment: Attachment }>();
  readonly #class: ClassWindow;
  #session: LabSession | null = null;
  /** The open lab is somebody else's: looked at by their instructor. */
  #looking = false;
  #closed = false;

  constructor(options: PageWindowOptions) {
    this.#options = options;
    this.#viewer = { id: options.pageId, send: options.send };
    const { account, pageId, live, send } = options;
    this.#class = new ClassWindow({
      account,
      pageId,
      live,
      send,
      ownSession: () => (this.#looking ? null : this.#session),
      lookAt: (session) => this.#lookAt(session),
      stopLooking: () => void this.#leave(),
      attachBroadcast: (shown) => this.#keep(BROADCAST_TERMINAL, shown),
    });
  }

  async handle(message: ClientMessage): Promise<AnswerByType[ClientMessageType]> {
    switch (message.type) {
      case 'lab.open':
        return this.#open(message);
      case 'lab.leave':
        return this.#leave();
      case 'lab.check':
        return this.#lab()
          .lookNow()
          .then(() => null);
      case 'map.watch':
        this.#lab().map.watch(this.#viewer, message.on);
        return null;
      case 'map.history':
        return this.#lab().map.history();
      case 'wire.watch':
        await this.#lab().wire.watch(this.#viewer, message.filter, { looksOn: this.#looking });
        return null;
      case 'wire.read':
        return this.#readExchange(message.id);
      case 'terminal.open':
        return this.#openTerminal(message);
      case 'terminal.attach':
        return this.#attach(message);
      case 'terminal.detach':
        return this.#detach(message.terminalId);
      case 'terminal.input': {
        this.#requireInput(message.terminalId);
        const attachment = this.#attachment(message.terminalId);
        attachment.input(message.sequence, Buffer.from(message.data));
        return { sequence: message.sequence };
      }
      case 'terminal.ack':
        this.#attachment(message.terminalId).acknowledge(message.offset);
        return null;
      case 'terminal.resize':
        // Who looks on takes the size of whoever works there.
        if (!this.#looking && message.terminalId !== BROADCAST_TERMINAL)
          this.#attachment(message.terminalId).resize(message.cols, message.rows);
        return null;
      case 'terminal.close':
        this.#requireOwn();
        this.#hub().close(message.terminalId);
        return null;
      case 'terminal.rename':
        this.#requireOwn();
        this.#lab().environment.renameTerminal(message.terminalId, message.title);
        return null;
      default:
        return this.#class.handle(message satisfies ClassClientMessage);
    }
  }

  close(): void {
    this.#closed = true;
    this.#leave();
    this.#class.close();
  }

  async #open({ labId, language }: Message<'lab.open'>): Promise<AnswerByType['lab.open']> {
    const session = await this.#options.labSessions.open(this.#options.account, labId, language);
    if (this.#session !== session || this.#looking) this.#leave();
    // The window may have gone while the session was loaded.
    if (!this.#closed) {
      this.#session = session;
      session.attach(this.#viewer);
    }
    const { environment } = session;
    return { environment: environment.state, terminals: environment.terminals(), lab: session.state() };
  }

  #lookAt(session: LabSession): void {
    this.#leave();
    this.#session = session;
    this.#looking = true;
    session.attach(this.#viewer, { onlooker: true });
  }

  #leave(): null {
    this.#class.stopLooking();
    this.#looking = false;
    for (const { attachment } of this.#attachments.values()) attachment.detach();
    this.#attachments.clear();
    this.#session?.leave(this.#viewer);
    this.#session = null;
    return null;
  }

  async #openTerminal({ cols, rows }: Message<'terminal.open'>): Promise<{ terminal: TerminalInfo }> {
    this.#requireOwn();
    const terminal = await this.#lab().environment.openTerminal({ cols, rows });
    if (terminal === 'notReady') throw new HttpError('environmentNotReady');
    if (terminal === 'tooMany') throw new HttpError('tooManyTerminals');
    return { terminal };
  }

  #attach({ terminalId, from, cols, rows }: Message<'terminal.attach'>): AttachAnswer {
    const hub = this.#hub();
    this.#detach(terminalId);
    const attachment = hub.attach(
      { id: this.#options.pageId, send: (output) => this.#sendOutput(output) },
      { terminalId, ...(from === null ? {} : { fromOffset: from }) },
    );
    if (!attachment) throw new HttpError('terminalNotFound');
    this.#attachments.set(terminalId, { hub, attachment });
    if (!this.#looking) attachment.resize(cols, rows);
    const terminal = this.#lab()
      .environment.terminals()
      .find((one) => one.id === terminalId);
    if (!terminal) throw new HttpError('terminalNotFound');
    return { terminal, start: attachment.start, inputSequence: attachment.inputSequence };
  }

  async #readExchange(id: number): Promise<WireExchange> {
    try {
      const exchange = await this.#lab().wire.read(id);
      if (exchange !== null) return exchange;
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
    }
    throw new HttpError('exchangeGone');
  }

  #detach(terminalId: string): null {
    this.#attachments.get(terminalId)?.attachment.detach();
    this.#attachments.delete(terminalId);
    return null;
  }

  #keep(terminalId: string, shown: { hub: TerminalHub; attachment: Attachment }): void {
    this.#detach(terminalId);
    this.#attachments.set(terminalId, shown);
  }

  /** Changes nothing of somebody else's. */
  #requireOwn(): void {
    if (this.#looking) throw new HttpError('readOnly');
    if (this.#session?.paused) throw new HttpError('classPaused');
  }

  #requireInput(terminalId: string): void {
    if (terminalId === BROADCAST_TERMINAL) throw new HttpError('readOnly');
    if (this.#looking && !this.#class.mayType) throw new HttpError('readOnly');
    if (!this.#looking && this.#session?.paused) throw new HttpError('classPaused');
    this.#session?.noteActive();
  }

  #sendOutput(output: TerminalOutput): void {
    this.#options.send(messageOf(output));
  }

  #lab(): LabSession {
    if (!this.#session) throw new HttpError('environmentNotReady');
    return this.#session;
  }

  #hub(): TerminalHub {
    const { hub } = this.#lab().environment;
    if (!hub) throw new HttpError('environmentNotReady');
    return hub;
  }

  #attachment(terminalId: string): Attachment {
    const known = this.#attachments.get(terminalId);
    // After a restart of the environment a terminal of the same name is another one.
    if (known && terminalId === BROADCAST_TERMINAL) return known.attachment;
    if (!known || known.hub !== this.#session?.environment.hub) throw new HttpError('terminalNotFound');
    return known.attachment;
  }
}

function messageOf(output: TerminalOutput): ServerMessage {
  const { terminalId } = output;
  switch (output.kind) {
    case 'data':
      return { type: 'terminal.output', terminalId, offset: output.offset, data: output.data };
    case 'resized':
      return { type: 'terminal.size', terminalId, cols: output.cols, rows: output.rows };
    case 'snapshot':
      return { type: 'terminal.snapshot', terminalId, snapshot: output.snapshot };
    case 'ended':
      return { type: 'terminal.ended', terminalId, exitCode: output.exitCode };
  }
}
