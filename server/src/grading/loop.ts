/**
 * When to look at a cluster: at once when something changed; once more when something changed during the look; now and then
 * while somebody watches, for what changes without a tick; never otherwise. One look at a time.
 */
export interface LoopOptions {
  readonly look: () => Promise<void>;
  /** Between two looks, so that a stream of changes costs a bounded share of the processor. */
  readonly pauseMs: number;
  readonly pollMs: number;
  readonly onError: (error: unknown) => void;
}

export class Loop {
  #options: LoopOptions;
  #state: 'idle' | 'waiting' | 'looking' | 'stopped' = 'idle';
  #again = false;
  #watched = false;
  #lastEnd = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  /** Something changed. */
  wake(): void {
    if (this.#state === 'looking') this.#again = true;
    if (this.#state !== 'idle') return;
    const waitMs = Math.max(0, this.#lastEnd + this.#options.pauseMs - performance.now());
    if (waitMs === 0) {
      this.#run();
      return;
    }
    this.#state = 'waiting';
    this.#timer = setTimeout(() => this.#run(), waitMs);
  }

  /** Resolves when a look that began after this call has ended. */
  async lookNow(): Promise<void> {
    if (this.#state === 'looking') await this.#looking;
    this.wake();
    if (this.#state === 'waiting') {
      clearTimeout(this.#timer);
      this.#run();
    }
    await this.#looking;
  }

  watch(on: boolean): void {
    if (this.#watched === on) return;
    this.#watched = on;
    this.#schedulePoll();
  }

  /** Resolves when the look under way has ended; no other begins. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
    clearTimeout(this.#poll);
    await this.#looking;
  }

  #run(): void {
    this.#state = 'looking';
    this.#looking = this.#lookOnce();
  }

  async #lookOnce(): Promise<void> {
    try {
      await this.#options.look();
    } catch (error) {
      this.#options.onError(error);
    }
    this.#lastEnd = performance.now();
    if (this.#state === 'stopped') return;
    this.#state = 'idle';
    this.#schedulePoll();
    if (this.#again) {
      this.#again = false;
      this.wake();
    }
  }

  #schedulePoll(): void {
    clearTimeout(this.#poll);
    if (!this.#watched || this.#state === 'stopped') return;
    this.#poll = setTimeout(() => this.wake(), this.#options.pollMs);
    this.#poll.unref();
  }
}
