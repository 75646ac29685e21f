/**
 * What a consumer knows of each assigned partition: where it is, what is fetched and not yet handed out.
 * A position is `null` until it is found; a failed position is looked for again.
 */
import type { FetchedRecord, TopicPartition } from '../types.ts';

export interface Position {
  readonly offset: number;
  /** Leader epoch of the record before it, where one was read. */
  readonly leaderEpoch: number | null;
}

export interface PartitionState {
  readonly target: TopicPartition;
  position: Position | null;
  /** Where to go instead of the committed offset or the reset policy. */
  seekTo: 'earliest' | 'latest' | null;
  /** Fetched records from `position` on. */
  buffered: FetchedRecord[];
  /** Where to go on when the buffered records are handed out. */
  bufferedEnd: number;
  fetching: boolean;
  notBeforeMs: number;
  /** The committed offset was asked for and there is none. */
  uncommitted: boolean;
  /** About to be given up: nothing is handed out any more. */
  revoking: boolean;
  /** Counts seeks, so that an answer to an older fetch is known to be stale. */
  generation: number;
}

export class PartitionStates {
  readonly #states = new Map<string, PartitionState>();

  get all(): PartitionState[] {
    return [...this.#states.values()];
  }

  get targets(): TopicPartition[] {
    return this.all.map((state) => state.target);
  }

  get(target: TopicPartition): PartitionState | undefined {
    return this.#states.get(keyOf(target));
  }

  /** States of partitions that stay are kept. */
  assign(targets: readonly TopicPartition[]): void {
    const kept = new Map(this.#states);
    this.#states.clear();
    for (const target of targets) {
      this.#states.set(keyOf(target), kept.get(keyOf(target)) ?? freshState(target));
    }
  }

  revoke(targets: readonly TopicPartition[]): void {
    for (const target of targets) {
      const state = this.get(target);
      if (state !== undefined) state.revoking = true;
    }
  }

  seek(target: TopicPartition, to: Position | 'earliest' | 'latest'): void {
    const state = this.get(target);
    if (state === undefined) return;
    state.generation++;
    state.buffered = [];
    state.position = typeof to === 'string' ? null : to;
    state.seekTo = typeof to === 'string' ? to : null;
  }
}

function freshState(target: TopicPartition): PartitionState {
  return {
    target,
    position: null,
    seekTo: null,
    buffered: [],
    bufferedEnd: 0,
    fetching: false,
    notBeforeMs: 0,
    uncommitted: false,
    revoking: false,
    generation: 0,
  };
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
