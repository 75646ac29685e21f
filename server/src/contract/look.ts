/** The room's own name, mark and colour, as administrators set them. */
import { z } from 'zod';
import { route } from './route.ts';

const color = z.string().regex(/^#[0-9a-f]{6}$/);

export const RoomLook = z.object({
  /** Null: the product's own, as with the others. */
  name: z.string().nullable(),
  /** `text` is read on a panel, `fill` is read on: in each theme with a contrast of 4.5 : 1. */
  accent: z
    .object({
      set: color,
      light: z.object({ text: color, fill: color, soft: color }),
      dark: z.object({ text: color, fill: color, soft: color }),
    })
    .nullable(),
  /** At `GET /api/look/logo?v=` this version. */
  logo: z.string().nullable(),
});
export type RoomLook = z.infer<typeof RoomLook>;

export const LOGO_BYTES_MAX = 100 * 1024;

/** `PUT /api/admin/look`; `logo` left out: it stays. */
export const SetLook = z.object({
  name: z.string().trim().min(1).max(40).nullable(),
  accent: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/)
    .nullable(),
  /** SVG or PNG. */
  logo: z
    .object({ base64: z.base64().max(Math.ceil((LOGO_BYTES_MAX * 4) / 3) + 4) })
    .nullable()
    .optional(),
});
export type SetLook = z.infer<typeof SetLook>;

export const lookRoutes = {
  readLogo: route('GET', '/api/look/logo', 'anyone', { body: null, answer: null }),
  setLook: route('PUT', '/api/admin/look', 'administrator', { body: SetLook, answer: RoomLook }),
} as const;
