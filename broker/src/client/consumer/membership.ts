/** What a consumer needs of its group, whichever protocol the group speaks. */
import type { OffsetToCommit, TopicPartition } from '../types.ts';

export interface GroupHooks {
  /** Topics wanted now: the subscribed ones, or those that match the pattern. */
  readonly wantedTopics: () => readonly string[];
  readonly owned: () => readonly TopicPartition[];
  /** Before these are given up: nothing of them is handed out any more, and their offsets are committed. */
  readonly beforeRevoke: (partitions: readonly TopicPartition[]) => Promise<void>;
  /** The assignment to go on with; those who listen hear what is new in it. */
  readonly assign: (partitions: readonly TopicPartition[]) => void;
  /** What was held is given up, and nothing is assigned yet. */
  readonly clear: () => void;
  /** The membership has ended for good: `poll` throws this. */
  readonly fail: (error: Error) => void;
  /** Something happened that `poll` must look at. */
  readonly wake: () => void;
  /** Since when the application has not polled; null while it does, or before it first did. */
  readonly awaySinceMs: () => number | null;
}

export interface Membership {
  /** Joins, or joins again, when that is due. Resolves when the member has its assignment. */
  ensureActive(): Promise<void>;
  /** True while `ensureActive` has something to do. */
  readonly needsAttention: boolean;
  /** The wanted topics or their partition counts changed. */
  topicsChanged(): void;
  commit(offsets: readonly OffsetToCommit[]): Promise<void>;
  leave(): Promise<void>;
  /** Ends timers without a word to the group. */
  stop(): void;
}
