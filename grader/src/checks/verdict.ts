/** What a check says about what was seen, and what the grader remembers between two looks. All of it is plain JSON. */
import type { Localized } from '../lab/schema.ts';
import type { RecordView } from '../observe/snapshot.ts';
import type { LagSample } from './judgement.ts';

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
  /** The lab (`''`) and the steps whose setup has happened. */
  readonly opened?: readonly string[];
  /** Check id → the program's last run. */
  readonly programs?: Readonly<Record<string, ProgramRun>>;
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
  /** What was seen when the step began, by `cluster/what`: what later looks compare with. */
  readonly atStart?: Readonly<Record<string, string | number>>;
  /** Looks at groups' lags, by `cluster/group/topic`, oldest first. */
  readonly lags?: Readonly<Record<string, readonly LagSample[]>>;
}

export const EMPTY_MEMORY: Memory = { topicsSeen: [], steps: {} };

export const EMPTY_STEP_MEMORY: StepMemory = { trueOnce: [], onTime: [], broken: {}, passed: false };

/**
 * The step's setup was done again: what must not happen counts anew, and what is compared with the beginning begins here.
 * What was done once, and predictions, stay.
 */
export function beginStepAgain(memory: Memory, stepId: string): Memory {
  const step = memory.steps[stepId];
  if (step === undefined) return memory;
  const { trueOnce, onTime, passed } = step;
  return { ...memory, steps: { ...memory.steps, [stepId]: { trueOnce, onTime, passed, broken: {} } } };
}

/** What is known from outside the cluster. */
export interface Evidence {
  /** Commands that ended since the step began, oldest first; a few hundred at most. */
  readonly commands: readonly CommandRun[];
  /** Check id of a quiz → the choice's id, or the text typed. */
  readonly answers: Readonly<Record<string, string>>;
  /** Files in the trainee's home that checks read, by path; null: there is no such file. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Check id of a program → its last run. */
  readonly programs?: Readonly<Record<string, ProgramRun>>;
  /** Id of a load → what it has done so far. Known from outside the box. */
  readonly loads?: Readonly<Record<string, LoadReport>>;
}

/** What a load's producers were told by the cluster. */
export interface LoadReport {
  readonly sent: number;
  /** Numbers of acknowledged records, as ranges from–to, ascending. */
  readonly acknowledged: readonly (readonly [number, number])[];
  readonly failed: number;
  /** The values' pattern: `{n}` is the number. */
  readonly value: string;
}

/** How the trainee's program fared, and what the cluster held afterwards. */
export interface ProgramRun {
  /** It could not be tried at all, through no fault of the trainee. */
  readonly broken?: Localized;
  /** Named in the check, but not in the trainee's home. */
  readonly missingFiles: readonly string[];
  /** One for the first start, one more for each crash. */
  readonly starts: readonly ProgramStart[];
  /** In the order in which they were sent. */
  readonly inputs: readonly ProgramInput[];
  readonly outputs: readonly RecordView[];
  readonly deadLetters: readonly RecordView[];
  /** Input records that the group has committed past; null: it has committed nothing. */
  readonly committed: number | null;
  readonly inputTotal: number;
  readonly seconds: number;
}

export interface ProgramStart {
  /** null: killed. */
  readonly exitCode: number | null;
  /** crashed: by the grader, on purpose. ended: by the grader, its work done. */
  readonly end: 'exited' | 'crashed' | 'ended' | 'timedOut';
  /** The end of what it printed. */
  readonly printed: string;
}

export interface ProgramInput {
  readonly n: number;
  /** A word that nobody can guess: finds the record again in the output. */
  readonly id: string;
  readonly key: string | null;
  readonly value: string;
  readonly poison: boolean;
  /** Behind the committed middle. */
  readonly expected: boolean;
}

export interface CommandRun {
  /** As typed, expanded by nothing. */
  readonly command: string;
  readonly exitCode: number;
  /** The end of what it printed, at most some kilobytes; may hold terminal escapes. */
  readonly output: string;
}

export const NO_EVIDENCE: Evidence = { commands: [], answers: {} };
