/** An action done again and again, never twice at once; a failure is told and the next time waited for. */

export interface RepeatingOptions {
  readonly everyMs: number;
  /** False: the first time after one interval. */
  readonly atOnce: boolean;
  readonly onError: (error: unknown) => void;
}

export class Repeating {
  readonly #action: () => Promise<void>;
  readonly #options: RepeatingOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(action: () => Promise<void>, options: RepeatingOptions) {
    this.#action = action;
    this.#options = options;
    if (options.atOnce) this.now();
    else this.#schedule();
  }

  /** Does it now, or once more when it is being done already. */
  now(): void {
    if (this.#closed) return;
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#running = this.#action()
      .catch((error: unknown) => {
        if (!this.#closed) this.#options.onError(error);
      })
      .finally(() => {
        this.#running = null;
        if (this.#again) {
          this.#again = false;
          this.now();
        } else this.#schedule();
      });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.now(), this.#options.everyMs);
  }
}
