/** `--oidc FILE`: the provider people sign in with, as JSON; each mistake named. */
import { z } from 'zod';
import { parseSettings } from '../settings-file.ts';

const Sentence = z.object({ ko: z.string().min(1).max(60), en: z.string().min(1).max(60) });

export const OidcSettings = z.strictObject({
  /** `https://login.example.com/realms/main`; its discovery document is below it. */
  issuer: z.url(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** Where people reach this server: the provider sends them back to `<url>/api/oidc/callback`. */
  url: z.url(),
  /** On the button: "Sign in with …". */
  name: Sentence.default({ ko: '회사 계정', en: 'company account' }),
  /** Verified e-mail addresses of those who are more than trainees. */
  instructors: z.array(z.email()).default([]),
  administrators: z.array(z.email()).default([]),
});
export type OidcSettings = z.infer<typeof OidcSettings>;

/** Throws an Error with one sentence. */
export function readOidcSettings(text: string, file: string): OidcSettings {
  return parseSettings(OidcSettings, text, file);
}
