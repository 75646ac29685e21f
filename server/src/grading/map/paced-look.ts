/**
 * A look that is taken at once when asked for, and again when asked for meanwhile, one at a time; asked for without end, it
 * is taken `burst` times at once and then every `everyMs`. Costs nothing while nobody asks.
 */
export interface PacedLookOptions {
  readonly look: () => Promise<void>;
  readonly burst: number;
  /** Asked anew each time: the more maps are open, the slower each. */
  readonly everyMs: () => number;
  readonly onError: (error: unknown) => void;
}

export class PacedLook {
  readonly #options: PacedLookOptions;
  #state: 'idle' | 'waiting' | 'looking' | 'stopped' = 'idle';
  #again = false;
  #tokens: number;
  #refilledAtMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: PacedLookOptions) {
    this.#options = options;
    this.#tokens = options.burst;
  }

  wake(): void {
    if (this.#state === 'looking') this.#again = true;
    if (this.#state !== 'idle') return;
    const everyMs = this.#options.everyMs();
    const now = performance.now();
    this.#tokens = Math.min(this.#options.burst, this.#tokens + (now - this.#refilledAtMs) / everyMs);
    this.#refilledAtMs = now;
    if (this.#tokens >= 1) {
      this.#run();
      return;
    }
    this.#state = 'waiting';
    this.#timer = setTimeout(() => this.#run(), (1 - this.#tokens) * everyMs);
    this.#timer.unref();
  }

  /** Resolves when the look under way has ended; no other begins. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #run(): void {
    if (this.#state === 'waiting') {
      // What was waited for is spent at once.
      this.#tokens = 1;
      this.#refilledAtMs = performance.now();
    }
    this.#tokens -= 1;
    this.#state = 'looking';
    this.#looking = this.#lookOnce();
  }

  async #lookOnce(): Promise<void> {
    try {
      await this.#options.look();
    } catch (error) {
      this.#options.onError(error);
    }
    if (this.#state === 'stopped') return;
    this.#state = 'idle';
    if (!this.#again) return;
    this.#again = false;
    this.wake();
  }
}
