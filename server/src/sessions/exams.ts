/**
 * Exams: a paper begins, its time runs out by the server's clock, steps are left as they are, it is handed in. What was not
 * reached is written into the grades with no points. Once it is over nothing in it changes any more.
 */
import { randomBytes } from 'node:crypto';
import type { Verdict } from '@brokerlab/grader';
import { examSeed, pointsMaxOf } from '@brokerlab/grader';
import type { LabState, StartExam } from '../contract/main.ts';
import type { LabSession } from './lab-session.ts';
import { LabSessionError } from './lab-session-error.ts';
import { endOf } from './lab-state.ts';

/** setTimeout takes no longer ones. */
const TIMER_MS_MAX = 2_000_000_000;

export class Exams {
  readonly #timers = new Map<LabSession, NodeJS.Timeout>();
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;

  constructor(now: () => number, onError: (error: unknown) => void) {
    this.#now = now;
    this.#onError = onError;
  }

  async start(session: LabSession, paper: StartExam): Promise<LabState> {
    const { startedAt, passedAt } = session.progress;
    if (session.state().exam !== null && startedAt !== null && passedAt === null)
      throw new LabSessionError('examRunning');
    const state = await session.reset(examSeed(paper, randomBytes(8).toString('hex')));
    this.watch(session);
    return state;
  }

  /** The step passes without points; after the last one the paper is handed in. */
  async skip(session: LabSession, stepId: string): Promise<LabState> {
    const { lab, progress } = session;
    if (progress.openStepId(lab) !== stepId) throw new LabSessionError('stepLocked');
    await session.lookNow();
    const at = this.#now();
    if (progress.openStepId(lab) === stepId) progress.changeStep(stepId, { passedAt: at, givenAt: at });
    if (progress.hasPassedAll(lab)) return this.handIn(session);
    await progress.flush();
    session.changed();
    session.wake();
    return session.state();
  }

  async handIn(session: LabSession): Promise<LabState> {
    const { lab, progress } = session;
    if (!lab.exam || progress.startedAt === null) throw new LabSessionError('labNotFound');
    if (progress.passedAt === null) {
      const at = Math.min(this.#now(), endOf(lab.exam, progress.startedAt));
      for (const step of lab.steps) {
        const unseen = step.checks.filter(({ id }) => !progress.checks.has(`${step.id}/${id}`));
        progress.grades.look({ ...step, checks: unseen }, unseen.map(notReached), {
          at,
          deed: () => undefined,
          did: () => null,
        });
      }
      progress.passLab(at);
      await progress.flush();
      session.changed();
    }
    this.leave(session);
    return session.state();
  }

  /** Hands it in when its time is over. */
  async settle(session: LabSession): Promise<void> {
    const { lab, progress } = session;
    if (!lab.exam || progress.startedAt === null || progress.passedAt !== null) return;
    if (this.#now() >= endOf(lab.exam, progress.startedAt)) await this.handIn(session);
  }

  /** Its time runs, also when the server was away meanwhile. */
  watch(session: LabSession): void {
    this.leave(session);
    const { lab, progress } = session;
    if (!lab.exam || progress.startedAt === null || progress.passedAt !== null) return;
    const leftMs = Math.max(0, endOf(lab.exam, progress.startedAt) - this.#now());
    const timer = setTimeout(
      () => void this.handIn(session).catch(this.#onError),
      Math.min(leftMs, TIMER_MS_MAX),
    );
    timer.unref();
    this.#timers.set(session, timer);
  }

  leave(session: LabSession): void {
    clearTimeout(this.#timers.get(session));
    this.#timers.delete(session);
  }
}

function notReached(check: Parameters<typeof pointsMaxOf>[0]): Verdict {
  const nothing = { ko: '풀지 않음', en: 'not reached' };
  const pointsMax = pointsMaxOf(check);
  return {
    checkId: check.id,
    state: 'notYet',
    message: nothing,
    expected: nothing,
    seen: nothing,
    hint: null,
    points: 0,
    pointsMax,
  };
}
