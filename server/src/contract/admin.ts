/** What administrators see of the whole server: the machine, room for more, everybody's environments, the audit log. */
import { z } from 'zod';
import { AuditPage } from './audit.ts';
import { route } from './route.ts';
import { Localized, TimestampMs } from './text.ts';

export const Machine = z.object({
  cpus: z.number().int(),
  /** Of the last minute. */
  load: z.number(),
  memoryBytes: z.number(),
  memoryAvailableBytes: z.number(),
  /** Of the disk with the data folder. */
  diskBytes: z.number(),
  diskFreeBytes: z.number(),
});
export type Machine = z.infer<typeof Machine>;

export const Forecast = z.object({
  /** Environments that could be opened besides those that are. */
  roomFor: z.number().int().nonnegative(),
  limitedBy: z.enum(['memory', 'processor', 'disk']),
  /** What one takes, as measured on those that run, or as a rule where none does. */
  memoryEach: z.number(),
  processorEach: z.number(),
  diskEach: z.number(),
  measured: z.boolean(),
});
export type Forecast = z.infer<typeof Forecast>;

export const RunningEnvironment = z.object({
  account: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  labId: z.string(),
  title: Localized,
  state: z.enum(['starting', 'ready', 'stopping', 'failed']),
  since: TimestampMs.nullable(),
  /** Windows that look at it. */
  viewers: z.number().int(),
  cpuMs: z.number(),
  memoryBytes: z.number(),
  diskBytes: z.number(),
});
export type RunningEnvironment = z.infer<typeof RunningEnvironment>;

/** `GET /api/admin` */
export const AdminOverview = z.object({
  version: z.string(),
  startedAt: TimestampMs,
  at: TimestampMs,
  machine: Machine,
  forecast: Forecast,
  environments: z.array(RunningEnvironment),
});
export type AdminOverview = z.infer<typeof AdminOverview>;

export const adminRoutes = {
  readAdmin: route('GET', '/api/admin', 'administrator', { body: null, answer: AdminOverview }),
  stopAnyEnvironment: route('POST', '/api/admin/environments/:accountId/:labId/stop', 'administrator', {
    body: null,
    answer: null,
  }),
  /** Newest first; `?before=` an entry's id. */
  readAudit: route('GET', '/api/admin/audit', 'administrator', { body: null, answer: AuditPage }),
} as const;
