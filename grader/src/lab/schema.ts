/**
 * What a lab is, as zod schemas and the types they give. A lab.yaml is read with its `{{parameters}}` filled in first,
 * so a check holds plain numbers and names and the rest of the grader never meets a template.
 * Kinds to come (broker, quorum, leaders, reassignment, mirror, file, program) join the `Check` union.
 */
import { z } from 'zod';

export type Locale = 'ko' | 'en';
export const LOCALES = ['ko', 'en'] as const satisfies readonly Locale[];
export type Localized<T = string> = Readonly<Record<Locale, T>>;
export type ParameterValue = string | number;
export type Parameters = Readonly<Record<string, ParameterValue>>;

const id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'an id of lower-case letters, digits and hyphens');
const parameterName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'a name like topic or partitionCount');
const name = z.string().min(1).max(249);
const text = z.string().min(1);
const count = z.number().int().min(0);
const scalar = z.union([z.string(), z.number()]);
const localized = z.strictObject({ ko: text, en: text });

/** Exactly this many, or a range. */
const bound = z.union([
  count,
  z.strictObject({ atLeast: count, atMost: count.optional() }),
  z.strictObject({ atMost: count }),
]);
export type Bound = z.infer<typeof bound>;

const common = {
  id,
  /** Which of the lab's clusters; the first when left out. */
  cluster: id.optional(),
  /** now: true at this moment. once: has been true since the step began. never: must not become true. */
  expect: z.enum(['now', 'once', 'never']).default('now'),
  points: count.max(100).optional(),
};

const topicCheck = z.strictObject({
  ...common,
  kind: z.literal('topic'),
  topic: name,
  /** The topic was there and is there no more. Stands alone. */
  deleted: z.literal(true).optional(),
  partitions: bound.optional(),
  replicationFactor: bound.optional(),
  /** Every replica of every partition is in sync. */
  inSync: z.literal(true).optional(),
  /** Values set on the topic itself; null: nothing is set there. */
  configs: z.record(z.string(), z.union([scalar, z.null()])).optional(),
});

const recordFilter = z.strictObject({
  /** null: records without a key. */
  key: z.union([scalar, z.null()]).optional(),
  /** Any key at all, or none. */
  keyed: z.boolean().optional(),
  value: scalar.optional(),
  valueIncludes: scalar.optional(),
  partition: count.optional(),
});
export type RecordFilter = z.infer<typeof recordFilter>;

const recordsCheck = z.strictObject({
  ...common,
  kind: z.literal('records'),
  topic: name,
  where: recordFilter.default({}),
  count: bound.default({ atLeast: 1 }),
  /** All matching records share one partition. */
  samePartition: z.literal(true).optional(),
  /** Every partition of the topic holds at least one matching record. */
  everyPartition: z.literal(true).optional(),
});

const groupCheck = z.strictObject({
  ...common,
  kind: z.literal('group'),
  group: name,
  topic: name.optional(),
  state: z.enum(['Empty', 'Stable', 'PreparingRebalance', 'CompletingRebalance', 'Dead']).optional(),
  members: bound.optional(),
  /** Records the group has committed past, summed over the topic's partitions. */
  read: bound.optional(),
  /** Records the group has still to read, summed over the topic's partitions. */
  lag: bound.optional(),
});

const terminalCheck = z.strictObject({
  ...common,
  kind: z.literal('terminal'),
  tool: name,
  /** Words that stand in the command, each a word or several in a row: `--topic orders`. */
  has: z.array(text).max(20).default([]),
  exit: z.enum(['success', 'failure', 'any']).default('any'),
  /** Texts that the command printed. */
  printed: z.array(text).max(20).default([]),
});

const observedAnswer = z.union([
  z.strictObject({ leaderOf: z.strictObject({ topic: name, partition: count }) }),
  z.strictObject({ partitionOfKey: z.strictObject({ topic: name, key: scalar }) }),
  z.strictObject({ partitionOfValue: z.strictObject({ topic: name, value: scalar }) }),
  /** In the partition named, or in the one that holds that key. */
  z.strictObject({ valueAt: z.strictObject({ topic: name, partition: count, offset: count }) }),
  z.strictObject({ valueAt: z.strictObject({ topic: name, partitionOfKey: scalar, offset: count }) }),
  z.strictObject({ endOffsetOf: z.strictObject({ topic: name, partition: count }) }),
]);
export type ObservedAnswer = z.infer<typeof observedAnswer>;

const quizCheck = z.strictObject({
  ...common,
  kind: z.literal('quiz'),
  /** predict: any answer passes, locked in before the fact. answer: only the right one passes. */
  form: z.enum(['predict', 'answer']),
  /** Ids of the choices; without them the trainee types the answer. */
  choices: z.array(id).min(2).max(6).optional(),
  /** The right choice or text, or where in the cluster it stands. */
  answer: z.union([scalar, observedAnswer]),
  /** predict: the check that is the fact; an answer given after it passed earns no points. */
  before: id.optional(),
});

