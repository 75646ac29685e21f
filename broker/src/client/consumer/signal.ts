/** Wakes one who waits; a wake-up that comes before the wait is not lost. */
export class Signal {
  #raised = false;
  #resume: (() => void) | null = null;

  raise(): void {
    this.#raised = true;
    this.#resume?.();
  }

  /** Resolves when raised, at the latest after `limitMs`. */
  async wait(limitMs: number): Promise<void> {
    if (!this.#raised && limitMs > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
        // Longer than a timer can be: for ever, or until raised.
        if (limitMs <= 0x7fffffff) timer = setTimeout(resolve, limitMs);
        else timer = setTimeout(resolve, 0x7fffffff);
      });
      clearTimeout(timer);
      this.#resume = null;
    }
    this.#raised = false;
  }
}
