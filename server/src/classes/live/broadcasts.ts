/**
 * A terminal of the staff on everybody's screen: one a class. Trainees' windows attach to it read-only. It ends when whoever
 * shows it ends it, when the terminal is gone, or when another of the staff takes over.
 */
import type { LabSession } from '../../sessions/lab-session.ts';
import type { AccountRow } from '../../store/schema.ts';
import type { Attachment, TerminalHub, TerminalViewer } from '../../terminals/hub.ts';
import { ClassError } from '../class-error.ts';
import type { ClassStates } from './class-states.ts';

export interface BroadcastsOptions {
  readonly states: ClassStates;
  readonly now: () => number;
  readonly onChange: (classId: string) => void;
}

interface Shown {
  readonly account: AccountRow;
  readonly session: LabSession;
  readonly hub: TerminalHub;
  readonly terminalId: string;
  readonly unsubscribe: () => void;
}

export class Broadcasts {
  readonly #options: BroadcastsOptions;
  readonly #shown = new Map<string, Shown>();

  constructor(options: BroadcastsOptions) {
    this.#options = options;
  }

  show(
    classId: string,
    account: AccountRow,
    wanted: { session: LabSession; terminalId: string; takeOver: boolean },
  ): void {
    const known = this.#shown.get(classId);
    if (known && known.account.id !== account.id && !wanted.takeOver) throw new ClassError('broadcastTaken');
    const { hub } = wanted.session.environment;
    const { terminalId } = wanted;
    if (!hub?.list().some(({ id }) => id === terminalId)) throw new ClassError('terminalNotFound');
    known?.unsubscribe();
    const unsubscribe = hub.onChange((terminals) => {
      const living = terminals.some(({ id, state }) => id === terminalId && state !== 'ended');
      if (!living) this.end(classId);
    });
    this.#shown.set(classId, { account, session: wanted.session, hub, terminalId, unsubscribe });
    const { states, now, onChange } = this.#options;
    states.setBroadcast(classId, { by: account.display_name, byId: account.id, at: now() });
    onChange(classId);
  }

  end(classId: string): void {
    this.#shown.get(classId)?.unsubscribe();
    if (!this.#shown.delete(classId)) return;
    this.#options.states.setBroadcast(classId, null);
    this.#options.onChange(classId);
  }

  /** Of the first of these classes that shows one. */
  attach(
    classIds: readonly string[],
    viewer: TerminalViewer,
  ): { hub: TerminalHub; attachment: Attachment } | null {
    for (const classId of classIds) {
      const shown = this.#shown.get(classId);
      if (!shown || shown.session.environment.hub !== shown.hub) continue;
      const attachment = shown.hub.attach(viewer, { terminalId: shown.terminalId });
      if (attachment) return { hub: shown.hub, attachment };
    }
    return null;
  }
}
