/**
 * What the staff may change in a trainee's lab, because the trainee said so. Each is for one of the staff, one lab and one kind
 * of thing (terminals, console, files).
 *
 *   asked ──once──▶ granted, until the asker is done ──▶ gone
 *   asked ──session──▶ granted, kept ──▶ gone
 *   asked ──refused, ASK_MS without an answer, the asker gives up──▶ gone
 *   asked, granted ──the trainee takes it back, their last window goes, IDLE_MS unused──▶ gone
 *
 * Nothing of it outlives the server: consent is asked for anew.
 */
import { randomUUID } from 'node:crypto';
import type { Consent, ConsentAnswer, ConsentSubject } from '../../contract/main.ts';
import type { AccountRow } from '../../store/schema.ts';

/** `away`: no window of theirs has the lab open, so nobody could answer. */
export type Outcome = ConsentAnswer | 'timeout' | 'withdrawn' | 'away' | 'tooMany';

export interface AskOptions {
  readonly staff: Pick<AccountRow, 'id' | 'name' | 'display_name'>;
  readonly accountId: string;
  readonly labId: string;
  readonly subject: ConsentSubject;
  /** It was granted, and is no more. */
  readonly onEnd?: () => void;
}

export interface Asked {
  readonly outcome: Promise<Outcome>;
  /** False: nobody was asked, for it was granted for the session before, or can't be asked now. */
  readonly isQuestion: boolean;
  /** It was made use of: it does not lapse yet. */
  use(): void;
  /** The asker needs it no more: an open question is withdrawn; what was granted once, ends. */
  end(): void;
}

export interface ConsentsOptions {
  readonly now: () => number;
  /** A window of theirs shows the lab, so that the question is seen. */
  readonly isThere: (accountId: string, labId: string) => boolean;
  readonly onChange: (accountId: string) => void;
}

interface Known {
  readonly options: AskOptions;
  readonly consent: Consent;
  /** Null: not answered yet. */
  scope: 'once' | 'session' | null;
  timer: NodeJS.Timeout;
  usedAt: number;
  /** Of those who make use of it now. */
  readonly endings: Set<() => void>;
  settle(outcome: Outcome): void;
}

/** Long enough to look up from what one types; short enough to wait for. */
const ASK_MS = 60_000;
const IDLE_MS = 30 * 60_000;
const ASKED_MAX = 4;

export class Consents {
  readonly #options: ConsentsOptions;
  readonly #known = new Map<string, Known>();

  constructor(options: ConsentsOptions) {
    this.#options = options;
  }

  ask(options: AskOptions): Asked {
    const { accountId, labId, staff, subject } = options;
    const others = this.#of(accountId, labId);
    const kept = others.find(
      ({ scope, options: { staff: who, subject: about } }) =>
        scope === 'session' && who.id === staff.id && about.what === subject.what,
    );
    if (kept) return this.#asked(kept, Promise.resolve('session'), options);
    if (!this.#options.isThere(accountId, labId)) return settled('away');
    if (others.filter(({ scope }) => scope === null).length >= ASKED_MAX) return settled('tooMany');
    const id = randomUUID();
    let settle = (_: Outcome): void => undefined;
    const outcome = new Promise<Outcome>((resolve) => {
      settle = resolve;
    });
    const until = this.#options.now() + ASK_MS;
    const known: Known = {
      ...{ options, settle, scope: null, usedAt: 0, endings: new Set() },
      consent: { id, by: staff.display_name, subject, state: 'asked', until },
      timer: setTimeout(() => this.#end(known, 'timeout'), ASK_MS),
    };
    this.#known.set(id, known);
    this.#options.onChange(accountId);
    return this.#asked(known, outcome, options);
  }

  /** By the trainee whose lab it is, and nobody else. */
  decide(accountId: string, id: string, answer: ConsentAnswer): void {
    const known = this.#known.get(id);
    if (known?.options.accountId !== accountId || known.scope !== null) return;
    if (answer === 'refused') {
      this.#end(known, 'refused');
      return;
    }
    known.scope = answer;
    known.usedAt = this.#options.now();
    this.#lapse(known, IDLE_MS);
    known.settle(answer);
    this.#options.onChange(accountId);
  }

  /** By the trainee: from now on, no more. Answers what was taken back. */
  revoke(accountId: string, id: string): AskOptions | null {
    const known = this.#known.get(id);
    if (known?.options.accountId !== accountId || known.scope === null) return null;
    this.#end(known, 'withdrawn');
    return known.options;
  }

  list(accountId: string, labId: string): Consent[] {
    return this.#of(accountId, labId).map(({ consent, scope }) =>
      scope === null ? consent : { ...consent, state: scope, until: null },
    );
  }

  /** The trainee sees no banner any more: nothing is changed unseen. */
  withdrawAll(accountId: string, labId: string): void {
    for (const known of this.#of(accountId, labId)) this.#end(known, 'away');
  }

  /** One of the staff may not see that trainee any more. */
  forget(staffId: string, accountId: string): void {
    for (const known of [...this.#known.values()])
      if (known.options.staff.id === staffId && known.options.accountId === accountId)
        this.#end(known, 'withdrawn');
  }

  close(): void {
    for (const known of [...this.#known.values()]) this.#end(known, 'withdrawn');
  }

  #asked(known: Known, outcome: Promise<Outcome>, { onEnd }: AskOptions): Asked {
    if (onEnd) known.endings.add(onEnd);
    const use = (): void => {
      known.usedAt = this.#options.now();
    };
    use();
    const end = (): void => {
      if (onEnd) known.endings.delete(onEnd);
      if (known.scope !== 'session') this.#end(known, 'withdrawn');
    };
    return { outcome, isQuestion: known.scope === null, use, end };
  }

  #of(accountId: string, labId: string): Known[] {
    return [...this.#known.values()].filter(
      ({ options }) => options.accountId === accountId && options.labId === labId,
    );
  }

  /** Ends it in so long, or later when it was used meanwhile. */
  #lapse(known: Known, ms: number): void {
    clearTimeout(known.timer);
    known.timer = setTimeout(() => {
      const left = known.usedAt + IDLE_MS - this.#options.now();
      if (left > 0) this.#lapse(known, left);
      else this.#end(known, 'timeout');
    }, ms);
    known.timer.unref();
  }

  #end(known: Known, outcome: Outcome): void {
    if (!this.#known.delete(known.consent.id)) return;
    clearTimeout(known.timer);
    if (known.scope === null) known.settle(outcome);
    else for (const tell of known.endings) tell();
    this.#options.onChange(known.options.accountId);
  }
}

function settled(outcome: Outcome): Asked {
  const nothing = (): void => undefined;
  return { outcome: Promise.resolve(outcome), isQuestion: false, use: nothing, end: nothing };
}
