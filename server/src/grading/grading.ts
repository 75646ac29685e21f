/**
 * Grades one lab of one trainee while its cell runs: looks at the clusters through connections of its own, judges the open
 * step, remembers, and says what changed. When a step passes, the next one is judged in the same breath.
 */
import type { Client } from '@brokerlab/broker/client';
import type { Check, Evidence, Lab, Step } from '@brokerlab/grader';
import { missingNeeds } from '@brokerlab/grader';
import type { ClusterView, Localized } from '../contract/main.ts';
import type { Deeds } from '../sessions/grade-book.ts';
import type { Progress } from '../sessions/progress.ts';
import { readClusterView } from './cluster-view.ts';
import type { GraderPort } from './grader-port.ts';
import { Loop } from './loop.ts';

export interface GradingOptions {
  readonly lab: Lab;
  readonly progress: Progress;
  readonly grader: GraderPort;
  readonly clients: Readonly<Record<string, Client>>;
  readonly ground: GradingGround;
  readonly now: () => number;
  readonly listener: GradingListener;
}

/** What is known from outside the clusters, and what happens when a step opens. */
export interface GradingGround {
  /** Once for each step, before its first look; also for the lab as a whole. */
  openStep(step: Step): Promise<void>;
  readFiles(step: Step): Promise<Readonly<Record<string, string | null>>>;
  loadReports(): Promise<NonNullable<Evidence['loads']>>;
}

export interface GradingListener {
  /** After each look; `changed`: verdicts or steps did. */
  onGraded(graded: { at: number; tookMs: number }, changed: boolean): void;
  /** What the open step needs and is not there. */
  onMissing(gone: readonly Localized[]): void;
  onError(error: unknown): void;
}

const PAUSE_MS = 15;
/** Clusters of ours say when something changed; this is for what they might not have said. */
const POLL_MS = 60_000;

export class Grading {
  readonly #options: GradingOptions;
  readonly #checks: Loop;
  #mapRevision = 0;

  constructor(options: GradingOptions) {
    this.#options = options;
    const onError = (error: unknown) => options.listener.onError(error);
    this.#checks = new Loop({ look: () => this.#look(), pauseMs: PAUSE_MS, pollMs: POLL_MS, onError });
  }

  /** Something changed in the cluster, or in what is known about it. */
  wake(): void {
    this.#checks.wake();
  }

  lookNow(): Promise<void> {
    return this.#checks.lookNow();
  }

  /** Somebody is (not) looking at the page. */
  watch(on: boolean): void {
    this.#checks.watch(on);
  }

  readCluster(): Promise<ClusterView> {
    this.#mapRevision += 1;
    const { clients, lab, now } = this.#options;
    return readClusterView(mainClient(clients), { labId: lab.id, revision: this.#mapRevision, at: now() });
  }

  async stop(): Promise<void> {
    const looks = this.#checks.stop();
    // Closing the connections ends a look that waits for a broker.
    await Promise.all(Object.values(this.#options.clients).map((client) => client.close()));
    await looks;
  }

  async #look(): Promise<void> {
    const { lab, progress, listener, now } = this.#options;
    const startedAt = performance.now();
    let changed = false;
    for (let step = openStep(lab, progress); step; step = openStep(lab, progress)) {
      await this.#options.ground.openStep(step);
      const outcome = await this.#judge(step);
      changed ||= outcome.changed;
      if (!outcome.passed) break;
      // Kept before anybody is told: opening the next step tells. Should the disk refuse, the flush below says so.
      await progress.flush().catch(() => undefined);
    }
    const tookMs = Math.round((performance.now() - startedAt) * 10) / 10;
    try {
      await progress.flush();
    } finally {
      listener.onGraded({ at: now(), tookMs }, changed);
    }
  }

  async #judge(step: Step): Promise<{ changed: boolean; passed: boolean }> {
    const { lab, progress, grader, clients, now } = this.#options;
    const { ground } = this.#options;
    // Before the look: what is acknowledged by now must be found by it.
    const loads = await ground.loadReports();
    const [snapshot, files] = await Promise.all([
      grader.observe({ lab, step, clients }),
      ground.readFiles(step),
    ]);
    // Read after the look, so that an answer given meanwhile counts as given before the next one.
    const evidence: Evidence = {
      files,
      loads,
      programs: progress.memory.programs ?? {},
      commands: progress.commands,
      answers: Object.fromEntries([...progress.answers].map(([id, { answer }]) => [id, answer])),
    };
    this.#options.listener.onMissing(missingNeeds(lab, step, { snapshot, evidence }));
    const { verdicts, memory, passed } = grader.evaluate({
      lab,
      step,
      snapshot,
      evidence,
      memory: progress.memory,
    });
    const at = now();
    progress.grades.look(step, verdicts, deedsOf(evidence, progress, at));
    const changes = verdicts.map((verdict) => progress.recordVerdict(step.id, verdict, at));
    // A program may have been run during the look.
    progress.remember({ ...memory, programs: progress.memory.programs ?? {} });
    if (passed) {
      progress.passStep(step.id, at);
      if (progress.hasPassedAll(lab)) progress.passLab(at);
    }
    return { changed: passed || changes.some(Boolean), passed };
  }
}

/** An attempt is told from a look by what the trainee did in between. */
function deedsOf(evidence: Evidence, progress: Progress, at: number): Deeds {
  const { commandsEnded } = progress;
  const command = evidence.commands.at(-1)?.command ?? null;
  return {
    at,
    deed: ({ id, kind }: Check) => {
      if (kind === 'quiz') return progress.answers.get(id)?.at;
      return kind === 'program' ? evidence.programs?.[id] : commandsEnded;
    },
    did: (check: Check) => {
      if (check.kind === 'quiz') return evidence.answers[check.id] ?? null;
      return check.kind === 'program' ? check.command : command;
    },
  };
}

function openStep(lab: Lab, progress: Progress): Step | undefined {
  const id = progress.openStepId(lab);
  return lab.steps.find((step) => step.id === id);
}

function mainClient(clients: Readonly<Record<string, Client>>): Client {
  const [client] = Object.values(clients);
  if (!client) throw new Error('a lab without a cluster has no map');
  return client;
}
