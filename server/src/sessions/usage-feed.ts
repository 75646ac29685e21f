/** What a lab's environment uses, told to its windows while there are any. */
import type { Usage } from '../contract/main.ts';

const EVERY_MS = 15_000;

export class UsageFeed {
  readonly #read: () => Promise<Usage | null>;
  readonly #send: (usage: Usage) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(read: () => Promise<Usage | null>, send: (usage: Usage) => void) {
    this.#read = read;
    this.#send = send;
  }

  /** Tells it at once, then again and again; off: no longer. */
  watch(on: boolean): void {
    clearInterval(this.#timer);
    if (!on) return;
    this.#timer = setInterval(() => void this.#tell(), EVERY_MS);
    this.#timer.unref();
    void this.#tell();
  }

  async #tell(): Promise<void> {
    try {
      const usage = await this.#read();
      if (usage) this.#send(usage);
    } catch {
      // The cell is on its way out; its state says so.
    }
  }
}
