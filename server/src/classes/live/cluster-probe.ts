/**
 * Looks at the groups of trainees' clusters, for idle consumers and growing lag: only in classes that are watched, only when
 * something changed there, seldom, and few at once, so that looking costs the trainees nothing.
 */
import type { LabSession } from '../../sessions/lab-session.ts';
import type { Activities } from './activity.ts';

const EVERY_MS = 5_000;
const AT_ONCE_MAX = 2;
/** Lag and idle members last without anything happening in the cluster. */
const AGAIN_MS = 10_000;

export class ClusterProbe {
  readonly #activities: Activities;
  readonly #onLooked: (session: LabSession) => void;
  readonly #waiting = new Map<LabSession, NodeJS.Timeout>();
  readonly #lookedAt = new WeakMap<LabSession, number>();
  #running = 0;
  readonly #queue: LabSession[] = [];

  constructor(activities: Activities, onLooked: (session: LabSession) => void) {
    this.#activities = activities;
    this.#onLooked = onLooked;
  }

  want(session: LabSession): void {
    this.#after(session, EVERY_MS);
  }

  close(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    this.#queue.length = 0;
  }

  #after(session: LabSession, pauseMs: number): void {
    if (this.#waiting.has(session)) return;
    const last = this.#lookedAt.get(session) ?? Number.NEGATIVE_INFINITY;
    const waitMs = Math.max(0, last + pauseMs - performance.now());
    const timer = setTimeout(() => {
      this.#waiting.delete(session);
      this.#queue.push(session);
      this.#next();
    }, waitMs);
    timer.unref();
    this.#waiting.set(session, timer);
  }

  #next(): void {
    if (this.#running >= AT_ONCE_MAX) return;
    const session = this.#queue.shift();
    if (!session) return;
    this.#running += 1;
    this.#lookedAt.set(session, performance.now());
    void this.#look(session).finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }

  async #look(session: LabSession): Promise<void> {
    if (session.environment.state.state !== 'ready') return;
    try {
      const view = await session.readCluster();
      this.#activities.noteGroups(session, view);
      this.#onLooked(session);
      if (view.groups.some(({ members, lag }) => members.length > 0 || (lag ?? 0) > 0))
        this.#after(session, AGAIN_MS);
    } catch {
      // Paused brokers, or an environment on its way out: the next change looks again.
    }
  }
}
