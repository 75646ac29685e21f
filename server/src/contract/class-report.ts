/** What a class comes to: its grades, and afterwards where it lost time and which checks it failed how. */
import { z } from 'zod';
import { Grades } from './grades.ts';
import { Imported } from './labs.ts';
import { route } from './route.ts';
import { Localized } from './text.ts';

export const StepReport = z.object({
  labId: z.string(),
  stepId: z.string(),
  /** From 1. */
  number: z.number().int(),
  title: Localized,
  /** What the lab's author planned. */
  planSeconds: z.number(),
  reached: z.number().int(),
  passed: z.number().int(),
  medianSeconds: z.number().nullable(),
  slowestSeconds: z.number().nullable(),
  /** Over the plan, all trainees together: where the class lost time. */
  lostSeconds: z.number(),
  hintsOpened: z.number().int(),
  solutionsOpened: z.number().int(),
});
export type StepReport = z.infer<typeof StepReport>;

export const CheckReport = z.object({
  labId: z.string(),
  stepId: z.string(),
  checkId: z.string(),
  title: Localized,
  /** Attempts that did not pass. */
  failed: z.number().int(),
  /** Trainees with at least one of those. */
  trainees: z.number().int(),
  /** Could not be judged, through nobody's fault in the class. */
  broken: z.number().int(),
  /** What was said, the most frequent first. */
  how: z.array(z.object({ message: Localized, count: z.number().int() })),
});
export type CheckReport = z.infer<typeof CheckReport>;

export const ClassReport = z.object({
  trainees: z.number().int(),
  begun: z.number().int(),
  labs: z.array(
    z.object({ id: z.string(), title: Localized, imported: Imported, finished: z.number().int() }),
  ),
  /** Most time lost first. */
  steps: z.array(StepReport),
  /** Most failed first. */
  checks: z.array(CheckReport),
});
export type ClassReport = z.infer<typeof ClassReport>;

export const classReportRoutes = {
  /** `?view=checks|labs|attempts&format=json|csv&language=ko|en`: of the class's trainees in the class's labs. */
  readClassGrades: route('GET', '/api/classes/:classId/grades', 'instructor', { body: null, answer: Grades }),
  readClassReport: route('GET', '/api/classes/:classId/report', 'instructor', {
    body: null,
    answer: ClassReport,
  }),
} as const;
