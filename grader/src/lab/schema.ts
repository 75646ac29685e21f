/**
 * What a lab is, as zod schemas and the types they give. A lab.yaml is read with its `{{parameters}}` filled in first,
 * so a check holds plain numbers and names and the rest of the grader never meets a template.
 * The kinds of checks stand in `check-schema.ts`, what happens when a step opens in `act-schema.ts`.
 */
import { z } from 'zod';
import { type Act, actSchema } from './act-schema.ts';
import { checkSchema } from './check-schema.ts';
import { id, localized, scalar, text } from './values.ts';

export type * from './act-schema.ts';
export type * from './check-schema.ts';
export { checkSchema } from './check-schema.ts';
export type { Bound } from './values.ts';

export type Locale = 'ko' | 'en';
export const LOCALES = ['ko', 'en'] as const satisfies readonly Locale[];
export type Localized<T = string> = Readonly<Record<Locale, T>>;
export type ParameterValue = string | number;
export type Parameters = Readonly<Record<string, ParameterValue>>;

const parameterName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'a name like topic or partitionCount');

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

const need = z.union([
  z.strictObject({ cluster: id.optional(), topic: text.max(249) }),
  z.strictObject({ cluster: id.optional(), group: text.max(249) }),
  z.strictObject({ file: text.max(400) }),
]);
export type Need = z.output<typeof need>;

const inCluster = { cluster: id.optional().describe("The lab's first one when left out.") };
const look = z
  .union([
    z.strictObject({ ...inCluster, topic: text.max(249), partition: z.number().int().min(0).optional() }),
    z.strictObject({ ...inCluster, broker: z.number().int().min(0) }),
    z.strictObject({ ...inCluster, group: text.max(249) }),
  ])
  .describe('The part of the cluster map that this step points at.');
export type Look = z.output<typeof look>;

/** Named in the page's language. */
export const TERMINAL_ROLES = ['producer', 'consumer', 'admin', 'mirror'] as const;
export type TerminalRole = (typeof TERMINAL_ROLES)[number];

const step = z.strictObject({
  id,
  concepts: z.array(id).max(8).default([]).describe('Concept pages that this step uses.'),
  look: look.optional(),
  terminals: z
    .array(z.enum(TERMINAL_ROLES))
    .max(4)
    .default([])
    .describe('What its terminals are for, from the first on: they stand side by side under these names.'),
  setup: z
    .array(actSchema)
    .max(40)
    .default([])
    .describe('Happens when the step opens, and again when the trainee puts back what the step needs.'),
  needs: z
    .array(need)
    .max(20)
    .default([])
    .describe('What must be there to do the step; when it is gone, the trainee is told and can put it back.'),
  checks: z.array(checkSchema).min(1).max(12),
  solution,
  wrongAnswers: z.array(wrongAnswer).max(20).default([]),
});
export type Step = z.output<typeof step>;

const cluster = z.strictObject({
  id,
  brokers: z.number().int().min(1).max(9).default(3),
  firstPort: z.number().int().min(1024).max(65000).default(9092),
  configs: z
    .record(z.string(), scalar)
    .default({})
    .describe('server.properties of every broker, beyond the usual.'),
});
export type LabCluster = z.output<typeof cluster>;

const partitionCount = z.union([z.number().int().min(1).max(1000), parameterName]);

/** How one parameter is drawn from the seed. Later ones may build on earlier ones. */
const parameter = z.union([
  z.strictObject({
    oneOf: z.array(scalar).min(2).max(100),
    except: z.array(parameterName).optional().describe('Not the value of one of these.'),
    moves: z
      .strictObject({ from: partitionCount, to: partitionCount })
      .optional()
      .describe('Only keys that go to another partition once there are `to` instead of `from`.'),
    stays: z
      .strictObject({ from: partitionCount, to: partitionCount })
      .optional()
      .describe('Only keys that stay in their partition.'),
  }),
  z.strictObject({
    of: parameterName,
    map: z.record(z.string(), scalar).describe("Value of the other parameter → this one's."),
  }),
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
    .max(4)
    .default([{ id: 'main', brokers: 3, firstPort: 9092, configs: {} }]),
  origin: z
    .enum(['killercoda'])
    .optional()
    .describe('Imported from elsewhere; trainees and instructors are told that it is graded inside the box.'),
  next: id.optional().describe('The lab that goes on from here; the next one of the course when left out.'),
  setup: z
    .array(actSchema)
    .max(40)
    .default([])
    .describe('Happens when the lab is opened for the first time.'),
  steps: z.array(step).min(1).max(20),
});
export type LabData = z.output<typeof labSchema>;

export const courseSchema = z.strictObject({
  title: localized,
  labs: z.array(id).min(1).max(100),
  concepts: z.array(id).max(40).default([]).describe('Concept pages, in their order.'),
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
  | { readonly kind: 'quiz'; readonly check: string }
  | FigureBlock;

export const FIGURES = ['brokers', 'topic', 'log', 'group'] as const;

/** Drawn from the live cluster. */
export interface FigureBlock {
  readonly kind: 'figure';
  readonly figure: (typeof FIGURES)[number];
  /** Of the topic or group; null: the first there is. */
  readonly name: string | null;
  readonly caption: string;
}

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
  /** What goes wrong in real life with what the lab taught. Markdown; '' when the lab has none. */
  readonly realLife: string;
  /** What to remember, on one card. Markdown; '' when the lab has none. */
  readonly summaryCard: string;
}

/** A lab for one trainee: parameters drawn, every template filled in. */
export interface Lab {
  readonly id: string;
  readonly minutes: number;
  readonly parameters: Parameters;
  readonly clusters: readonly LabCluster[];
  readonly setup: readonly Act[];
  readonly steps: readonly Step[];
  readonly next?: string | undefined;
  readonly origin?: 'killercoda' | undefined;
  /** A paper drawn from many labs: it ends with its time, and nothing helps. */
  readonly exam?: { readonly minutes: number } | undefined;
  /** The lab's folder, for the files it gives. */
  readonly dir: string;
  readonly text: Localized<LabText>;
}
