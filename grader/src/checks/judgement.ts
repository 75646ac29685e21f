/** What one kind of check finds at one look, before `expect`, memory and points turn it into a verdict. */
import type { Localized } from '../lab/schema.ts';
import type { ReachableCluster } from '../observe/snapshot.ts';
import type { Evidence } from './verdict.ts';

export interface Judgement {
  readonly holds: boolean;
  readonly message: Localized;
  readonly expected: Localized;
  readonly seen: Localized;
  readonly hint?: Localized;
  /** 0 to 1: how much of a check with several conditions is met. Left out: all or nothing. */
  readonly share?: number;
}

export interface Scene {
  readonly cluster: ReachableCluster;
  /** The topic was seen in this cluster at an earlier look. */
  readonly wasSeen: (topic: string) => boolean;
  readonly evidence: Evidence;
  /** Quiz ids whose prediction was in before the fact. */
  readonly onTime: readonly string[];
  /** Checks of the step known to be true, at this look or before. */
  readonly trueOnce: readonly string[];
}
