/**
 * What there is of a lab only while its cell runs: the host that carries out what steps ask for, the connections to the clusters,
 * and the grading that looks through them. Made when the cell is there, ended before the cell goes.
 */
import type { Client } from '@brokerlab/broker/client';
import type { Lab, Step } from '@brokerlab/grader';
import { neededFiles } from '@brokerlab/grader';
import type { Localized } from '../contract/main.ts';
import type { GraderPort } from '../grading/grader-port.ts';
import { Grading } from '../grading/grading.ts';
import type { BegunCommand, Cell, TerminalCommand } from '../sandbox/main.ts';
import { LabHost } from './lab-host.ts';
import type { Graded } from './lab-state.ts';
import { Opening } from './opening.ts';
import type { Progress } from './progress.ts';
import { StepFiles } from './step-files.ts';

export interface RunningLabListener {
  /** `since`: by the monotonic clock, when the cluster changed that this look is about; null: it was not the cluster. */
  onGraded(graded: Graded, look: { readonly changed: boolean; readonly since: number | null }): void;
  /** Also when something that was missing is there again. */
  onMissing(): void;
  onTick(kinds: readonly string[]): void;
  onCommandBegun(command: BegunCommand): void;
  onCommand(command: TerminalCommand): void;
  /** What happens when this step opens has happened, for the first time. */
  onStepOpened(step: Step, cell: Cell): void;
  /** Every step has passed, just now. */
  onFinished(): void;
  onError(what: string, error: unknown): void;
}

export interface RunningLabOptions {
  readonly lab: Lab;
  readonly progress: Progress;
  readonly cell: Cell;
  readonly grader: GraderPort;
  readonly clients: Readonly<Record<string, Client>>;
  readonly now: () => number;
  readonly listener: RunningLabListener;
}

export class RunningLab {
  readonly host: LabHost;
  readonly grading: Grading;
  readonly #options: RunningLabOptions;
  readonly #opening: Opening;
  readonly #endings: readonly (() => void)[];
  #tickedAt: number | null = null;
  /** By terminal: the step in which the command that runs there was begun. */
  readonly #begunIn = new Map<string, string | null>();
  #setupFailed: string | null = null;
  #gone: readonly Localized[] = [];
  readonly #files: StepFiles;
  #wasFinished: boolean;

  constructor(options: RunningLabOptions) {
    const { lab, progress, cell, grader, clients, now, listener } = options;
    this.#options = options;
    this.#files = new StepFiles({ lab, progress, files: cell.files });
    this.#wasFinished = progress.passedAt !== null;
    this.host = new LabHost({ cell, lab, clients });
    this.#opening = new Opening({ lab, progress, host: this.host });
    this.grading = new Grading({
      lab,
      progress,
      grader,
      clients,
      ground: {
        openStep: (step) => this.#openStep(step),
        readFiles: (step) => this.host.readFiles(neededFiles(step)),
        loadReports: () => this.host.loadReports(),
      },
      now,
      listener: {
        onGraded: (graded, changed) => this.#onGraded(graded, changed),
        onMissing: (gone) => this.#onMissing(gone),
        onError: (error) => listener.onError('grading', error),
      },
    });
    this.#endings = this.#listen(cell);
  }

  /** What the open step needs and is gone, or what kept it from opening. */
  missing(): Localized[] {
    if (this.#setupFailed === null) return [...this.#gone];
    return [
      {
        ko: `이 단계를 준비하지 못했어요: ${this.#setupFailed}`,
        en: `This step could not be prepared: ${this.#setupFailed}`,
      },
    ];
  }

  async stop(): Promise<void> {
    for (const end of this.#endings) end();
    this.host.close();
    await this.grading.stop();
  }

  #listen(cell: Cell): (() => void)[] {
    const { lab, listener, progress } = this.#options;
    return [
      cell.onTick((kinds) => {
        this.#tickedAt ??= performance.now();
        this.grading.wake();
        listener.onTick(kinds);
      }),
      cell.files.onChange(() => this.grading.wake()),
      cell.onCommandBegun((command) => {
        this.#begunIn.set(command.terminal, progress.openStepId(lab));
        listener.onCommandBegun(command);
      }),
      cell.onCommand((command) => {
        // Its effect was seen, and the step passed, before it ended.
        const stepId = this.#begunIn.get(command.terminal) ?? null;
        this.#begunIn.delete(command.terminal);
        if (stepId !== null && stepId !== progress.openStepId(lab)) progress.recordLate(stepId, command);
        listener.onCommand(command);
        this.grading.wake();
      }),
    ];
  }

  /** A setup that fails is told, tried again at the next look, and never the trainee's fault. */
  async #openStep(step: Step): Promise<void> {
    const { cell, lab, listener } = this.#options;
    try {
      const opened = await this.#opening.open(step);
      if (opened) listener.onStepOpened(step, cell);
      if (opened || this.#setupFailed !== null) {
        this.#setupFailed = null;
        listener.onMissing();
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message === this.#setupFailed) return;
      listener.onError(`setup of ${lab.id}/${step.id}`, error);
      this.#setupFailed = message;
      listener.onMissing();
    }
  }

  #onGraded(graded: Graded, changed: boolean): void {
    const since = this.#tickedAt;
    this.#tickedAt = null;
    const { listener, progress } = this.#options;
    listener.onGraded(graded, { changed, since });
    if (!changed) return;
    this.#files.keep().catch((error: unknown) => listener.onError('files of a step', error));
    const isFinished = progress.passedAt !== null;
    if (isFinished && !this.#wasFinished && !this.#options.lab.exam) listener.onFinished();
    this.#wasFinished = isFinished;
  }

  #onMissing(gone: readonly Localized[]): void {
    if (JSON.stringify(gone) === JSON.stringify(this.#gone)) return;
    this.#gone = gone;
    this.#options.listener.onMissing();
  }
}
