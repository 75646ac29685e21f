/** The grader's entry: labs, looking at clusters, and verdicts. */

export type { CommandRun, Evidence, Memory, StepMemory, Verdict } from './checks/verdict.ts';
export { EMPTY_MEMORY, NO_EVIDENCE } from './checks/verdict.ts';
export type {
  Block,
  Check,
  CheckKind,
  Lab,
  LabCluster,
  LabText,
  Locale,
  Localized,
  Parameters,
  QuizText,
  Step,
  StepText,
} from './lab/schema.ts';
export { LOCALES } from './lab/schema.ts';
export type * from './observe/snapshot.ts';
