/** The audit log: who did what to whom, and when. */
import { z } from 'zod';
import { TimestampMs } from './text.ts';

const Named = z.object({ id: z.string(), name: z.string() });

export const AuditEntry = z.object({
  id: z.number().int(),
  at: TimestampMs,
  actor: Named,
  /** `trainee.watch`, `class.create` … */
  action: z.string(),
  subject: Named.nullable(),
  classId: z.string().nullable(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** Newest first; `?before=` an entry's id goes on from there. */
export const AuditPage = z.object({ entries: z.array(AuditEntry) });
export type AuditPage = z.infer<typeof AuditPage>;
