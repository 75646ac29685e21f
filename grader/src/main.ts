/** The grader's entry: labs, looking at clusters, and verdicts. */

export { readGivenFile } from './act/given-file.ts';
export { loadReport, loadSizeProblem, workOf } from './act/load.ts';
export type { ActPorts, BrokerPort } from './act/perform.ts';
export { ActError, performAll } from './act/perform.ts';
export type { Connection } from './act/produce.ts';
export type { Evaluation, StepResult } from './checks/evaluate.ts';
export { evaluateStep, pointsMaxOf } from './checks/evaluate.ts';
export { missingNeeds } from './checks/missing-needs.ts';
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
export { beginStepAgain, EMPTY_MEMORY, NO_EVIDENCE } from './checks/verdict.ts';
export type { Concept, ConceptText } from './lab/concepts.ts';
export { readConcepts } from './lab/concepts.ts';
export { drawExam, EXAM_ID, EXAM_STEPS_MAX, examSeed } from './lab/exam.ts';
export { withParticle } from './lab/josa.ts';
export type { Course, LabSource } from './lab/load.ts';
export { drawLab, readCourse } from './lab/load.ts';
export type { Problem } from './lab/problem.ts';
export { formatProblem, LabError } from './lab/problem.ts';
export type {
  Act,
  Block,
  Check,
  CheckKind,
  Command,
  Lab,
  LabCluster,
  LabText,
  LoadSpec,
  Locale,
  Localized,
  Need,
  Parameters,
  ProgramCheck,
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
export type { RunningProgram } from './program/run-program.ts';
export { runProgram } from './program/run-program.ts';
