/** `--lti FILE`: the learning platforms that send people here (LTI 1.3), as JSON; each mistake named. */
import { z } from 'zod';
import { parseSettings } from '../settings-file.ts';

const Address = z.url({ protocol: /^https?$/ }).refine((text) => isSafe(new URL(text)), {
  message: 'must begin with https:// (http:// is for this very machine only)',
});

export const LtiPlatform = z.strictObject({
  /** Shown to administrators in messages and logs. */
  name: z.string().min(1).max(60),
  /** The platform's issuer: `https://moodle.example.com`. */
  issuer: z.string().min(1),
  clientId: z.string().min(1),
  /** Which of the platform's deployments may come; left out: each. */
  deployments: z.array(z.string().min(1)).min(1).optional(),
  /** Authentication request, access token and public keyset, as the platform names them. */
  authUrl: Address,
  tokenUrl: Address,
  jwksUrl: Address,
  /** Whom the platform calls an instructor is one here, and has a class for each course. */
  instructors: z.boolean().default(false),
});
export type LtiPlatform = z.infer<typeof LtiPlatform>;

export const LtiSettings = z.strictObject({
  /** Where people reach this server. To be told to the platforms: `<url>/api/lti/login`, `…/launch` and `…/jwks`. */
  url: Address,
  platforms: z.array(LtiPlatform).min(1).max(50),
});
export type LtiSettings = z.infer<typeof LtiSettings>;

/** Throws an Error with one sentence. */
export function readLtiSettings(text: string, file: string): LtiSettings {
  return parseSettings(LtiSettings, text, file);
}

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
