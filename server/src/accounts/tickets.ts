/** What a browser takes along when it is sent to another site, to show on coming back that it began what it now ends. */
import { randomBytes } from 'node:crypto';

const WAITING_MAX = 2_000;
const WAITING_MS_MAX = 10 * 60_000;

/** Each ticket is good once, and for ten minutes; when too many wait, the oldest go. */
export class Tickets<Value> {
  readonly #waiting = new Map<string, { readonly value: Value; readonly until: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(value: Value): string {
    const now = this.#now();
    for (const [ticket, { until }] of this.#waiting) {
      if (until < now || this.#waiting.size >= WAITING_MAX) this.#waiting.delete(ticket);
    }
    const ticket = randomBytes(24).toString('base64url');
    this.#waiting.set(ticket, { value, until: now + WAITING_MS_MAX });
    return ticket;
  }

  /** Undefined for one that is unknown, used or too old. */
  redeem(ticket: string): Value | undefined {
    const waiting = this.#waiting.get(ticket);
    this.#waiting.delete(ticket);
    return waiting !== undefined && waiting.until >= this.#now() ? waiting.value : undefined;
  }
}
