/** What one kind of check finds at one look, before `expect`, memory and points turn it into a verdict. */
import type { Localized } from '../lab/schema.ts';
import type { ClusterSnapshot, ReachableCluster } from '../observe/snapshot.ts';
import type { Evidence } from './verdict.ts';
import { say } from './wording.ts';

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
  /** The lab's other clusters, too. */
  readonly clusters: Readonly<Record<string, ClusterSnapshot>>;
  /** The topic was seen in this cluster at an earlier look. */
  readonly wasSeen: (topic: string) => boolean;
  readonly evidence: Evidence;
  /** Quiz ids whose prediction was in before the fact. */
  readonly onTime: readonly string[];
  /** Checks of the step known to be true, at this look or before. */
  readonly trueOnce: readonly string[];
  /** What was seen at the step's first look, of what this cluster's checks compare with it. */
  readonly atStart: (what: string) => string | number | undefined;
  /** Looks at a group's lag since the step began, oldest first. */
  readonly lags: (group: string, topic: string | undefined) => readonly LagSample[];
}

export interface LagSample {
  readonly atMs: number;
  readonly lag: number;
}

/** One condition: told by `seen` when it holds, by its message when it does not. */
export type Condition = Pick<Judgement, 'holds' | 'message' | 'expected' | 'seen'>;

/** All of them must hold; the first that does not is told, and each that does earns its share. */
export function allOf(conditions: readonly Condition[], subject: Localized): Judgement {
  const failed = conditions.filter((condition) => !condition.holds);
  const first = failed[0];
  if (first !== undefined) {
    return { ...first, share: (conditions.length - failed.length) / conditions.length };
  }
  const seen = conditions.map((condition) => condition.seen);
  return {
    holds: true,
    message: say(
      `${subject.ko}: ${seen.map((part) => part.ko).join(', ')}.`,
      `${subject.en}: ${seen.map((part) => part.en).join(', ')}.`,
    ),
    expected: conditions.at(-1)?.expected ?? subject,
    seen: seen.at(-1) ?? subject,
  };
}

/** The thing that the whole check is about is not there. */
export function notThere(message: Localized, expected: Localized): Judgement {
  return { holds: false, message, expected, seen: say('없음', 'none') };
}
