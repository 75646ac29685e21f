/** The node's clock and timers. Every timer of a node is here, so that stopping or pausing it reaches them all. */
import type { Clock, Timer, Timers } from '../../handlers/services.ts';
import type { VirtualClock } from './virtual-clock.ts';

const startedAtMs = Date.now() - performance.now();

/**
 * Wall time that never goes back: the machine's clock when this process started, plus what has passed since. Raft's
 * deadlines and stored timestamps use the same one.
 */
export function steadyNow(): number {
  return Math.floor(startedAtMs + performance.now());
}

export const steadyClock: Clock = { now: steadyNow, monotonic: () => performance.now() };

/** The longest setTimeout can wait; longer timers are set again then. */
const waitMsMax = 2 ** 31 - 1;

interface Entry {
  handle: NodeJS.Timeout | null;
  /** By the clock's monotonic time. */
  readonly dueMs: number;
  readonly callback: () => void;
}

export class NodeTimers implements Timers {
  readonly #entries = new Set<Entry>();
  /** Those that came due while the node was paused. */
  readonly #overdue: Entry[] = [];
  readonly #onError: (error: unknown) => void;
  readonly #clock: Clock;
  readonly #detach: () => void;
  #paused = false;
  #stopped = false;

  /** With a virtual clock, what comes due when that is moved is run by it. */
  constructor(onError: (error: unknown) => void, clock: VirtualClock | null = null) {
    this.#onError = onError;
    this.#clock = clock ?? steadyClock;
    this.#detach = clock?.attach(this) ?? (() => undefined);
  }

  after(delayMs: number, callback: () => void): Timer {
    if (this.#stopped) return { cancel: () => undefined };
    const waitMs = Math.max(delayMs, 0);
    const entry: Entry = { handle: null, dueMs: this.#clock.monotonic() + waitMs, callback };
    this.#entries.add(entry);
    this.#arm(entry, waitMs);
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
    this.#detach();
    for (const entry of [...this.#entries]) this.#drop(entry);
  }

  /** What is due now, for a clock that was moved. */
  dueNow(): { readonly dueMs: number; readonly run: () => void }[] {
    const nowMs = this.#clock.monotonic();
    const due = [...this.#entries].filter((entry) => entry.dueMs <= nowMs && !this.#overdue.includes(entry));
    return due.map((entry) => ({ dueMs: entry.dueMs, run: () => this.#due(entry) }));
  }

  /** The clock was moved: what is left comes sooner. */
  rearm(): void {
    const nowMs = this.#clock.monotonic();
    for (const entry of this.#entries) {
      if (entry.handle === null) continue;
      clearTimeout(entry.handle);
      this.#arm(entry, Math.max(0, entry.dueMs - nowMs));
    }
  }

  #arm(entry: Entry, waitMs: number): void {
    if (waitMs <= waitMsMax) {
      entry.handle = setTimeout(() => this.#due(entry), waitMs);
      return;
    }
    const later = () => this.#arm(entry, Math.max(0, entry.dueMs - this.#clock.monotonic()));
    entry.handle = setTimeout(later, waitMsMax);
  }

  #due(entry: Entry): void {
    if (!this.#entries.has(entry)) return;
    if (entry.handle !== null) clearTimeout(entry.handle);
    entry.handle = null;
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
