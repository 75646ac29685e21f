/**
 * A clock that can be moved forward: what a broker does after hours or days happens at once. Between the moves it goes on
 * as the real one does.
 *
 * Moved: everything that is about records and clients' promises, that is retention, rolling, compaction, removal of
 * deleted files, timestamps the broker sets, producers' and offsets' expiry, sessions and rebalances of groups,
 * transactions. Not moved: what nodes need to know each other alive (Raft, heartbeats of brokers, replication, waits of
 * requests), for sockets have only the real time.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../handlers/services.ts';
import { ClusterError } from '../cluster-error.ts';
import { type NodeTimers, steadyNow } from './timers.ts';

/** `500ms`, `90s`, `10m`, `36h`, `7d`, `2w`; a number counts milliseconds. */
export type Duration = number | string;

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Long moves go in so many steps: what is due again and again is done at most so often. */
const stepsMax = 1_000;
/** Turns of the event loop that work which follows at once on what came due may take. */
const settlingTurnsMax = 200;

export class VirtualClock implements Clock {
  #aheadMs = 0;
  readonly #timers = new Set<NodeTimers>();
  #moving: Promise<unknown> = Promise.resolve();

  /** Milliseconds since 1970 as the brokers see them. */
  now = (): number => steadyNow() + this.#aheadMs;

  monotonic = (): number => performance.now() + this.#aheadMs;

  /**
   * Moves the time of every cluster that was started with this clock. Resolves when all that came due was done, in the
   * order of time; what that set going over the network goes on in real time. Rejects with ClusterError
   * `invalid-duration`.
   */
  async advance(by: Duration): Promise<void> {
    const byMs = durationMs(by);
    const moved = this.#moving.then(() => this.#move(byMs));
    this.#moving = moved;
    await moved;
  }

  /** For the node's timers; returns the way to leave. */
  attach(timers: NodeTimers): () => void {
    this.#timers.add(timers);
    return () => this.#timers.delete(timers);
  }

  async #move(byMs: number): Promise<void> {
    const steps = Math.max(1, Math.min(stepsMax, Math.ceil(byMs)));
    const targetMs = this.#aheadMs + byMs;
    for (let step = steps - 1; step >= 0; step--) {
      this.#aheadMs = targetMs - Math.floor((byMs * step) / steps);
      if (this.#runDue()) await turn();
    }
    for (let turns = 0; turns < settlingTurnsMax && this.#runDue(); turns++) await turn();
    for (const timers of this.#timers) timers.rearm();
  }

  /** True when something was due. */
  #runDue(): boolean {
    const due = [...this.#timers].flatMap((timers) => timers.dueNow()).sort((a, b) => a.dueMs - b.dueMs);
    for (const { run } of due) run();
    return due.length > 0;
  }
}

function durationMs(duration: Duration): number {
  const text = String(duration).trim();
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)?$/.exec(text);
  const unit = match?.[2] ?? (typeof duration === 'number' ? 'ms' : undefined);
  if (match === null || unit === undefined) {
    throw new ClusterError(
      'invalid-duration',
      `a clock is moved forward by milliseconds or by 500ms, 90s, 10m, 36h, 7d or 2w, not by "${text}"`,
    );
  }
  return Number(match[1]) * unitMs[unit]!;
}
