/** Words the server says to people travel in both languages; the page shows the one it is set to. */
import { z } from 'zod';

export const Language = z.enum(['ko', 'en']);
export type Language = z.infer<typeof Language>;

export const Localized = z.object({ ko: z.string(), en: z.string() });
export type Localized = z.infer<typeof Localized>;

export const Theme = z.enum(['light', 'dark', 'system']);
export type Theme = z.infer<typeof Theme>;

/** Milliseconds since 1970 by the server's clock. */
export const TimestampMs = z.number().int().nonnegative();
export type TimestampMs = z.infer<typeof TimestampMs>;

/** The id of a lab, step or check: what folder names and `data-testid`s are made of. */
export const Id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
export type Id = z.infer<typeof Id>;
