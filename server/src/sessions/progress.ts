/**
 * How far one trainee is in one lab: kept in memory while the lab is in use and written through to the store. Changes are
 * collected and written in one transaction (`flush`), because each transaction waits for the disk.
 *
 * Invariant: a step is open when every step before it has passed; a passed step stays passed until the lab is reset.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { CommandRun, Lab, Memory, Verdict } from '@brokerlab/grader';
import { beginStepAgain, EMPTY_MEMORY } from '@brokerlab/grader';
import { sql, type Transaction } from 'kysely';
import type { LabProgressRow, Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { GradeBook } from './grade-book.ts';

export interface StepRecord {
  hintsOpened: number;
  solutionOpenedAt: number | null;
  passedAt: number | null;
  /** It did not pass: an instructor gave the state after it. */
  givenAt: number | null;
  /** Commands by which it passed, oldest first. */
  typed: readonly string[];
  /** Then, by path: those of their files that the solution changes as well. */
  written?: Readonly<Record<string, string>>;
}

export interface CheckRecord {
  readonly verdict: Verdict;
  /** When its state last changed. */
  readonly changedAt: number;
}

export interface AnswerRecord {
  readonly answer: string;
  readonly at: number;
}

/** All that stands in steps, checks and answers at one time; plain JSON. */
export interface ProgressCopy {
  readonly passedAt: number | null;
  readonly steps: readonly (readonly [string, StepRecord])[];
  readonly checks: readonly (readonly [string, CheckRecord])[];
  readonly answers: readonly (readonly [string, AnswerRecord])[];
}

/** What somebody's lab was at a step's start: the seed goes with it, because files and topics are named by it. */
export interface Past {
  readonly memory: Memory;
  readonly seed: string;
}

export interface ProgressKey {
  readonly accountId: string;
  readonly labId: string;
}

const COMMANDS_MAX = 300;
const OUTPUT_CHARACTERS_MAX = 8 * 1024;
const TYPED_MAX = 60;
const TYPED_CHARACTERS_MAX = 2_000;

export class Progress {
  readonly key: ProgressKey;
  readonly cellId: string;
  seed: string;
  memory: Memory = EMPTY_MEMORY;
  startedAt: number | null = null;
  passedAt: number | null = null;
  /** An instructor holds the class back: this step and those after it don't open. */
  closedFrom: string | null = null;
  readonly steps = new Map<string, StepRecord>();
  /** By `step/check`. */
  readonly checks = new Map<string, CheckRecord>();
  readonly answers = new Map<string, AnswerRecord>();
  /** Of the open step, oldest first. */
  commands: CommandRun[] = [];
  readonly grades: GradeBook;

  readonly #store: Store;
  #commandNumber = 0;
  #unsaved: ((transaction: Transaction<Schema>) => Promise<unknown>)[] = [];
  #saving: Promise<void> = Promise.resolve();

