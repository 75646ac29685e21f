/** The small values that lab files are made of. */
import { z } from 'zod';

export const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'an id of lower-case letters, digits and hyphens');
export const name = z.string().min(1).max(249);
export const text = z.string().min(1);
export const count = z.number().int().min(0);
export const scalar = z.union([z.string(), z.number()]);
export const localized = z.strictObject({ ko: text, en: text });

/** Exactly this many, or a range. */
export const bound = z.union([
  count,
  z.strictObject({ atLeast: count, atMost: count.optional() }),
  z.strictObject({ atMost: count }),
]);
export type Bound = z.infer<typeof bound>;
