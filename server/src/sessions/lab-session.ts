/**
 * One trainee's work in one lab: progress, the running environment, grading, and the windows that look at it. All that
 * happens to them goes through here, whether it comes over HTTP, over a socket or from the box.
 */
import type { Lab } from '@brokerlab/grader';
import type {
  ClusterView,
  Comparison,
  LabState,
  Language,
  Localized,
  ServerMessage,
  Solution,
} from '../contract/main.ts';
import type { Cell } from '../sandbox/main.ts';
import type { AccountRow } from '../store/schema.ts';
import { Environment, type EnvironmentOptions } from './environment.ts';
import { environmentListener } from './environment-listener.ts';
import { answerLabCommand } from './lab-command.ts';
import type { LabEvent, Restrictions, Viewer } from './lab-events.ts';
import type { LabClusterAccess, LabHost } from './lab-host.ts';
import { LabMap } from './lab-map.ts';
import { LabSessionError, refuseInExam } from './lab-session-error.ts';
import type { LabSessionPorts } from './lab-session-ports.ts';
import {
  type Authored,
  checkIn,
  comparisonOf,
  type Graded,
  isAnswerLocked,
  labState,
  solutionOf,
  variantOf,
} from './lab-state.ts';
import { LabWire } from './lab-wire.ts';
import { clusterOptions, restorable } from './opening.ts';
import type { Progress } from './progress.ts';
import { RunningLab } from './running-lab.ts';
import {
  AFTER_LAST,
  type GivenState,
  requireGivable,
  type StepSnapshot,
  type StepSnapshots,
} from './step-snapshots.ts';
import { UsageFeed } from './usage-feed.ts';

export class LabSession {
  readonly account: AccountRow;
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
  readonly #labFor: (seed: string) => Lab | undefined;
  #lab: Lab;
  #authored: Authored = { edition: 0, mistakes: [] };
  #running: RunningLab | null = null;
  #graded: Graded | null = null;
  #paused = false;
  #revision = 0;
  readonly #usage: UsageFeed;
  #trying: Promise<void> = Promise.resolve();
  #turn: Promise<unknown> = Promise.resolve();

