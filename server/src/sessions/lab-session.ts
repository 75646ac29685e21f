/**
 * One trainee's work in one lab: progress, the running environment, grading, and the windows that look at it. All that
 * happens to them goes through here, whether it comes over HTTP, over a socket or from the box.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@brokerlab/broker/client';
import type { Lab, Step } from '@brokerlab/grader';
import { loadSizeProblem, neededFiles } from '@brokerlab/grader';
import type {
  ClusterView,
  EnvironmentState,
  ErrorCode,
  LabState,
  Language,
  LimitKind,
  Localized,
  ServerMessage,
  Solution,
  TerminalInfo,
} from '../contract/main.ts';
import type { GraderPort } from '../grading/grader-port.ts';
import { Grading } from '../grading/grading.ts';
import type { Cell } from '../sandbox/main.ts';
import type { AccountRow } from '../store/schema.ts';
import { Environment, type EnvironmentListener, type EnvironmentPorts } from './environment.ts';
import { answerLabCommand } from './lab-command.ts';
import type { LabEvent, Restrictions, Viewer } from './lab-events.ts';
import { type LabClusterAccess, LabHost } from './lab-host.ts';
import { LabMap } from './lab-map.ts';
import { type Graded, isAnswerLocked, labState } from './lab-state.ts';
import { LabWire } from './lab-wire.ts';
import { clusterOptions, Opening, restorable } from './opening.ts';
import type { Progress } from './progress.ts';
import type { StepSnapshots } from './step-snapshots.ts';

export interface LabSessionPorts extends EnvironmentPorts {
  readonly grader: GraderPort;
  readonly connect: (cell: Cell, lab: Lab) => Readonly<Record<string, Client>>;
  readonly onVerdictLatency: (ms: number) => void;
  /** What happens in any lab, told as it happens; must not wait for anything. */
  readonly observe?: (session: LabSession, event: LabEvent) => void;
}

export class LabSessionError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode) {
    super(code);
    this.name = 'LabSessionError';
    this.code = code;
  }
}

const USAGE_EVERY_MS = 15_000;
const WAIT_LOOK_MS = 250;

export class LabSession {
  readonly account: AccountRow;
  readonly lab: Lab;
  readonly progress: Progress;
  readonly snapshots: StepSnapshots;
  readonly environment: Environment;
  /** What is printed in this person's terminals. */
  language: Language;
  /** By the server's monotonic clock; from it the time without anybody is counted. */
  lastUsedMs = performance.now();

  readonly #ports: LabSessionPorts;
  readonly map: LabMap;
  readonly wire: LabWire;
  readonly #viewers = new Map<Viewer, { onlooker: boolean }>();
  #grading: Grading | null = null;
  #graded: Graded | null = null;
  #paused = false;
  #revision = 0;
  #usageTimer: NodeJS.Timeout | undefined;
  #tickedAt: number | null = null;
  #endTicks: (() => void)[] = [];
  #host: LabHost | null = null;
  #setupFailed: string | null = null;
  #gone: readonly Localized[] = [];
  #trying: Promise<void> = Promise.resolve();

  constructor(options: {
    account: AccountRow;
    lab: Lab;
    progress: Progress;
    snapshots: StepSnapshots;
    ports: LabSessionPorts;
  }) {
    this.account = options.account;
    this.lab = options.lab;
    this.progress = options.progress;
    this.snapshots = options.snapshots;
    this.#ports = options.ports;
    this.#revision = options.ports.now();
    this.language = options.account.language ?? 'ko';
    const { lab, ports } = options;
    this.wire = new LabWire(lab.id, (error) => ports.onError('wire', error));
    this.map = new LabMap(lab, ports);
    this.environment = new Environment(
      options.ports,
      {
        id: this.progress.cellId,
        hostName: this.account.name.toLowerCase(),
        language: this.language,
        ...clusterOptions(this.lab),
      },
      this.#environmentListener(),
    );
  }

