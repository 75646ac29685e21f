/**
 * Which of the staff look at which trainee's lab, and who of them types there: one at a time, and by consent.
 *
 *   no ──asks──▶ asked ──trainee allows──▶ granted
 *   asked, granted ──trainee refuses, says nothing or ends it, onlooker gives up or goes──▶ no
 */
import type { Onlooker, TypingAnswer } from '../../contract/main.ts';
import type { AccountRow } from '../../store/schema.ts';
import { ClassError } from '../class-error.ts';
import type { Asked, Consents, Outcome } from './consents.ts';

export interface OnlookerOptions {
  readonly id: string;
  readonly staff: AccountRow;
  readonly accountId: string;
  readonly labId: string;
  readonly since: number;
  /** What came of it; `no`: it ended. */
  onTyping(typing: TypingAnswer): void;
  /** To be written down; `asked`: it was asked for. */
  onOutcome(outcome: Outcome | 'asked'): void;
}

interface Known {
  readonly options: OnlookerOptions;
  typing: Onlooker['typing'];
  asked: Asked | null;
}

export class Onlookers {
  readonly #known = new Map<string, Known>();
  readonly #consents: Consents;
  readonly #onChange: (accountId: string) => void;

  constructor(consents: Consents, onChange: (accountId: string) => void) {
    this.#consents = consents;
    this.#onChange = onChange;
  }

  add(options: OnlookerOptions): void {
    this.#known.set(options.id, { options, typing: 'no', asked: null });
    this.#onChange(options.accountId);
  }

  remove(id: string): void {
    const known = this.#known.get(id);
    if (!this.#known.delete(id) || !known) return;
    known.asked?.end();
    this.#onChange(known.options.accountId);
  }

  of(accountId: string, labId: string): Onlooker[] {
    return this.at(accountId)
      .filter((one) => one.labId === labId)
      .map(({ labId: _, ...onlooker }) => onlooker);
  }

  at(accountId: string): (Onlooker & { readonly labId: string })[] {
    return [...this.#known.values()]
      .filter(({ options }) => options.accountId === accountId)
      .map(({ options: { id, staff, since, labId }, typing }) => ({
        ...{ id, name: staff.display_name, typing, since, labId },
      }));
  }

  mayType(id: string): boolean {
    const known = this.#known.get(id);
    if (known?.typing !== 'granted') return false;
    known.asked?.use();
    return true;
  }

  /** By the onlooker. Throws a ClassError when another one types there, or has asked to. */
  ask(id: string, on: boolean): void {
    const known = this.#known.get(id);
    if (!known || on === (known.typing !== 'no')) return;
    if (!on) this.#stop(known);
    else this.#askFor(known);
  }

  #askFor(known: Known): void {
    const { staff, accountId, labId } = known.options;
    const other = this.of(accountId, labId).find(({ typing }) => typing !== 'no');
    if (other) throw ClassError.busy({ by: other.name, doing: 'type' });
    const subject = { what: 'terminal', did: 'type', name: '' } as const;
    const asked = this.#consents.ask({
      ...{ staff, accountId, labId, subject },
      onEnd: () => known.asked === asked && this.#stop(known),
    });
    known.asked = asked;
    this.#set(known, 'asked');
    if (asked.isQuestion) known.options.onOutcome('asked');
    void asked.outcome.then((outcome) => this.#settle(known, asked, outcome));
  }

  #settle(known: Known, asked: Asked, outcome: Outcome): void {
    if (known.asked !== asked) return;
    if (asked.isQuestion) known.options.onOutcome(outcome);
    const isGranted = outcome === 'once' || outcome === 'session';
    if (!isGranted) known.asked = null;
    this.#set(known, isGranted ? 'granted' : 'no');
    if (!isGranted && outcome !== 'withdrawn') known.options.onTyping(outcome);
  }

  #stop(known: Known): void {
    const { asked } = known;
    known.asked = null;
    asked?.end();
    this.#set(known, 'no');
  }

  #set(known: Known, typing: Onlooker['typing']): void {
    known.typing = typing;
    known.options.onTyping(typing);
    this.#onChange(known.options.accountId);
  }
}
