/** The grader's entry: labs, looking at clusters, and verdicts. */

export type { Evaluation, StepResult } from './checks/evaluate.ts';
export { evaluateStep } from './checks/evaluate.ts';
export { clusterOf, neededFiles, neededObservations } from './checks/needs.ts';
export type {
  CommandRun,
  Evidence,
  LoadReport,
  Memory,
  ProgramRun,
  StepMemory,
  Verdict,
} from './checks/verdict.ts';
export { EMPTY_MEMORY, NO_EVIDENCE } from './checks/verdict.ts';
export type { Course, LabSource } from './lab/load.ts';
export { drawLab, loadCourse } from './lab/load.ts';
export type { Problem } from './lab/problem.ts';
export { formatProblem, LabError } from './lab/problem.ts';
export type {
  Block,
  Check,
  CheckKind,
  Command,
  Lab,
  LabCluster,
  LabText,
  Locale,
  Localized,
  Parameters,
  QuizText,
  Solution,
  Step,
  StepText,
} from './lab/schema.ts';
export { LOCALES } from './lab/schema.ts';
export type { Clients } from './observe/observe.ts';
export { observe } from './observe/observe.ts';
export type * from './observe/snapshot.ts';
export { NO_NEEDS } from './observe/snapshot.ts';