  /** Windows of the person whose lab it is. */
  get viewers(): number {
    return [...this.#viewers.values()].filter(({ onlooker }) => !onlooker).length;
  }

  get paused(): boolean {
    return this.#paused;
  }

  restrict({ paused, closedFrom }: Restrictions): void {
    this.#paused = paused;
    if (this.progress.closedFrom === closedFrom) return;
    this.progress.closedFrom = closedFrom;
    this.#changed();
    this.wake();
  }

  noteActive(): void {
    this.#observe({ kind: 'active' });
  }

  state(): LabState {
    return labState(this.lab, this.progress, {
      revision: this.#revision,
      graded: this.#graded,
      missing: this.#missing(),
    });
  }

  setLanguage(language: Language): void {
    if (this.language === language) return;
    this.language = language;
    this.environment.setLanguage(language);
  }

  attach(viewer: Viewer, { onlooker }: { onlooker: boolean } = { onlooker: false }): void {
    this.#viewers.set(viewer, { onlooker });
    this.#watch();
    this.#observe({ kind: 'changed' });
  }

  leave(viewer: Viewer): void {
    const known = this.#viewers.get(viewer);
    this.#viewers.delete(viewer);
    this.map.watch(viewer, false);
    this.wire.leave(viewer);
    if (known?.onlooker === false) this.lastUsedMs = performance.now();
    this.#watch();
    this.#observe({ kind: 'changed' });
  }

  async start(): Promise<void> {
    this.progress.start(this.#ports.now());
    await this.progress.flush();
  }

  wake(): void {
    this.#grading?.wake();
  }

  /** Resolves when a look that began after this call has ended, or there is nothing to look at. */
  async lookNow(): Promise<void> {
    await this.#grading?.lookNow();
  }

  cluster(clusterId: string): LabClusterAccess {
    if (!this.#host) throw new LabSessionError('environmentNotReady');
    return this.#host.cluster(clusterId);
  }

  readCluster(): Promise<ClusterView> {
    if (!this.#grading) throw new LabSessionError('environmentNotReady');
    return this.#grading.readCluster();
  }

  /** Opens the next hint, unless another window did since `opened` were seen. */
  async openHint(stepId: string, opened: number): Promise<LabState> {
    const total = this.lab.text.ko.steps[stepId]?.hints.length ?? 0;
    const record = this.#unlocked(stepId);
    if (record.hintsOpened === opened) {
      if (opened >= total) throw new LabSessionError('noMoreHints');
      this.progress.changeStep(stepId, { hintsOpened: opened + 1 });
      await this.progress.flush();
      this.#changed();
    }
    return this.state();
  }

  async openSolution(stepId: string): Promise<Solution> {
    const record = this.#unlocked(stepId);
    if (record.solutionOpenedAt === null) {
      this.progress.changeStep(stepId, { solutionOpenedAt: this.#ports.now() });
      await this.progress.flush();
      this.#changed();
    }
    const step = this.lab.steps.find(({ id }) => id === stepId)!;
    return {
      commands: step.solution.commands.map(({ run, fails }) => ({ command: run, fails })),
      explanation: {
        ko: this.lab.text.ko.steps[stepId]?.solution ?? '',
        en: this.lab.text.en.steps[stepId]?.solution ?? '',
      },
    };
  }

  async answer(checkId: string, answer: string): Promise<LabState> {
    const step = this.lab.steps.find(({ checks }) => checks.some((check) => check.id === checkId));
    const check = step?.checks.find(({ id }) => id === checkId);
    if (!step || check?.kind !== 'quiz') throw new LabSessionError('checkNotFound');
    this.#unlocked(step.id);
    if (isAnswerLocked(check, step, this.progress)) throw new LabSessionError('quizLocked');
    if (check.choices && !check.choices.includes(answer)) throw new LabSessionError('badRequest');
    this.progress.recordAnswer(checkId, answer, this.#ports.now());
    await this.progress.flush();
    if (check.form === 'answer') this.#observe({ kind: 'tried', checkId });
    this.#changed();
    this.wake();
    return this.state();
  }

  /** Tries the trainee's program; one at a time. */
  async runProgram(checkId: string): Promise<LabState> {
    const step = this.lab.steps.find(({ checks }) => checks.some((check) => check.id === checkId));
    const check = step?.checks.find(({ id }) => id === checkId);
    if (!step || check?.kind !== 'program') throw new LabSessionError('checkNotFound');
    this.#unlocked(step.id);
    const turn = this.#trying.then(async () => {
      const host = this.#host;
      if (!host) throw new LabSessionError('environmentNotReady');
      const run = await host.runProgram(check);
      const { memory } = this.progress;
      this.progress.remember({ ...memory, programs: { ...memory.programs, [checkId]: run } });
      await this.lookNow();
      this.#observe({ kind: 'tried', checkId });
    });
    this.#trying = turn.catch(() => undefined);
    await turn;
    return this.state();
  }

  /** Puts back what the open step needs. */
  async restore(): Promise<LabState> {
    const step = this.lab.steps.find(({ id }) => id === this.progress.openStepId(this.lab));
    const host = this.#host;
    if (!host) throw new LabSessionError('environmentNotReady');
    if (step) await host.perform([...restorable(this.lab), ...step.setup]);
    await this.lookNow(); // a look that began before is over by then
    if (step) this.progress.beginStepAgain(step.id);
    await this.lookNow();
    return this.state();
  }

  /** Resolves once the check has passed, or the time is over. */
  async waitFor(checkId: string, timeoutMs: number): Promise<boolean> {
    const step = this.lab.steps.find(({ checks }) => checks.some((check) => check.id === checkId));
    if (!step) throw new LabSessionError('checkNotFound');
    const deadline = performance.now() + timeoutMs;
    const passed = () =>
      Boolean(this.progress.steps.get(step.id)?.passedAt) ||
      this.progress.checks.get(`${step.id}/${checkId}`)?.verdict.state === 'passed';
    while (!passed() && performance.now() < deadline && this.#grading) {
      await this.lookNow();
      if (!passed()) await delay(WAIT_LOOK_MS);
    }
    return passed();
  }

  async resizeLoad(id: string, clients: number): Promise<Localized | null> {
    const host = this.#host;
    if (!host) throw new LabSessionError('environmentNotReady');
    const spec = host.loads().find((load) => load.id === id);
    if (!spec) return { ko: `${id}라는 부하는 없어요.`, en: `There is no load ${id}.` };
    const problem = loadSizeProblem(spec, clients);
    if (problem === null) await host.resizeLoad(id, clients);
    return problem;
  }

  /** Everything as at the first opening; the parameters stay. */
  async reset(): Promise<LabState> {
    await this.#stopGrading();
    await this.snapshots.forget();
    this.map.forget();
    this.progress.reset();
    this.progress.start(this.#ports.now());
    await this.progress.flush();
    this.#graded = null;
    this.#changed();
    await this.environment.reset();
    return this.state();
  }

  /** Files, clusters and progress are gone; the lab can be begun anew. */
  async remove(): Promise<void> {
    await this.environment.sleep();
    await this.#stopGrading();
    await this.snapshots.forget();
    this.progress.reset();
    await this.progress.flush();
    this.#graded = null;
    await this.#ports.driver.remove(this.progress.cellId);
    this.#changed();
  }

  /** Files, clusters and progress as at that step's start. A sleeping environment is woken for it. */
  async rewind(stepId: string): Promise<LabState> {
    if (!this.lab.steps.some(({ id }) => id === stepId)) throw new LabSessionError('stepNotFound');
    const snapshot = await this.snapshots.find(stepId);
    if (!snapshot) throw new LabSessionError('snapshotNotFound');
    await this.environment.open();
    if (!this.environment.cell) throw new LabSessionError('environmentFailed');
    await this.#stopGrading();
    this.progress.rewind(this.lab, stepId, snapshot.memory);
    await this.progress.flush();
    this.#graded = null;
    this.#changed();
    await this.environment.restore(stepId);
    return this.state();
  }

  async close(): Promise<void> {
    clearInterval(this.#usageTimer);
    await this.environment.sleep();
    await this.#stopGrading();
    await this.map.stop();
    await this.progress.flush();
  }

  broadcast(message: ServerMessage): void {
    for (const viewer of this.#viewers.keys()) viewer.send(message);
  }

  #unlocked(stepId: string) {
    if (!this.lab.steps.some(({ id }) => id === stepId)) throw new LabSessionError('stepNotFound');
    const record = this.progress.step(stepId);
    if (!record.passedAt && this.progress.openStepId(this.lab) !== stepId)
      throw new LabSessionError('stepLocked');
    return record;
  }

  #environmentListener(): EnvironmentListener {
    const labId = this.lab.id;
    return {
      onState: (environment: EnvironmentState) => {
        this.broadcast({ type: 'environment', labId, environment });
        this.#observe({ kind: 'changed' });
      },
      onTerminals: (terminals: readonly TerminalInfo[]) =>
        this.broadcast({ type: 'terminals', labId, terminals: [...terminals] }),
      onLimit: (limit: LimitKind, message: Localized) =>
        this.broadcast({ type: 'limit', labId, limit, message, at: this.#ports.now() }),
      onFiles: (folders) => this.broadcast({ type: 'files.changed', labId, folders: [...folders] }),
      onCell: (cell) => this.#onCell(cell),
      onCellGone: () => void this.#stopGrading(),
    };
  }

  #onCell(cell: Cell): void {
    const clients = this.#ports.connect(cell, this.lab);
    const host = new LabHost({ cell, lab: this.lab, clients });
    this.#host = host;
    const opening = new Opening({ lab: this.lab, progress: this.progress, host });
    const grading = new Grading({
      lab: this.lab,
      progress: this.progress,
      grader: this.#ports.grader,
      clients,
      ground: {
        openStep: (step) => this.#openStep(opening, step),
        readFiles: (step) => host.readFiles(neededFiles(step)),
        loadReports: () => host.loadReports(),
      },
      now: this.#ports.now,
      listener: {
        onGraded: (graded, changed) => this.#onGraded(graded, changed),
        onMissing: (gone) => this.#onMissing(gone),
        onError: (error) => this.#ports.onError('grading', error),
      },
    });
    this.#grading = grading;
    this.#endTicks = [
      cell.onTick((kinds) => {
        this.#tickedAt ??= performance.now();
        grading.wake();
        this.#observe({ kind: 'tick' });
        this.map.wake(kinds);
      }),
      cell.files.onChange(() => grading.wake()),
      cell.onCommandBegun((command) => this.#observe({ kind: 'begun', command })),
      cell.onCommand((command) => {
        const stepId = this.progress.openStepId(this.lab);
        if (stepId !== null) this.progress.recordCommand(stepId, command, this.#ports.now());
        this.#observe({ kind: 'command', command });
        grading.wake();
      }),
    ];
    cell.onLabCommand((request) => answerLabCommand(this, request));
    this.#watch();
    this.map.use(cell);
    this.wire.use(cell);
    grading.wake();
  }

  #onMissing(gone: readonly Localized[]): void {
    if (JSON.stringify(gone) === JSON.stringify(this.#gone)) return;
    this.#gone = gone;
    this.#changed();
  }

  #missing(): Localized[] {
    if (this.#setupFailed === null) return [...this.#gone];
    return [
      {
        ko: `이 단계를 준비하지 못했어요: ${this.#setupFailed}`,
        en: `This step could not be prepared: ${this.#setupFailed}`,
      },
    ];
  }

  /** A setup that fails is told, tried again at the next look, and never the trainee's fault. */
  async #openStep(opening: Opening, step: Step): Promise<void> {
    try {
      const opened = await opening.open(step);
      const { cell } = this.environment;
      if (opened && cell) {
        const { memory } = this.progress;
        const snapshot = { stepId: step.id, takenAt: this.#ports.now(), memory };
        void this.snapshots.keepIfPossible(cell, snapshot, this.#ports.onError);
      }
      if (opened || this.#setupFailed !== null) {
        this.#setupFailed = null;
        this.#changed();
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.#setupFailed) {
        this.#ports.onError(`setup of ${this.lab.id}/${step.id}`, error);
        this.#setupFailed = message;
        this.#changed();
      }
    }
  }

  async #stopGrading(): Promise<void> {
    for (const end of this.#endTicks) end();
    this.#endTicks = [];
    const grading = this.#grading;
    this.#grading = null;
    this.#host?.close();
    this.#host = null;
    this.map.use(null);
    this.wire.use(null);
    await grading?.stop();
  }

  #onGraded(graded: Graded, changed: boolean): void {
    this.#graded = graded;
    if (changed && this.#tickedAt !== null) this.#ports.onVerdictLatency(performance.now() - this.#tickedAt);
    this.#tickedAt = null;
    if (changed) this.#changed();
  }

  #changed(): void {
    this.#revision += 1;
    this.broadcast({ type: 'lab', lab: this.state() });
    this.#observe({ kind: 'changed' });
  }

  #observe(event: LabEvent): void {
    this.#ports.observe?.(this, event);
  }

  #watch(): void {
    this.#grading?.watch(this.#viewers.size > 0);
    clearInterval(this.#usageTimer);
    if (this.#viewers.size === 0) return;
    this.#usageTimer = setInterval(() => void this.#sendUsage(), USAGE_EVERY_MS);
    this.#usageTimer.unref();
    void this.#sendUsage();
  }

  async #sendUsage(): Promise<void> {
    try {
      const usage = await this.environment.usage();
      if (usage) this.broadcast({ type: 'usage', labId: this.lab.id, usage });
    } catch {
      // The cell is on its way out; its state says so.
    }
  }
}
