/**
 * What a trainee's files, clusters and progress were when each step began, when the last had passed, and before an instructor gave them another's. The
 * files and clusters are kept by the cell; here is what is known of them, and what the progress was.
 */
import type { Lab, Memory } from '@brokerlab/grader';
import { type Cell, CellError } from '../sandbox/main.ts';
import type { StepSnapshotRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { LabSessionError } from './lab-session-error.ts';
import type { Past, ProgressCopy, ProgressKey } from './progress.ts';

export interface StepSnapshot extends Past {
  /** The step's, `AFTER_LAST`, or one of `BEFORE_GIVEN`. */
  readonly stepId: string;
  readonly takenAt: number;
  readonly bytes: number;
  /** Null: that of a step's start follows from it. */
  readonly progress: ProgressCopy | null;
}

/** A step's start in somebody's lab. */
export interface GivenState {
  readonly cellId: string;
  readonly snapshot: StepSnapshot;
}

/** Names of what was there before something was given; the oldest makes room. */
export const BEFORE_GIVEN: readonly string[] = ['before-given-1', 'before-given-2', 'before-given-3'];

/** Name of the state when every step had passed. */
export const AFTER_LAST = 'after-last-step';

export function requireGivable({ steps }: Lab, name: string): void {
  if (name !== AFTER_LAST && !steps.some(({ id }) => id === name)) throw new LabSessionError('stepNotFound');
}

type Taken = Omit<StepSnapshot, 'bytes'>;

export class StepSnapshots {
  readonly #store: Store;
  readonly #key: ProgressKey;
  #work: Promise<unknown> = Promise.resolve();

  constructor(store: Store, key: ProgressKey) {
    this.#store = store;
    this.#key = key;
  }

  /** Oldest first. */
  async list(): Promise<StepSnapshot[]> {
    const rows = await this.#store
      .selectFrom('step_snapshots')
      .selectAll()
      .where('account_id', '=', this.#key.accountId)
      .where('lab_id', '=', this.#key.labId)
      .orderBy('taken_at')
      .execute();
    return rows.map(toSnapshot);
  }

  async find(stepId: string): Promise<StepSnapshot | undefined> {
    return (await this.list()).find((snapshot) => snapshot.stepId === stepId);
  }

  /** Rejects with a CellError `limit` when there is too much to be kept. */
  keepBeforeGiven(cell: Cell, taken: Taken): Promise<void> {
    return this.#after(async () => {
      const kept = (await this.list()).map(({ stepId }) => stepId);
      const stepId =
        BEFORE_GIVEN.find((name) => !kept.includes(name)) ??
        kept.find((name) => BEFORE_GIVEN.includes(name)) ??
        '';
      const { bytes } = await cell.save(stepId);
      await this.#write({ ...taken, stepId, bytes });
    });
  }

  /** Somebody else's, once their files are here. */
  take(snapshot: StepSnapshot, copy: () => Promise<void>): Promise<void> {
    return this.#after(async () => {
      await copy();
      await this.#write(snapshot);
    });
  }

  /** Beside the trainee's work. What is too large to be kept is not, and no one can go back to that step. */
  async keepIfPossible(
    cell: Cell,
    taken: Taken,
    onError: (what: string, error: unknown) => void,
  ): Promise<void> {
    try {
      await this.#after(async () => {
        const { bytes } = await cell.save(taken.stepId);
        await this.#write({ ...taken, bytes });
      });
    } catch (error) {
      const expected = error instanceof CellError && (error.code === 'limit' || error.code === 'gone');
      if (!expected) onError(`snapshot of ${this.#key.labId}/${taken.stepId}`, error);
    }
  }

  /** The cell's own copies go with its next one, or with the cell. */
  async forget(): Promise<void> {
    await this.#store
      .deleteFrom('step_snapshots')
      .where('account_id', '=', this.#key.accountId)
      .where('lab_id', '=', this.#key.labId)
      .execute();
  }

  async #write({ stepId, takenAt, bytes, memory, seed, progress }: StepSnapshot): Promise<void> {
    const values = {
      taken_at: takenAt,
      bytes,
      memory: JSON.stringify(memory),
      seed,
      progress: progress === null ? null : JSON.stringify(progress),
    };
    await this.#store
      .insertInto('step_snapshots')
      .values({ account_id: this.#key.accountId, lab_id: this.#key.labId, step_id: stepId, ...values })
      .onConflict((conflict) => conflict.columns(['account_id', 'lab_id', 'step_id']).doUpdateSet(values))
      .execute();
  }

  /** One after the other: two that write one name would mix their files. */
  #after<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#work.then(task);
    this.#work = run.catch(() => undefined);
    return run;
  }
}

function toSnapshot(row: StepSnapshotRow): StepSnapshot {
  return {
    stepId: row.step_id,
    takenAt: row.taken_at,
    bytes: row.bytes,
    memory: JSON.parse(row.memory) as Memory,
    seed: row.seed,
    progress: row.progress === null ? null : (JSON.parse(row.progress) as ProgressCopy),
  };
}
