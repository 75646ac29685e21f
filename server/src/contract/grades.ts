/** `GET /api/grades?accounts=ID,ID&labs=ID,ID&view=checks|labs|attempts&format=json|csv&language=ko|en` */
import { z } from 'zod';
import { Localized, TimestampMs } from './text.ts';

export const GradesQuery = z.object({
  /** Left out: everybody the caller may see. */
  accounts: z.string().max(50_000).optional(),
  labs: z.string().max(5_000).optional(),
  view: z.enum(['checks', 'labs', 'attempts']).default('checks'),
  format: z.enum(['json', 'csv']).default('json'),
  /** Of the CSV's headings and messages. */
  language: z.enum(['ko', 'en']).default('ko'),
});
export type GradesQuery = z.infer<typeof GradesQuery>;

const State = z.enum(['passed', 'notYet', 'brokenCheck']);
const Evidence = z.object({
  message: Localized,
  expected: Localized,
  seen: Localized,
  did: z.string().nullable(),
});
const Whose = { accountId: z.string(), accountName: z.string(), labId: z.string(), run: z.number().int() };

const CheckGrade = z.object({
  ...Whose,
  displayName: z.string(),
  stepId: z.string(),
  checkId: z.string(),
  kind: z.string(),
  state: State,
  points: z.number(),
  pointsMax: z.number(),
  attempts: z.number().int(),
  broken: z.number().int(),
  openedAt: TimestampMs,
  passedAt: TimestampMs.nullable(),
  seconds: z.number().nullable(),
  evidence: Evidence,
});

const LabGrade = z.object({
  ...Whose,
  displayName: z.string(),
  points: z.number(),
  pointsMax: z.number(),
  checksPassed: z.number().int(),
  checksTotal: z.number().int(),
  attempts: z.number().int(),
  brokenChecks: z.array(z.string()).readonly(),
  startedAt: TimestampMs,
  passedAt: TimestampMs.nullable(),
  seconds: z.number().nullable(),
});

const AttemptGrade = z.object({
  ...Whose,
  checkId: z.string(),
  number: z.number().int(),
  state: State,
  points: z.number(),
  at: TimestampMs,
  evidence: Evidence,
});

/** The rows of the view that was asked for; the others are empty. */
export const Grades = z.object({
  checks: z.array(CheckGrade),
  labs: z.array(LabGrade),
  attempts: z.array(AttemptGrade),
});
export type Grades = z.infer<typeof Grades>;
