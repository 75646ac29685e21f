/** When a partition's offsets are written to the offset-syncs topic: Kafka's rule, for runs of records at once. */
import type { OffsetSync } from './sync-history.ts';

/** Records that lie one behind the other both at the source and at the target. */
export interface Run {
  readonly upstream: number;
  readonly downstream: number;
  readonly count: number;
}

const none = -1;

export class SyncSchedule {
  readonly #lagMax: number;
  #previousUpstream = none;
  #previousDownstream = none;
  #lastSyncDownstream = none;
  #delayed: OffsetSync | null = null;

  /** `offset.lag.max`: how far a translation may lie behind. */
  constructor(lagMax: number) {
    this.#lagMax = lagMax;
  }

  /** The syncs due now; the run's last place, when not among them, is kept for `takeDelayed`. */
  advance(run: Run): OffsetSync[] {
    const due: OffsetSync[] = [];
    const step = Math.max(1, this.#lagMax + 1);
    let index = 0;
    if (run.count > 0 && this.#isDue(run)) due.push(this.#sync(run, 0));
    else if (run.count > 0) index = Math.max(0, this.#lastSyncDownstream + step - run.downstream);
    if (due.length > 0) index = step;
    for (; index < run.count; index += step) due.push(this.#sync(run, index));
    if (run.count > 0) {
      this.#previousUpstream = run.upstream + run.count - 1;
      this.#previousDownstream = run.downstream + run.count - 1;
      const last = { upstream: this.#previousUpstream, downstream: this.#previousDownstream };
      this.#delayed = due.at(-1)?.upstream === last.upstream ? null : last;
    }
    return due;
  }

  /** The newest place not written yet: due whenever source offsets are committed. */
  takeDelayed(): OffsetSync | null {
    const sync = this.#delayed;
    this.#delayed = null;
    return sync;
  }

  #isDue({ upstream, downstream }: Run): boolean {
    const first = this.#lastSyncDownstream === none;
    const stale = downstream - (this.#lastSyncDownstream + 1) >= this.#lagMax;
    const skipped = upstream - this.#previousUpstream !== 1;
    const truncated = downstream < this.#previousDownstream;
    return first || stale || skipped || truncated;
  }

  #sync(run: Run, index: number): OffsetSync {
    this.#lastSyncDownstream = run.downstream + index;
    return { upstream: run.upstream + index, downstream: run.downstream + index };
  }
}
