/**
 * One line that says how far `labs test` is: written over itself on a terminal; elsewhere a line now and then, so that
 * a log shows that it goes on. The owner ends it.
 */

export interface ProgressPort {
  /** Whether a line can be written over. */
  readonly rewrites: boolean;
  readonly columns: () => number;
  readonly write: (text: string) => void;
  readonly nowMs: () => number;
}

const LINE_EVERY_MS = 10_000;

export class Progress {
  readonly #port: ProgressPort;
  readonly #name: string;
  readonly #total: number;
  readonly #now = new Map<string, string>();
  readonly #began: number;
  #done = 0;
  #written: number;
  #shown = false;

  constructor(port: ProgressPort, { name, total }: { name: string; total: number }) {
    this.#port = port;
    this.#name = name;
    this.#total = total;
    this.#began = port.nowMs();
    this.#written = this.#began;
  }

  /** The next of all the parts has begun; `who` is the seed. */
  part(who: string, text: string): void {
    if (this.#now.has(who)) this.#done++;
    this.#now.set(who, text);
    this.#show();
  }

  ended(who: string): void {
    if (this.#now.delete(who)) this.#done++;
  }

  /** Before anything else is printed. */
  clear(): void {
    if (this.#shown) this.#port.write('\r\u001b[K');
    this.#shown = false;
  }

  #show(): void {
    const now = this.#port.nowMs();
    if (this.#port.rewrites) {
      this.#port.write(`\r\u001b[K${this.#line(now).slice(0, Math.max(20, this.#port.columns() - 1))}`);
      this.#shown = true;
    } else if (now - this.#written >= LINE_EVERY_MS) {
      this.#written = now;
      this.#port.write(`${this.#line(now)}\n`);
    }
  }

  #line(now: number): string {
    const percent = Math.min(99, Math.floor((this.#done / Math.max(1, this.#total)) * 100));
    const seconds = Math.round((now - this.#began) / 1000);
    const seeds = [...this.#now].map(([who, text]) => `seed ${who} ${text}`);
    return [`${this.#name} ${percent} %, ${seconds} s`, ...seeds].join(' | ');
  }
}
