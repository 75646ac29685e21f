/** What a check says about what was seen, and what the grader remembers between two looks. All of it is plain JSON. */
import type { Localized } from '../lab/schema.ts';

export interface Verdict {
  readonly checkId: string;
  /** brokenCheck: it could not be judged (the cluster does not answer); never the trainee's fault. */
  readonly state: 'passed' | 'notYet' | 'brokenCheck';
  /** One or two sentences: what was expected, what was seen, why, what to look at next. */
  readonly message: Localized;
  readonly expected: Localized;
  readonly seen: Localized;
  /** What to look at next, when there is more to say than the message does. */
  readonly hint: Localized | null;
  /** May be partial. */
  readonly points: number;
  readonly pointsMax: number;
}

/** Kept by whoever grades, one per trainee and lab; given back unchanged at the next evaluation. */
export interface Memory {
  /** `cluster/topic` of every topic seen since the lab began, so that a deleted one can be told from one never made. */
  readonly topicsSeen: readonly string[];
  readonly steps: Readonly<Record<string, StepMemory>>;
}

export interface StepMemory {
  /** Checks that were true at least once since the step began. */
  readonly trueOnce: readonly string[];
  /** Predictions that were in before the fact. */
  readonly onTime: readonly string[];
  /** Checks with `expect: never` that became true, with what was seen then. */
  readonly broken: Readonly<Record<string, Localized>>;
  /** Every check of the step passed at the same look; stays. */
  readonly passed: boolean;
}

export const EMPTY_MEMORY: Memory = { topicsSeen: [], steps: {} };

export const EMPTY_STEP_MEMORY: StepMemory = { trueOnce: [], onTime: [], broken: {}, passed: false };

/** What is known from outside the cluster. */
export interface Evidence {
  /** Commands that ended since the step began, oldest first; a few hundred at most. */
  readonly commands: readonly CommandRun[];
  /** Check id of a quiz → the choice's id, or the text typed. */
  readonly answers: Readonly<Record<string, string>>;
}

export interface CommandRun {
  /** As typed, expanded by nothing. */
  readonly command: string;
  readonly exitCode: number;
  /** The end of what it printed, at most some kilobytes; may hold terminal escapes. */
  readonly output: string;
}

export const NO_EVIDENCE: Evidence = { commands: [], answers: {} };