  /** `labFor`: the lab with names drawn from that seed; undefined when it has left the course. */
  constructor(options: {
    account: AccountRow;
    lab: Lab;
    labFor: (seed: string) => Lab | undefined;
    progress: Progress;
    snapshots: StepSnapshots;
    environment: Pick<EnvironmentOptions, 'kept' | 'readLimits'>;
    ports: LabSessionPorts;
  }) {
    this.account = options.account;
    this.#lab = options.lab;
    this.#labFor = options.labFor;
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
        ...options.environment,
      },
      environmentListener({
        labId: this.#lab.id,
        now: options.ports.now,
        broadcast: (message) => this.broadcast(message),
        onChanged: () => this.#observe({ kind: 'changed' }),
        onCell: (cell) => this.#onCell(cell),
        onCellGone: () => void this.#stopGrading(),
      }),
    );
    this.#usage = new UsageFeed(
      () => this.environment.usage(),
      (usage) => this.broadcast({ type: 'usage', labId: lab.id, usage }),
    );
  }

  /** With the names of now: those of another trainee when their state was given. */
  get lab(): Lab {
    return this.#lab;
  }

  /** Of the texts: other names in them, or saved by their author since. */
  get variant(): string {
    return variantOf(this.progress, this.#authored);
  }

  /** The lab's files were saved: files, clusters and terminals stay, and it is graded by what they say now. */
  author(authored: Authored): void {
    const isSaved = authored.edition !== this.#authored.edition;
    this.#authored = authored;
    if (isSaved) this.#lab = this.#labFor(this.progress.seed) ?? this.#lab;
    this.changed();
    if (isSaved) this.#inTurn(() => this.#gradeAnew()).catch(this.#ports.onError.bind(null, 'authoring'));
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
    this.changed();
    this.wake();
  }

  noteActive(): void {
    this.#observe({ kind: 'active' });
  }

  state(): LabState {
    return labState(this.lab, this.progress, {
      revision: this.#revision,
      graded: this.#graded,
      missing: this.#running?.missing() ?? [],
      authored: this.#authored,
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
    this.#running?.grading.wake();
  }

  /** Resolves when a look that began after this call has ended, or there is nothing to look at. */
  async lookNow(): Promise<void> {
    await this.#running?.grading.lookNow();
  }

  cluster(clusterId: string): LabClusterAccess {
    return this.#host().cluster(clusterId);
  }

  readCluster(): Promise<ClusterView> {
    if (!this.#running) throw new LabSessionError('environmentNotReady');
    return this.#running.grading.readCluster();
  }

  /** Opens the next hint, unless another window did since `opened` were seen. */
  async openHint(stepId: string, opened: number): Promise<LabState> {
    const total = this.lab.text.ko.steps[stepId]?.hints.length ?? 0;
    const record = this.#unlocked(stepId);
    if (record.hintsOpened === opened) {
      if (opened >= total) throw new LabSessionError('noMoreHints');
      this.progress.changeStep(stepId, { hintsOpened: opened + 1 });
      await this.progress.flush();
      this.changed();
    }
    return this.state();
  }

  async openSolution(stepId: string): Promise<Solution> {
    const record = this.#unlocked(stepId);
    if (record.solutionOpenedAt === null) {
      this.progress.changeStep(stepId, { solutionOpenedAt: this.#ports.now() });
      await this.progress.flush();
      this.changed();
    }
    return solutionOf(this.lab, stepId);
  }

  compare(stepId: string): Comparison {
    const record = this.#unlocked(stepId);
    if (!record.passedAt || record.givenAt) throw new LabSessionError('stepLocked');
    return comparisonOf(this.lab, stepId, record);
  }

  async answer(checkId: string, answer: string): Promise<LabState> {
    const { step, check } = checkIn(this.lab, checkId);
    if (check.kind !== 'quiz') throw new LabSessionError('checkNotFound');
    this.#unlocked(step.id);
    if (isAnswerLocked(check, { lab: this.lab, step }, this.progress))
      throw new LabSessionError('quizLocked');
    if (check.choices && !check.choices.includes(answer)) throw new LabSessionError('badRequest');
    this.progress.recordAnswer(checkId, answer, this.#ports.now());
    await this.progress.flush();
    if (check.form === 'answer') this.#observe({ kind: 'tried', checkId });
    this.changed();
    this.wake();
    return this.state();
  }

  /** Tries the trainee's program; one at a time. */
  async runProgram(checkId: string): Promise<LabState> {
    const { step, check } = checkIn(this.lab, checkId);
    if (check.kind !== 'program') throw new LabSessionError('checkNotFound');
    this.#unlocked(step.id);
    const turn = this.#trying.then(async () => {
      const run = await this.#host().runProgram(check);
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
    const host = this.#host();
    if (step) await host.perform([...restorable(this.lab), ...step.setup]);
    await this.lookNow(); // a look that began before is over by then
    if (step) this.progress.beginStepAgain(step.id);
    await this.lookNow();
    return this.state();
  }

  async resizeLoad(id: string, clients: number): Promise<Localized | null> {
    return this.#host().resizeLoad(id, clients);
  }

  /** Everything as at the first opening; the parameters stay. */
  reset(seed?: string): Promise<LabState> {
    return this.#inTurn(async () => {
      if (seed === undefined) refuseInExam(this.lab);
      await this.#stopGrading();
      await this.snapshots.forget();
      this.map.forget();
      this.progress.reset(seed);
      this.#lab = this.#labFor(this.progress.seed) ?? this.#lab;
      this.progress.start(this.#ports.now());
      await this.progress.flush();
      this.#graded = null;
      this.changed();
      await this.environment.reset();
    });
  }

  /** Files, clusters and progress are gone; the lab can be begun anew. */
  async remove(): Promise<void> {
    await this.#inTurn(async () => {
      await this.environment.sleep();
      await this.environment.forgetTerminals();
      await this.#stopGrading();
      await this.snapshots.forget();
      this.progress.reset();
      await this.progress.flush();
      this.#graded = null;
      await this.#ports.driver.remove(this.progress.cellId);
      this.changed();
    });
  }

  /** Files, clusters and progress as they were kept under that name. A sleeping environment is woken for it. */
  rewind(name: string): Promise<LabState> {
    return this.#inTurn(async () => {
      refuseInExam(this.lab);
      const snapshot = await this.snapshots.find(name);
      if (!snapshot)
        throw new LabSessionError(
          this.lab.steps.some(({ id }) => id === name) ? 'snapshotNotFound' : 'stepNotFound',
        );
      await this.#wokenCell();
      await this.#becomeOf(snapshot, () => {
        if (snapshot.progress) this.progress.become(snapshot.progress, snapshot);
        else this.progress.rewind(this.lab, name, snapshot);
      });
    });
  }

  /**
   * What somebody else's lab was at a step's start, names and all. What was there is kept, and can be gone back to; rejects with
   * a CellError `limit` when it is too large for that, and nothing is changed.
   */
  receive({ cellId, snapshot }: GivenState): Promise<LabState> {
    return this.#inTurn(async () => {
      refuseInExam(this.lab);
      const { stepId } = snapshot;
      requireGivable(this.lab, stepId);
      const cell = await this.#wokenCell();
      await this.#ports.queue.run(
        async () => {
          await this.snapshots.keepBeforeGiven(cell, {
            ...this.progress.past(stepId, this.#ports.now()),
            progress: this.progress.copy(),
          });
          const { driver } = this.#ports;
          await this.snapshots.take(snapshot, () =>
            driver.copySnapshot({ from: cellId, to: this.progress.cellId, name: stepId }),
          );
          await this.#becomeOf(snapshot, () =>
            this.progress.give(this.lab, stepId, { past: snapshot, at: this.#ports.now() }),
          );
        },
        () => undefined,
      );
    });
  }

  async close(): Promise<void> {
    this.#usage.watch(false);
    await this.environment.sleep();
    await this.#stopGrading();
    await this.map.stop();
    await this.progress.flush();
  }

  broadcast(message: ServerMessage): void {
    for (const viewer of this.#viewers.keys()) viewer.send(message);
  }

  async #becomeOf(snapshot: StepSnapshot, change: () => void): Promise<void> {
    const lab = this.#labFor(snapshot.seed);
    if (!lab) throw new LabSessionError('labNotFound');
    await this.#stopGrading();
    this.#lab = lab;
    change();
    await this.progress.flush();
    this.#graded = null;
    this.changed();
    await this.environment.restore(snapshot.stepId);
    // A variant of the lab may have clusters of its own.
    if (!this.environment.setClusters(clusterOptions(lab))) return;
    await this.environment.sleep();
    await this.environment.open();
  }

  async #wokenCell(): Promise<Cell> {
    await this.environment.open();
    if (!this.environment.cell) throw new LabSessionError('environmentFailed');
    return this.environment.cell;
  }

  #host(): LabHost {
    if (!this.#running) throw new LabSessionError('environmentNotReady');
    return this.#running.host;
  }

  /** Going back, starting over and being given something follow one another; none runs beside another. */
  async #inTurn(task: () => Promise<void>): Promise<LabState> {
    const turn = this.#turn.then(task);
    this.#turn = turn.catch(() => undefined);
    await turn;
    return this.state();
  }

  #unlocked(stepId: string) {
    if (!this.lab.steps.some(({ id }) => id === stepId)) throw new LabSessionError('stepNotFound');
    const record = this.progress.step(stepId);
    if (!record.passedAt && this.progress.openStepId(this.lab) !== stepId)
      throw new LabSessionError('stepLocked');
    return record;
  }

  #onCell(cell: Cell): void {
    const { grader, now, onError } = this.#ports;
    const { lab, progress } = this;
    const clients = this.#ports.connect(cell, lab);
    const running = new RunningLab({
      ...{ lab, progress, cell, grader, clients, now },
      listener: {
        onGraded: (graded, look) => this.#onGraded(graded, look),
        onMissing: () => this.changed(),
        onTick: (kinds) => {
          this.#observe({ kind: 'tick' });
          this.map.wake(kinds);
        },
        onCommandBegun: (command) => this.#observe({ kind: 'begun', command }),
        onCommand: (command) => {
          const stepId = progress.openStepId(lab);
          if (stepId !== null) progress.recordCommand(stepId, command, now());
          this.#observe({ kind: 'command', command });
        },
        onStepOpened: (step) =>
          void this.snapshots.keepIfPossible(cell, progress.past(step.id, now()), onError),
        onFinished: () => {
          const past = { ...progress.past(AFTER_LAST, now()), progress: progress.copy() };
          void this.snapshots.keepIfPossible(cell, past, onError);
        },
        onError,
      },
    });
    this.#running = running;
    cell.onLabCommand((request) => answerLabCommand(this, request));
    this.#watch();
    this.map.use(cell);
    this.wire.use(cell);
    running.grading.wake();
  }

  async #stopGrading(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    this.map.use(null);
    this.wire.use(null);
    await running?.stop();
  }

  async #gradeAnew(): Promise<void> {
    const { cell } = this.environment;
    if (!cell) return;
    await this.#stopGrading();
    if (cell === this.environment.cell) this.#onCell(cell);
  }

  #onGraded(graded: Graded, { changed, since }: { changed: boolean; since: number | null }): void {
    this.#graded = graded;
    if (changed && since !== null) this.#ports.onVerdictLatency(performance.now() - since);
    if (changed) this.changed();
  }

  /** Something that is told to every window. */
  changed(): void {
    this.#revision += 1;
    this.broadcast({ type: 'lab', lab: this.state() });
    this.#observe({ kind: 'changed' });
  }

  #observe(event: LabEvent): void {
    this.#ports.observe?.(this, event);
  }

  #watch(): void {
    this.#running?.grading.watch(this.#viewers.size > 0);
    this.#usage.watch(this.#viewers.size > 0);
  }
}
