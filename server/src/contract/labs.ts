/** Labs as the page sees them: texts with this trainee's parameters filled in, and the state of each step and check. */
import { z } from 'zod';
import { Localized, TimestampMs } from './text.ts';

export const StepState = z.enum(['locked', 'open', 'passed']);
export type StepState = z.infer<typeof StepState>;

export const VerdictKind = z.enum(['passed', 'notYet', 'brokenCheck']);
export type VerdictKind = z.infer<typeof VerdictKind>;

/** From elsewhere: graded inside the box, whose word earns no points. */
export const Imported = z.boolean();

/** `GET /api/labs` */
export const LabCard = z.object({
  id: z.string(),
  title: Localized,
  summary: Localized,
  minutes: z.number().int(),
  imported: Imported,
  stepsTotal: z.number().int(),
  stepsPassed: z.number().int(),
  startedAt: TimestampMs.nullable(),
  passedAt: TimestampMs.nullable(),
});
export type LabCard = z.infer<typeof LabCard>;

/** A concept page, as it is linked to. */
export const ConceptLink = z.object({ id: z.string(), title: Localized });
export type ConceptLink = z.infer<typeof ConceptLink>;

export const Course = z.object({
  title: Localized,
  labs: z.array(LabCard),
  /** In the course's order. */
  concepts: z.array(ConceptLink),
  /** The person's last exam; null: none was begun. */
  exam: z.object({ over: z.boolean() }).nullable(),
});
export type Course = z.infer<typeof Course>;

/** Drawn from the trainee's cluster: `name` is a topic's or group's; null: the first there is. */
export const Figure = z.object({
  kind: z.literal('figure'),
  figure: z.enum(['brokers', 'topic', 'log', 'group']),
  name: z.string().nullable(),
  caption: z.string(),
});
export type Figure = z.infer<typeof Figure>;

/** Texts of labs are Markdown (GFM) without raw HTML; titles and questions one line of it. */
export const Block = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prose'), markdown: z.string() }),
  z.object({ kind: z.literal('note'), markdown: z.string() }),
  /** run: one click runs it in that terminal. type: typed by hand, for instance into a running program. */
  z.object({
    kind: z.literal('command'),
    mode: z.enum(['run', 'type']),
    terminal: z.number().int(),
    command: z.string(),
  }),
  z.object({ kind: z.literal('output'), text: z.string() }),
  /** Here stands the quiz of that check. */
  z.object({ kind: z.literal('quiz'), check: z.string() }),
  Figure,
]);
export type Block = z.infer<typeof Block>;

export const QuizContent = z.object({
  /** predict: one answer, locked in, before the fact. answer: tried until it is right. */
  form: z.enum(['predict', 'answer']),
  question: Localized,
  /** Null: the answer is typed. */
  choices: z.array(z.object({ id: z.string(), text: Localized })).nullable(),
});
export type QuizContent = z.infer<typeof QuizContent>;

export const CheckContent = z.object({
  id: z.string(),
  title: Localized,
  kind: z.string(),
  /** A script inside the box says whether it passes. */
  inBox: z.boolean(),
  /** Only with kind `quiz`. */
  quiz: QuizContent.nullable(),
});
export type CheckContent = z.infer<typeof CheckContent>;

/** A part of the cluster map. */
export const Look = z.object({
  /** The lab's first cluster when left out. */
  cluster: z.string().optional(),
  topic: z.string().optional(),
  /** Only with `topic`. */
  partition: z.number().int().optional(),
  broker: z.number().int().optional(),
  group: z.string().optional(),
});
export type Look = z.infer<typeof Look>;

export const StepContent = z.object({
  id: z.string(),
  title: Localized,
  blocks: z.object({ ko: z.array(Block), en: z.array(Block) }),
  checks: z.array(CheckContent),
  hintsTotal: z.number().int(),
  /** What the step builds on. */
  concepts: z.array(ConceptLink),
  /** What its terminals are for, from the first on; empty: it does not matter. */
  terminals: z.array(z.enum(['producer', 'consumer', 'admin', 'mirror'])),
  /** What the step points at on the map. */
  look: Look.nullable(),
});
export type StepContent = z.infer<typeof StepContent>;

/** `GET /api/labs/:labId` */
export const LabContent = z.object({
  id: z.string(),
  /** Which names stand in the texts, as their author last saved them: those of a `LabState` of the same variant. */
  variant: z.string(),
  title: Localized,
  summary: Localized,
  minutes: z.number().int(),
  /** Ids of its clusters, the first first. */
  clusters: z.array(z.string()),
  imported: Imported,
  /** What goes wrong in real life, and the summary card: shown once every step has passed. `''`: none. */
  realLife: Localized,
  summaryCard: Localized,
  /** The lab to go on with; null: this is the last. */
  next: z.string().nullable(),
  steps: z.array(StepContent),
});
export type LabContent = z.infer<typeof LabContent>;

