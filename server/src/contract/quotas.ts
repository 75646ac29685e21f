/** How much a person may use: what one environment gets, and how many may run at once. Set by administrators. */
import { z } from 'zod';
import { route } from './route.ts';

export const Quota = z.object({
  /** Of one environment's box. */
  memoryMegabytes: z.number().int().min(256).max(65_536),
  /** Cores of one environment; held where the machine delegates control groups. */
  cpus: z.number().min(0.25).max(64),
  /** Of one environment's home and clusters together. */
  diskMegabytes: z.number().int().min(320).max(1_048_576),
  /** Environments that run at once. */
  environments: z.number().int().min(1).max(20),
});
export type Quota = z.infer<typeof Quota>;

/** Null: as for everybody, or as the program has it. */
export const QuotaChange = z.object({
  memoryMegabytes: Quota.shape.memoryMegabytes.nullable(),
  cpus: Quota.shape.cpus.nullable(),
  diskMegabytes: Quota.shape.diskMegabytes.nullable(),
  environments: Quota.shape.environments.nullable(),
});
export type QuotaChange = z.infer<typeof QuotaChange>;

/** `PUT /api/admin/quotas`; `name` null: for everybody who has none of their own. */
export const SetQuota = z.object({ name: z.string().trim().min(1).max(80).nullable(), quota: QuotaChange });

/** `GET /api/admin/quotas` */
export const Quotas = z.object({
  /** What holds for who has none of their own. */
  everybody: Quota,
  set: QuotaChange,
  people: z.array(z.object({ name: z.string(), displayName: z.string(), set: QuotaChange })),
});
export type Quotas = z.infer<typeof Quotas>;

export const quotaRoutes = {
  readQuotas: route('GET', '/api/admin/quotas', 'administrator', { body: null, answer: Quotas }),
  setQuota: route('PUT', '/api/admin/quotas', 'administrator', { body: SetQuota, answer: Quotas }),
} as const;