  private constructor(store: Store, row: LabProgressRow) {
    this.#store = store;
    this.key = { accountId: row.account_id, labId: row.lab_id };
    this.cellId = row.cell_id;
    this.seed = row.seed;
    this.memory = JSON.parse(row.memory) as Memory;
    this.startedAt = row.started_at;
    this.passedAt = row.passed_at;
    this.grades = new GradeBook({ ...this.key, run: row.run }, (change) => this.#later(change));
  }

  /** Which of the lab's variants the texts are: another one, other names in them. */
  get variant(): string {
    return createHash('sha256').update(this.seed).digest('hex').slice(0, 8);
  }

  /** Commands that ended since the lab began. */
  get commandsEnded(): number {
    return this.#commandNumber;
  }

  /** Makes the row when there is none: the seed and the cell's name are drawn then, and kept. */
  static async load(store: Store, key: ProgressKey): Promise<Progress> {
    const row = await readOrMake(store, key);
    const progress = new Progress(store, row);
    const of = ofLab(key);
    const [steps, checks, answers, commands] = await Promise.all([
      store.selectFrom('step_progress').selectAll().where(of).execute(),
      store.selectFrom('check_progress').selectAll().where(of).execute(),
      store.selectFrom('quiz_answers').selectAll().where(of).execute(),
      store.selectFrom('terminal_commands').selectAll().where(of).orderBy('number').execute(),
      progress.grades.load(store),
    ]);
    for (const step of steps) {
      progress.steps.set(step.step_id, {
        hintsOpened: step.hints_opened,
        solutionOpenedAt: step.solution_opened_at,
        passedAt: step.passed_at,
        givenAt: step.given_at,
        typed: JSON.parse(step.typed) as string[],
        written: JSON.parse(step.written) as Record<string, string>,
      });
    }
    for (const check of checks) {
      progress.checks.set(`${check.step_id}/${check.check_id}`, {
        verdict: JSON.parse(check.verdict) as Verdict,
        changedAt: check.changed_at,
      });
    }
    for (const answer of answers) {
      progress.answers.set(answer.check_id, { answer: answer.answer, at: answer.answered_at });
    }
    progress.commands = commands.map((command) => ({
      command: command.command,
      exitCode: command.exit_code,
      output: command.output,
    }));
    progress.#commandNumber = commands.at(-1)?.number ?? 0;
    return progress;
  }

  /** Null when every step has passed, or the next one is held back. */
  openStepId(lab: Lab): string | null {
    // An exam that is handed in, or whose time is over, goes on no further.
    if (lab.exam && this.passedAt !== null) return null;
    const at = lab.steps.findIndex((step) => !this.steps.get(step.id)?.passedAt);
    const closedFrom = lab.steps.findIndex((step) => step.id === this.closedFrom);
    return closedFrom >= 0 && at >= closedFrom ? null : (lab.steps[at]?.id ?? null);
  }

  hasPassedAll(lab: Lab): boolean {
    return lab.steps.every((step) => Boolean(this.steps.get(step.id)?.passedAt));
  }

  step(stepId: string): StepRecord {
    const known = this.steps.get(stepId);
    if (known) return known;
    const made: StepRecord = {
      hintsOpened: 0,
      solutionOpenedAt: null,
      passedAt: null,
      givenAt: null,
      typed: [],
    };
    this.steps.set(stepId, made);
    return made;
  }

  start(at: number): void {
    if (this.startedAt !== null) return;
    this.startedAt = at;
    this.#changeLab({ started_at: at });
  }

  changeStep(stepId: string, change: Partial<StepRecord>): void {
    const step = Object.assign(this.step(stepId), change);
    const values = {
      hints_opened: step.hintsOpened,
      solution_opened_at: step.solutionOpenedAt,
      passed_at: step.passedAt,
      given_at: step.givenAt,
      typed: JSON.stringify(step.typed),
      written: JSON.stringify(step.written ?? {}),
    };
    this.#later((transaction) =>
      transaction
        .insertInto('step_progress')
        .values({ ...this.#keyColumns(), step_id: stepId, ...values })
        .onConflict((conflict) => conflict.columns(['account_id', 'lab_id', 'step_id']).doUpdateSet(values))
        .execute(),
    );
  }

  recordAnswer(checkId: string, answer: string, at: number): void {
    this.answers.set(checkId, { answer, at });
    const values = { answer, answered_at: at };
    this.#later((transaction) =>
      transaction
        .insertInto('quiz_answers')
        .values({ ...this.#keyColumns(), check_id: checkId, ...values })
        .onConflict((conflict) => conflict.columns(['account_id', 'lab_id', 'check_id']).doUpdateSet(values))
        .execute(),
    );
  }

  recordCommand(stepId: string, run: CommandRun, at: number): void {
    const kept = { ...run, output: run.output.slice(-OUTPUT_CHARACTERS_MAX) };
    this.commands.push(kept);
    if (this.commands.length > COMMANDS_MAX) this.commands.shift();
    this.#commandNumber += 1;
    const number = this.#commandNumber;
    this.#later(async (transaction) => {
      await transaction
        .insertInto('terminal_commands')
        .values({
          ...this.#keyColumns(),
          step_id: stepId,
          number,
          command: kept.command,
          exit_code: kept.exitCode,
          output: kept.output,
          ended_at: at,
        })
        .execute();
      await transaction
        .deleteFrom('terminal_commands')
        .where(ofLab(this.key))
        .where('number', '<=', number - COMMANDS_MAX)
        .execute();
    });
  }

  /** True when a verdict says something other than before. */
  recordVerdict(stepId: string, verdict: Verdict, at: number): boolean {
    const id = `${stepId}/${verdict.checkId}`;
    const before = this.checks.get(id);
    const text = JSON.stringify(verdict);
    if (before && JSON.stringify(before.verdict) === text) return false;
    const changedAt = before?.verdict.state === verdict.state ? before.changedAt : at;
    this.checks.set(id, { verdict, changedAt });
    const values = { verdict: text, changed_at: changedAt };
    this.#later((transaction) =>
      transaction
        .insertInto('check_progress')
        .values({ ...this.#keyColumns(), step_id: stepId, check_id: verdict.checkId, ...values })
        .onConflict((conflict) =>
          conflict.columns(['account_id', 'lab_id', 'step_id', 'check_id']).doUpdateSet(values),
        )
        .execute(),
    );
    return true;
  }

  remember(memory: Memory): void {
    const text = JSON.stringify(memory);
    if (text === JSON.stringify(this.memory)) return;
    this.memory = memory;
    this.#changeLab({ memory: text });
  }

  /** Its setup was done again. */
  beginStepAgain(stepId: string): void {
    this.remember(beginStepAgain(this.memory, stepId));
  }

  passStep(stepId: string, at: number): void {
    this.changeStep(stepId, { passedAt: at, typed: typedIn(this.commands) });
    // Commands are evidence for the step they were typed in.
    this.commands = [];
    this.#later((transaction) =>
      transaction.deleteFrom('terminal_commands').where(ofLab(this.key)).execute(),
    );
  }

  /** A command of a step that passed before it ended. */
  recordLate(stepId: string, run: CommandRun): void {
    const step = this.steps.get(stepId);
    if (!step?.passedAt) return;
    this.changeStep(stepId, { typed: [...step.typed, ...typedIn([run])].slice(-TYPED_MAX) });
  }

  passLab(at: number): void {
    if (this.passedAt !== null) return;
    this.passedAt = at;
    this.#changeLab({ passed_at: at });
  }

  /**
   * Back to the start of a step, with the memory and names of then. Predictions stay as they were made, and so does what
   * was opened of hints and solutions.
   */
  rewind(lab: Lab, stepId: string, { memory, seed }: Past): void {
    const at = lab.steps.findIndex(({ id }) => id === stepId);
    const steps = at < 0 ? [] : lab.steps.slice(at);
    for (const step of steps) {
      this.changeStep(step.id, { passedAt: null, givenAt: null, typed: [], written: {} });
      for (const check of step.checks) {
        this.checks.delete(`${step.id}/${check.id}`);
        if (check.kind === 'quiz' && check.form === 'answer') this.answers.delete(check.id);
      }
    }
    this.commands = [];
    this.passedAt = null;
    const stepIds = steps.map(({ id }) => id);
    const answers = steps.flatMap(({ checks }) =>
      checks.flatMap((check) => (check.kind === 'quiz' && check.form === 'answer' ? [check.id] : [])),
    );
    this.#later(async (transaction) => {
      await transaction.deleteFrom('terminal_commands').where(ofLab(this.key)).execute();
      const ofSteps = transaction.deleteFrom('check_progress').where(ofLab(this.key));
      await ofSteps.where('step_id', 'in', stepIds).execute();
      if (answers.length === 0) return;
      const given = transaction.deleteFrom('quiz_answers').where(ofLab(this.key));
      await given.where('check_id', 'in', answers).execute();
    });
    this.seed = seed;
    this.#changeLab({ passed_at: null, seed });
    this.remember(memory);
  }

  /** As at that step's start in somebody's lab: the steps before it count as gone through, without points. */
  give(lab: Lab, stepId: string, { past, at }: { past: Past; at: number }): void {
    this.start(at);
    const given = lab.steps.findIndex((step) => step.id === stepId);
    // Not a step's start: the end.
    const before = given < 0 ? lab.steps : lab.steps.slice(0, given);
    this.rewind(lab, before.find(({ id }) => !this.step(id).passedAt)?.id ?? stepId, past);
    for (const { id } of before) {
      if (!this.step(id).passedAt) this.changeStep(id, { passedAt: at, givenAt: at });
    }
    if (given < 0) this.passLab(at);
  }

  /** What is kept of this moment under that name. */
  past(stepId: string, takenAt: number): Past & { stepId: string; takenAt: number; progress: null } {
    return { stepId, takenAt, memory: this.memory, seed: this.seed, progress: null };
  }

  copy(): ProgressCopy {
    return structuredClone({
      passedAt: this.passedAt,
      steps: [...this.steps],
      checks: [...this.checks],
      answers: [...this.answers],
    });
  }

  /** Steps, checks and answers as they were, whatever came in between; grades stay. */
  become(copy: ProgressCopy, { memory, seed }: Past): void {
    this.#forget();
    for (const [stepId, step] of copy.steps) this.changeStep(stepId, step);
    for (const [id, { verdict, changedAt }] of copy.checks)
      this.recordVerdict(id.slice(0, id.indexOf('/')), verdict, changedAt);
    for (const [checkId, { answer, at }] of copy.answers) this.recordAnswer(checkId, answer, at);
    this.passedAt = copy.passedAt;
    this.seed = seed;
    this.#changeLab({ passed_at: copy.passedAt, seed });
    this.remember(memory);
  }

  /** Back to the start. Seed and cell stay, unless another seed is given: the same numbers, a clean place. */
  reset(seed = this.seed): void {
    this.seed = seed;
    this.memory = EMPTY_MEMORY;
    this.passedAt = null;
    this.startedAt = null;
    this.#unsaved = [];
    this.#forget();
    const run = this.grades.nextRun();
    this.#changeLab({ memory: JSON.stringify(EMPTY_MEMORY), run, seed, started_at: null, passed_at: null });
  }

  #forget(): void {
    this.steps.clear();
    this.checks.clear();
    this.answers.clear();
    this.commands = [];
    this.#later(async (transaction) => {
      for (const table of ['step_progress', 'check_progress', 'quiz_answers', 'terminal_commands'] as const) {
        await transaction.deleteFrom(table).where(ofLab(this.key)).execute();
      }
    });
  }

  /** Writes what has changed. When the disk refuses, the changes are kept and written with the next ones. */
  flush(): Promise<void> {
    const run = this.#saving.then(() => this.#save());
    this.#saving = run.catch(() => undefined);
    return run;
  }

  async #save(): Promise<void> {
    const changes = this.#unsaved;
    if (changes.length === 0) return;
    this.#unsaved = [];
    try {
      await this.#store.transaction().execute(async (transaction) => {
        for (const change of changes) await change(transaction);
      });
    } catch (error) {
      this.#unsaved = [...changes, ...this.#unsaved];
      throw error;
    }
  }

  #changeLab(
    values: Partial<Pick<LabProgressRow, 'memory' | 'run' | 'seed' | 'started_at' | 'passed_at'>>,
  ): void {
    this.#later((transaction) =>
      transaction.updateTable('lab_progress').set(values).where(ofLab(this.key)).execute(),
    );
  }

  #later(change: (transaction: Transaction<Schema>) => Promise<unknown>): void {
    this.#unsaved.push(change);
  }

  #keyColumns(): { account_id: string; lab_id: string } {
    return { account_id: this.key.accountId, lab_id: this.key.labId };
  }
}

function typedIn(commands: readonly CommandRun[]): string[] {
  return commands.slice(-TYPED_MAX).map(({ command }) => command.slice(0, TYPED_CHARACTERS_MAX));
}

async function readOrMake(store: Store, key: ProgressKey): Promise<LabProgressRow> {
  const read = () => store.selectFrom('lab_progress').selectAll().where(ofLab(key)).executeTakeFirst();
  const known = await read();
  if (known) return known;
  await store
    .insertInto('lab_progress')
    .values({
      account_id: key.accountId,
      lab_id: key.labId,
      cell_id: `c${randomBytes(8).toString('hex')}`,
      seed: randomBytes(8).toString('hex'),
      memory: JSON.stringify(EMPTY_MEMORY),
      started_at: null,
      passed_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await read())!;
}

function ofLab(key: ProgressKey) {
  return sql<boolean>`account_id = ${key.accountId} and lab_id = ${key.labId}`;
}