export const CheckState = z.object({
  id: z.string(),
  verdict: VerdictKind,
  /** Why, in words; null before the first look. */
  message: Localized.nullable(),
  expected: Localized.nullable(),
  seen: Localized.nullable(),
  /** What to look at next, when there is more to say than the message does. */
  hint: Localized.nullable(),
  points: z.number(),
  pointsMax: z.number(),
  /** When the verdict last changed. */
  at: TimestampMs.nullable(),
});
export type CheckState = z.infer<typeof CheckState>;

export const QuizAnswer = z.object({
  checkId: z.string(),
  /** A choice's id, or the text typed. */
  answer: z.string(),
  at: TimestampMs,
  /** No other answer is taken any more. */
  locked: z.boolean(),
  /** Told once the answer is in (predict) or right (answer). */
  explanation: Localized.nullable(),
});
export type QuizAnswer = z.infer<typeof QuizAnswer>;

export const StepProgress = z.object({
  id: z.string(),
  state: StepState,
  /** Its turn has come, and what the lab says happens then is under way; shown as locked until it is done. */
  preparing: z.boolean(),
  passedAt: TimestampMs.nullable(),
  /** It was not gone through: an instructor gave the state after it. */
  given: z.boolean(),
  checks: z.array(CheckState),
  /** The hints opened so far, in order; the rest is never sent. */
  hints: z.array(Localized),
  solutionOpened: z.boolean(),
});
export type StepProgress = z.infer<typeof StepProgress>;

/** `GET /api/labs/:labId/state`, and pushed whole at each change: later `revision`s replace earlier ones. */
export const LabState = z.object({
  labId: z.string(),
  /** When it is another than the `LabContent`'s, the texts have changed: read them again. */
  variant: z.string(),
  revision: z.number().int(),
  steps: z.array(StepProgress),
  quizAnswers: z.array(QuizAnswer),
  startedAt: TimestampMs.nullable(),
  passedAt: TimestampMs.nullable(),
  /** The instructor has not opened this step and those after it yet. */
  closedFrom: z.string().nullable(),
  /** When the cluster was last looked at, and how long that look took. */
  gradedAt: TimestampMs.nullable(),
  gradedMs: z.number().nullable(),
  /** What the open step needs and is gone, or what kept it from opening; `restore` puts it back. */
  missing: z.array(Localized),
  /** For the lab's author: what is wrong with its files as they are; the last good ones stay. */
  mistakes: z.array(z.object({ file: z.string(), line: z.number().int(), message: z.string() })),
  /** Of an exam that was begun; over once `passedAt` is there. */
  exam: z.object({ endsAt: TimestampMs }).nullable(),
});
export type LabState = z.infer<typeof LabState>;

/** `POST /api/exam`: a new paper, with a new place to work in. */
export const StartExam = z.object({
  steps: z.number().int().min(1).max(10),
  minutes: z.number().int().min(1).max(240),
});
export type StartExam = z.infer<typeof StartExam>;

/** `POST /api/labs/:labId/steps/:stepId/hints` with how many were open: a second click in another window opens no further one. */
export const OpenHint = z.object({ opened: z.number().int().min(0).max(50) });
export type OpenHint = z.infer<typeof OpenHint>;

/** `POST /api/labs/:labId/steps/:stepId/solution` */
export const Solution = z.object({
  /** `fails`: that the command fails is the point. */
  commands: z.array(z.object({ command: z.string(), fails: z.boolean() })),
  /** Why they are right. */
  explanation: Localized,
});
export type Solution = z.infer<typeof Solution>;

const ConceptBlock = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prose'), markdown: z.string() }),
  Figure,
]);

/** `GET /api/concepts/:conceptId` */
export const ConceptPage = z.object({
  id: z.string(),
  title: Localized,
  summary: Localized,
  blocks: z.object({ ko: z.array(ConceptBlock), en: z.array(ConceptBlock) }),
  /** Labs that use it, in the course's order. */
  labs: z.array(ConceptLink),
  previous: ConceptLink.nullable(),
  next: ConceptLink.nullable(),
});
export type ConceptPage = z.infer<typeof ConceptPage>;

/** `GET /api/labs/:labId/steps/:stepId/comparison`, once the step has passed: beside the solution, what was typed and written in it. */
export const Comparison = Solution.extend({
  typed: z.array(z.string()),
  /** Those the solution changes, after the step; `own` null: there was none, or it was too large. */
  files: z.array(z.object({ path: z.string(), own: z.string().nullable(), solution: z.string() })),
});
export type Comparison = z.infer<typeof Comparison>;

/** `POST /api/labs/:labId/checks/:checkId/answer` */
export const AnswerQuiz = z.object({ answer: z.string().trim().min(1).max(200) });
export type AnswerQuiz = z.infer<typeof AnswerQuiz>;