export const checkSchema = z.discriminatedUnion('kind', [
  topicCheck,
  recordsCheck,
  groupCheck,
  terminalCheck,
  quizCheck,
]);
export type Check = z.infer<typeof checkSchema>;
export type CheckKind = Check['kind'];
export type TopicCheck = z.infer<typeof topicCheck>;
export type RecordsCheck = z.infer<typeof recordsCheck>;
export type GroupCheck = z.infer<typeof groupCheck>;
export type TerminalCheck = z.infer<typeof terminalCheck>;
export type QuizCheck = z.infer<typeof quizCheck>;

/** A command typed into the terminal; `fails: true` says that its failing is the point. */
const command = z.union([
  text.transform((run) => ({ run, fails: false })),
  z.strictObject({ run: text, fails: z.boolean().default(false) }),
]);
export type Command = z.output<typeof command>;

/** Typed from the first to the last, and nothing else. Quizzes are answered by `lab answer CHECK ANSWER`. */
const solution = z.strictObject({ commands: z.array(command).min(1).max(30) });
export type Solution = z.output<typeof solution>;

const wrongAnswer = z.strictObject({
  id,
  commands: z.array(command).min(1).max(30),
  /** Check id → a part of the message that this mistake is given. */
  fails: z.record(id, localized),
  /** How the trainee gets back to where the step began. */
  mend: z.array(command).max(30).default([]),
});
export type WrongAnswer = z.output<typeof wrongAnswer>;

const step = z.strictObject({
  id,
  checks: z.array(checkSchema).min(1).max(12),
  solution,
  wrongAnswers: z.array(wrongAnswer).max(20).default([]),
});
export type Step = z.output<typeof step>;

const cluster = z.strictObject({
  id,
  brokers: z.number().int().min(1).max(9).default(3),
  firstPort: z.number().int().min(1024).max(65000).default(9092),
});
export type LabCluster = z.output<typeof cluster>;

/** How one parameter is drawn from the seed. Later ones may build on earlier ones. */
const parameter = z.union([
  z.strictObject({ oneOf: z.array(scalar).min(2).max(100), except: z.array(parameterName).optional() }),
  z
    .strictObject({ from: z.number().int(), to: z.number().int(), except: z.array(parameterName).optional() })
    .refine((range) => range.from < range.to, 'from must be less than to'),
  z.strictObject({ sum: z.array(z.union([parameterName, z.number()])).min(2) }),
  z.strictObject({ product: z.array(z.union([parameterName, z.number()])).min(2) }),
]);
export type ParameterSpec = z.output<typeof parameter>;

/** What can be read before parameters are drawn. */
export const labHeadSchema = z.looseObject({
  id,
  parameters: z.record(parameterName, parameter).default({}),
});

export const labSchema = z.strictObject({
  id,
  minutes: z.number().int().min(1).max(240),
  parameters: z.record(parameterName, parameter).default({}),
  clusters: z
    .array(cluster)
    .min(1)
    .max(3)
    .default([{ id: 'main', brokers: 3, firstPort: 9092 }]),
  steps: z.array(step).min(1).max(20),
});
export type LabData = z.output<typeof labSchema>;

export const courseSchema = z.strictObject({
  title: localized,
  labs: z.array(id).min(1).max(100),
});
export type CourseData = z.output<typeof courseSchema>;

/* The text of a lab, one Markdown file per language, cut into what a page shows. */

export type Block =
  | { readonly kind: 'prose'; readonly markdown: string }
  | { readonly kind: 'note'; readonly markdown: string }
  /** run: one click runs it in that terminal. type: typed by hand, for instance into a running program. */
  | {
      readonly kind: 'command';
      readonly mode: 'run' | 'type';
      readonly terminal: number;
      readonly command: string;
    }
  | { readonly kind: 'output'; readonly text: string }
  /** Where the quiz of that check stands; its words are in `StepText.quizzes`. */
  | { readonly kind: 'quiz'; readonly check: string };

export interface QuizText {
  readonly question: string;
  readonly choices: readonly { readonly id: string; readonly text: string }[];
  /** Shown once the answer is in (predict) or right (answer). */
  readonly explanation: string;
}

export interface StepText {
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Check id → what it asks, one line of Markdown. */
  readonly checks: Readonly<Record<string, string>>;
  readonly quizzes: Readonly<Record<string, QuizText>>;
  /** By degrees: where to look, what to use, nearly the command. */
  readonly hints: readonly string[];
  /** Said beside the solution's commands: why they are right. */
  readonly solution: string;
}

export interface LabText {
  readonly title: string;
  readonly summary: string;
  readonly steps: Readonly<Record<string, StepText>>;
}

/** A lab for one trainee: parameters drawn, every template filled in. */
export interface Lab {
  readonly id: string;
  readonly minutes: number;
  readonly parameters: Parameters;
  readonly clusters: readonly LabCluster[];
  readonly steps: readonly Step[];
  readonly text: Localized<LabText>;
}
