/** "My environments": every box and cluster a person has, running or not, with what it uses and can go back to. */
import { z } from 'zod';
import { Localized, TimestampMs } from './text.ts';

export const EnvironmentUse = z.object({
  /** Of processor time since the environment was opened. */
  cpuMs: z.number(),
  /** Cores it may use at most. */
  cpus: z.number(),
  memoryBytes: z.number(),
  memoryLimitBytes: z.number(),
  /** Home and clusters. */
  diskBytes: z.number(),
  diskLimitBytes: z.number(),
  at: TimestampMs,
});
export type EnvironmentUse = z.infer<typeof EnvironmentUse>;

export const StepStart = z.object({
  stepId: z.string(),
  number: z.number().int(),
  title: Localized,
  takenAt: TimestampMs,
  bytes: z.number(),
});
export type StepStart = z.infer<typeof StepStart>;

/** What was there when the last step had passed, or before an instructor gave another's state. */
export const KeptState = z.object({
  id: z.string(),
  what: z.enum(['afterLast', 'beforeGiven']),
  takenAt: TimestampMs,
  bytes: z.number(),
  stepsPassed: z.number().int(),
});
export type KeptState = z.infer<typeof KeptState>;

export const OwnEnvironment = z.object({
  labId: z.string(),
  title: Localized,
  /** The class in which the person has this lab; null: none. */
  className: z.string().nullable(),
  state: z.enum(['asleep', 'starting', 'ready', 'stopping', 'failed']),
  /** Running since then; null: it is not running. */
  since: TimestampMs.nullable(),
  startedAt: TimestampMs.nullable(),
  /** Null: it is not running. */
  use: EnvironmentUse.nullable(),
  /** Starts of steps it can go back to, in the lab's order. */
  starts: z.array(StepStart),
  kept: z.array(KeptState),
});
export type OwnEnvironment = z.infer<typeof OwnEnvironment>;

/** `GET /api/environments` */
export const OwnEnvironments = z.object({
  environments: z.array(OwnEnvironment),
  /** That may run at once. */
  runningMax: z.number().int(),
});
export type OwnEnvironments = z.infer<typeof OwnEnvironments>;

/** `POST /api/labs/:labId/rewind`: a step's id, or that of a kept state. */
export const Rewind = z.object({ stepId: z.string().min(1).max(100) });
export type Rewind = z.infer<typeof Rewind>;
