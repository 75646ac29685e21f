/**
 * Which of the staff look at which trainee's lab, and who of them may type there.
 *
 *   no ──asks──▶ asked ──trainee allows──▶ granted
 *   asked, granted ──trainee refuses or ends it, onlooker gives up, the trainee's last window goes──▶ no
 *
 * Nothing of it outlives the onlooker's connection or the server: consent is asked for anew.
 */
import type { Onlooker } from '../../contract/main.ts';

type Typing = Onlooker['typing'];

export interface OnlookerOptions {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  readonly labId: string;
  readonly since: number;
  /** What the trainee said; `refused` is told once. */
  onTyping(typing: Typing | 'refused'): void;
}

interface Known {
  readonly options: OnlookerOptions;
  typing: Typing;
}

export class Onlookers {
  readonly #known = new Map<string, Known>();
  readonly #onChange: (accountId: string) => void;

  constructor(onChange: (accountId: string) => void) {
    this.#onChange = onChange;
  }

  add(options: OnlookerOptions): void {
    this.#known.set(options.id, { options, typing: 'no' });
    this.#onChange(options.accountId);
  }

  remove(id: string): void {
    const known = this.#known.get(id);
    if (!this.#known.delete(id) || !known) return;
    this.#onChange(known.options.accountId);
  }

  of(accountId: string, labId: string): Onlooker[] {
    return [...this.#known.values()]
      .filter(({ options }) => options.accountId === accountId && options.labId === labId)
      .map(({ options, typing }) => ({ id: options.id, name: options.name, typing, since: options.since }));
  }

  mayType(id: string): boolean {
    return this.#known.get(id)?.typing === 'granted';
  }

  /** By the onlooker. */
  ask(id: string, on: boolean): void {
    const known = this.#known.get(id);
    if (!known || (on && known.typing !== 'no')) return;
    this.#set(known, on ? 'asked' : 'no');
  }

  /** By the trainee whose lab it is, and nobody else. Only what was asked for can be granted. */
  decide(accountId: string, id: string, granted: boolean): void {
    const known = this.#known.get(id);
    if (!known || known.options.accountId !== accountId) return;
    if (granted && known.typing !== 'asked') return;
    const refused = !granted && known.typing === 'asked';
    this.#set(known, granted ? 'granted' : 'no');
    if (refused) known.options.onTyping('refused');
  }

  /** The trainee sees no banner any more: nobody types unseen. */
  withdrawAll(accountId: string, labId: string): void {
    for (const known of this.#known.values()) {
      const { options } = known;
      if (options.accountId === accountId && options.labId === labId && known.typing === 'granted')
        this.#set(known, 'no');
    }
  }

  #set(known: Known, typing: Typing): void {
    known.typing = typing;
    known.options.onTyping(typing);
    this.#onChange(known.options.accountId);
  }
}
