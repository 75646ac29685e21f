/** The node's clock and timers. Every timer of a node is here, so that stopping or pausing it reaches them all. */
import type { Clock, Timer, Timers } from '../../handlers/services.ts';

const startedAtMs = Date.now() - performance.now();

/**
 * Wall time that never goes back: the machine's clock when this process started, plus what has passed since. Raft's
 * deadlines and stored timestamps use the same one.
 */
export function steadyNow(): number {
  return Math.floor(startedAtMs + performance.now());
}

export const steadyClock: Clock = { now: steadyNow, monotonic: () => performance.now() };

interface Entry {
  handle: NodeJS.Timeout | null;
  readonly callback: () => void;
}

export class NodeTimers implements Timers {
  readonly #entries = new Set<Entry>();
  /** Those that came due while the node was paused. */
  readonly #overdue: Entry[] = [];
  #paused = false;
  #stopped = false;
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  after(delayMs: number, callback: () => void): Timer {
    const entry: Entry = { handle: null, callback };
    if (this.#stopped) return { cancel: () => undefined };
    this.#entries.add(entry);
    entry.handle = setTimeout(() => this.#due(entry), Math.min(Math.max(delayMs, 0), 2 ** 31 - 1));
    return { cancel: () => this.#drop(entry) };
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    for (const entry of this.#overdue.splice(0)) this.#due(entry);
  }

  stop(): void {
    this.#stopped = true;
    for (const entry of [...this.#entries]) this.#drop(entry);
  }

  #due(entry: Entry): void {
    if (!this.#entries.has(entry)) return;
    if (this.#paused) {
      this.#overdue.push(entry);
      return;
    }
    this.#entries.delete(entry);
    try {
      entry.callback();
    } catch (error) {
      this.#onError(error);
    }
  }

  #drop(entry: Entry): void {
    if (entry.handle !== null) clearTimeout(entry.handle);
    this.#entries.delete(entry);
  }
}
