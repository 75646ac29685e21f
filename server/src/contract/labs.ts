/** Labs as the page sees them: texts with this trainee's parameters filled in, and the state of each step and check. */
import { z } from 'zod';
import { Localized, TimestampMs } from './text.ts';

export const StepState = z.enum(['locked', 'open', 'passed']);
export type StepState = z.infer<typeof StepState>;

export const VerdictKind = z.enum(['passed', 'notYet', 'brokenCheck']);
export type VerdictKind = z.infer<typeof VerdictKind>;

/** `GET /api/labs` */
export const LabCard = z.object({
  id: z.string(),
  title: Localized,
  summary: Localized,
  minutes: z.number().int(),
  stepsTotal: z.number().int(),
  stepsPassed: z.number().int(),
  startedAt: TimestampMs.nullable(),
  passedAt: TimestampMs.nullable(),
});
export type LabCard = z.infer<typeof LabCard>;

export const Course = z.object({ title: Localized, labs: z.array(LabCard) });
export type Course = z.infer<typeof Course>;

export const QuizChoice = z.object({ id: z.string(), text: Localized });
export type QuizChoice = z.infer<typeof QuizChoice>;

export const CheckContent = z.object({
  id: z.string(),
  title: Localized,
  kind: z.string(),
  /** Only with kind `quiz`. Whether the answer was right is told by the check's verdict. */
  quiz: z.object({ question: Localized, choices: z.array(QuizChoice) }).nullable(),
});
export type CheckContent = z.infer<typeof CheckContent>;

export const StepContent = z.object({
  id: z.string(),
  title: Localized,
  /**
   * Markdown (GFM). A fenced block ```` ```run ```` holds commands for a terminal: show Run and Copy. Other fences
   * (`text`, `sh`, `json` …) are only shown. Raw HTML does not occur.
   */
  body: Localized,
  checks: z.array(CheckContent),
  hintsTotal: z.number().int(),
  hasSolution: z.boolean(),
});
export type StepContent = z.infer<typeof StepContent>;

/** `GET /api/labs/:labId` */
export const LabContent = z.object({
  id: z.string(),
  title: Localized,
  summary: Localized,
  introduction: Localized.nullable(),
  conclusion: Localized.nullable(),
  minutes: z.number().int(),
  steps: z.array(StepContent),
  /** Files of the home to open in the editor at first. */
  openFiles: z.array(z.string()),
});
export type LabContent = z.infer<typeof LabContent>;

export const CheckState = z.object({
  id: z.string(),
  verdict: VerdictKind,
  /** Why, in words; null while nothing is worth saying. */
  message: Localized.nullable(),
  expected: Localized.nullable(),
  seen: Localized.nullable(),
  /** When the verdict last changed. */
  at: TimestampMs.nullable(),
});
export type CheckState = z.infer<typeof CheckState>;

export const QuizAnswer = z.object({ checkId: z.string(), choiceId: z.string(), at: TimestampMs });
export type QuizAnswer = z.infer<typeof QuizAnswer>;

export const StepProgress = z.object({
  id: z.string(),
  state: StepState,
  passedAt: TimestampMs.nullable(),
  checks: z.array(CheckState),
  /** The hints opened so far, in order; the rest is never sent. */
  hints: z.array(Localized),
  solutionOpened: z.boolean(),
});
export type StepProgress = z.infer<typeof StepProgress>;

/** `GET /api/labs/:labId/state`, and pushed whole at each change: later `revision`s replace earlier ones. */
export const LabState = z.object({
  labId: z.string(),
  revision: z.number().int(),
  steps: z.array(StepProgress),
  quizAnswers: z.array(QuizAnswer),
  startedAt: TimestampMs.nullable(),
  passedAt: TimestampMs.nullable(),
  /** When the cluster was last looked at, and how long that look took. */
  gradedAt: TimestampMs.nullable(),
  gradedMs: z.number().nullable(),
});
export type LabState = z.infer<typeof LabState>;

/** `POST /api/labs/:labId/steps/:stepId/hints` with how many were open: a second click in another window opens no further one. */
export const OpenHint = z.object({ opened: z.number().int().min(0).max(50) });
export type OpenHint = z.infer<typeof OpenHint>;

/** `POST /api/labs/:labId/steps/:stepId/solution` */
export const Solution = z.object({
  /** Commands to type, one entry per command; may span lines. */
  commands: z.array(z.object({ terminal: z.number().int(), text: z.string() })),
  explanation: Localized.nullable(),
});
export type Solution = z.infer<typeof Solution>;

/** `POST /api/labs/:labId/checks/:checkId/answer` */
export const AnswerQuiz = z.object({ choiceId: z.string().max(64) });
export type AnswerQuiz = z.infer<typeof AnswerQuiz>;
