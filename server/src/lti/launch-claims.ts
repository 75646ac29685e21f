/** A verified launch token → what matters here of it. Throws an Error with one sentence when a claim is not as LTI 1.3 says. */
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { nameFrom } from '../oidc/oidc.ts';

export const LTI_CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
export const DEEP_LINKING_CLAIM = 'https://purl.imsglobal.org/spec/lti-dl/claim';
export const SCORE_SCOPE = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';

/** Where each of them stands in the token. */
const NAMES = {
  subject: 'sub',
  name: 'name',
  givenName: 'given_name',
  userName: 'preferred_username',
  email: 'email',
  version: `${LTI_CLAIM}/version`,
  message: `${LTI_CLAIM}/message_type`,
  deploymentId: `${LTI_CLAIM}/deployment_id`,
  roles: `${LTI_CLAIM}/roles`,
  context: `${LTI_CLAIM}/context`,
  custom: `${LTI_CLAIM}/custom`,
  presentation: `${LTI_CLAIM}/launch_presentation`,
  grades: 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
  deepLinking: `${DEEP_LINKING_CLAIM}/deep_linking_settings`,
} as const;

const INSTRUCTOR =
  /^http:\/\/purl\.imsglobal\.org\/vocab\/lis\/v2\/membership(?:\/Instructor)?#(?:Instructor|ContentDeveloper|Primary\w*)$/;

const Text = z.string().max(500);
const Address = z.url({ protocol: /^https?$/ });
const Launch = z.object({
  subject: Text.min(1),
  name: Text.optional(),
  givenName: Text.optional(),
  userName: Text.optional(),
  email: Text.optional(),
  version: z.literal('1.3.0'),
  message: z.enum(['LtiResourceLinkRequest', 'LtiDeepLinkingRequest']),
  deploymentId: Text.min(1),
  roles: z.array(z.string()).default([]),
  context: z.object({ id: Text.min(1), title: Text.optional(), label: Text.optional() }).optional(),
  custom: z.record(z.string(), z.unknown()).optional(),
  presentation: z.object({ locale: Text.optional() }).optional(),
  grades: z.object({ scope: z.array(z.string()), lineitem: Address.optional() }).optional(),
  deepLinking: z
    .object({ deep_link_return_url: Address, data: z.string().max(10_000).optional() })
    .optional(),
});
type Launch = z.infer<typeof Launch>;

interface Person {
  readonly subject: string;
  readonly displayName: string;
  /** What the account may be called, best first; '' is none. */
  readonly wishes: readonly string[];
  readonly deploymentId: string;
  readonly isInstructor: boolean;
  readonly language: 'ko' | 'en';
}

export interface LabLaunch extends Person {
  readonly kind: 'lab';
  /** As the link's custom parameter `lab` names it. */
  readonly labId: string | null;
  readonly course: { readonly id: string; readonly title: string } | null;
  /** Where points go; null: none are wanted, or may be sent. */
  readonly lineItem: string | null;
}

export interface DeepLinkingLaunch extends Person {
  readonly kind: 'deepLinking';
  readonly returnUrl: string;
  readonly data: string | null;
}

export function readClaims(payload: JWTPayload): LabLaunch | DeepLinkingLaunch {
  const plain = Object.fromEntries(Object.entries(NAMES).map(([name, claim]) => [name, payload[claim]]));
  const parsed = Launch.safeParse(plain);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = issue?.path[0] as keyof typeof NAMES | undefined;
    throw new Error(
      `the claim ${name === undefined ? '' : NAMES[name]} is not as it should be: ${issue?.message}`,
    );
  }
  const launch = parsed.data;
  const person = personOf(launch);
  if (launch.message === 'LtiResourceLinkRequest') return { ...person, kind: 'lab', ...linkOf(launch) };
  const { deepLinking } = launch;
  if (!deepLinking) throw new Error('a deep linking request does not say where its answer goes');
  return {
    ...person,
    kind: 'deepLinking',
    returnUrl: deepLinking.deep_link_return_url,
    data: deepLinking.data ?? null,
  };
}

function personOf({ subject, name, givenName, userName, email, ...launch }: Launch): Person {
  const shown = [name, givenName, email, subject].find((one) => one !== undefined && one.trim() !== '');
  const locale = launch.presentation?.locale ?? 'ko';
  return {
    subject,
    displayName: (shown ?? subject).trim().slice(0, 80),
    wishes: [userName, email].map(nameFrom),
    deploymentId: launch.deploymentId,
    isInstructor: launch.roles.some((role) => INSTRUCTOR.test(role)),
    language: locale.toLowerCase().startsWith('ko') ? 'ko' : 'en',
  };
}

function linkOf({ custom, context, grades }: Launch): Pick<LabLaunch, 'labId' | 'course' | 'lineItem'> {
  const lab = custom?.lab;
  return {
    labId: typeof lab === 'string' ? lab : null,
    course: context ? { id: context.id, title: context.title || context.label || context.id } : null,
    lineItem: grades?.scope.includes(SCORE_SCOPE) ? (grades.lineitem ?? null) : null,
  };
}
