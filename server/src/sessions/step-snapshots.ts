/**
 * What a trainee's files, clusters and progress were when each step began. The files and clusters are kept by the
 * cell; here is what is known of them, and what the progress was.
 */
import type { Memory } from '@brokerlab/grader';
import { type Cell, CellError } from '../sandbox/main.ts';
import type { StepSnapshotRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { ProgressKey } from './progress.ts';

export interface StepSnapshot {
  readonly stepId: string;
  readonly takenAt: number;
  readonly bytes: number;
  readonly memory: Memory;
}

export class StepSnapshots {
  readonly #store: Store;
  readonly #key: ProgressKey;

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

  async #keep(cell: Cell, snapshot: Pick<StepSnapshot, 'stepId' | 'takenAt' | 'memory'>): Promise<void> {
    const { stepId, takenAt } = snapshot;
    const memory = JSON.stringify(snapshot.memory);
    const { bytes } = await cell.save(stepId);
    const values = { taken_at: takenAt, bytes, memory };
    await this.#store
      .insertInto('step_snapshots')
      .values({ account_id: this.#key.accountId, lab_id: this.#key.labId, step_id: stepId, ...values })
      .onConflict((conflict) => conflict.columns(['account_id', 'lab_id', 'step_id']).doUpdateSet(values))
      .execute();
  }

  /** Beside the trainee's work. What is too large to be kept is not, and no one can go back to that step. */
  async keepIfPossible(
    cell: Cell,
    snapshot: Pick<StepSnapshot, 'stepId' | 'takenAt' | 'memory'>,
    onError: (what: string, error: unknown) => void,
  ): Promise<void> {
    try {
      await this.#keep(cell, snapshot);
    } catch (error) {
      const expected = error instanceof CellError && (error.code === 'limit' || error.code === 'gone');
      if (!expected) onError(`snapshot of ${this.#key.labId}/${snapshot.stepId}`, error);
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
}

function toSnapshot(row: StepSnapshotRow): StepSnapshot {
  return {
    stepId: row.step_id,
    takenAt: row.taken_at,
    bytes: row.bytes,
    memory: JSON.parse(row.memory) as Memory,
  };
}
