/**
 * Coming in from a learning platform (LTI 1.3 Core and Deep Linking 2.0, 1EdTech): the platform vouches for a person, their
 * role and their course, signed with its key. One account for each of the platform's people, one class for each course whose
 * instructor has come; an account that exists by password is never taken over.
 */
import { randomBytes } from 'node:crypto';
import { pointsMaxOf } from '@brokerlab/grader';
import * as jose from 'jose';
import type { Accounts } from '../accounts/accounts.ts';
import { Tickets } from '../accounts/tickets.ts';
import type { LabCatalog } from '../sessions/lab-sessions.ts';
import type { AccountRow } from '../store/schema.ts';
import type { LtiCourses } from './courses.ts';
import type { LtiKey } from './key.ts';
import {
  DEEP_LINKING_CLAIM,
  type DeepLinkingLaunch,
  type LabLaunch,
  LTI_CLAIM,
  readClaims,
} from './launch-claims.ts';
import type { LtiPlatform, LtiSettings } from './settings.ts';

const CLOCK_TOLERANCE_S = 60;
const KEYS_TIMEOUT_MS = 5_000;
const ANSWER_SECONDS = 600;

export type LtiErrorCode = 'ltiUnknownPlatform' | 'ltiFailed' | 'accountDisabled';

export class LtiError extends Error {
  readonly code: LtiErrorCode;
  constructor(code: LtiErrorCode, options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'LtiError';
    this.code = code;
  }
}

interface Waiting {
  readonly platform: LtiPlatform;
  readonly state: string;
  readonly nonce: string;
}

export interface LtiOptions {
  readonly settings: LtiSettings;
  readonly accounts: Accounts;
  readonly courses: LtiCourses;
  readonly key: LtiKey;
  readonly catalog: LabCatalog;
  readonly now: () => number;
}

/** What a person who came is to see. */
export type Arrival =
  | { readonly kind: 'lab'; readonly account: AccountRow; readonly labId: string | null }
  | { readonly kind: 'choose'; readonly account: AccountRow; readonly choice: Choice };

/** An instructor puts a lab into their course: where the answer goes, and what the platform wants back with it. */
export interface Choice {
  readonly labs: readonly { readonly id: string; readonly title: string }[];
  readonly returnUrl: string;
  readonly language: 'ko' | 'en';
  /** Signed for the platform. */
  answer(labId: string): Promise<string>;
}

export class Lti {
  readonly #options: LtiOptions;
  readonly #tickets: Tickets<Waiting>;
  readonly #keys = new Map<LtiPlatform, ReturnType<typeof jose.createRemoteJWKSet>>();

  constructor(options: LtiOptions) {
    this.#options = options;
    this.#tickets = new Tickets(options.now);
  }

  get url(): string {
    return this.#options.settings.url.replace(/\/$/, '');
  }

  publicKeys(): Promise<{ keys: jose.JWK[] }> {
    return this.#options.key.publicKeys();
  }

  /** The platform says that somebody comes: where to send them, and what their browser must bring back. */
  begin(request: URLSearchParams): { address: string; ticket: string } {
    const platform = this.#platformOf(request.get('iss'), request.get('client_id'));
    const hint = request.get('login_hint');
    if (hint === null) throw new LtiError('ltiFailed');
    const state = randomBytes(24).toString('base64url');
    const nonce = randomBytes(24).toString('base64url');
    const ticket = this.#tickets.issue({ platform, state, nonce });
    const address = new URL(platform.authUrl);
    const parameters = {
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: platform.clientId,
      redirect_uri: `${this.url}/api/lti/launch`,
      login_hint: hint,
      state,
      nonce,
      ...optional('lti_message_hint', request.get('lti_message_hint')),
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return { address: address.href, ticket };
  }

  /** The platform's word on the person who came back. A ticket is good once. */
  async finish(ticket: string, form: URLSearchParams): Promise<Arrival> {
    const waiting = this.#tickets.redeem(ticket);
    if (!waiting || form.get('state') !== waiting.state) throw new LtiError('ltiFailed');
    const { platform } = waiting;
    const claims = await this.#verify(form.get('id_token') ?? '', waiting);
    const account = await this.#accountOf(platform, claims);
    if (claims.kind === 'deepLinking') {
      if (!claims.isInstructor) throw new LtiError('ltiFailed');
      return { kind: 'choose', account, choice: this.#choice(platform, claims) };
    }
    const labId =
      claims.labId !== null && this.#options.catalog.labIds.includes(claims.labId) ? claims.labId : null;
    await this.#options.courses.arrived({ platform, claims, account, labId });
    return { kind: 'lab', account, labId };
  }

  #platformOf(issuer: string | null, clientId: string | null): LtiPlatform {
    const { platforms } = this.#options.settings;
    const those = platforms.filter((one) => one.issuer === issuer);
    // Not every platform says which of its clients is meant.
    const found = clientId === null ? those[0] : those.find((one) => one.clientId === clientId);
    if (!found) throw new LtiError('ltiUnknownPlatform');
    return found;
  }

  async #verify(token: string, { platform, nonce }: Waiting): Promise<LabLaunch | DeepLinkingLaunch> {
    try {
      const { payload } = await jose.jwtVerify(token, this.#keysOf(platform), {
        issuer: platform.issuer,
        audience: platform.clientId,
        algorithms: ['RS256', 'RS384', 'RS512', 'ES256'],
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['sub', 'nonce', 'exp', 'iat'],
        currentDate: new Date(this.#options.now()),
      });
      if (payload.nonce !== nonce) throw new Error('the nonce is not the one that was asked with');
      if (payload.azp !== undefined && payload.azp !== platform.clientId)
        throw new Error('the token was made for another client');
      const claims = readClaims(payload);
      if (platform.deployments && !platform.deployments.includes(claims.deploymentId))
        throw new Error(`the deployment ${claims.deploymentId} is not among those of ${platform.name}`);
      return claims;
    } catch (cause) {
      throw new LtiError('ltiFailed', { cause });
    }
  }

  /** Fetched when first needed, and anew when the platform signs with a key that is not known yet. */
  #keysOf(platform: LtiPlatform): ReturnType<typeof jose.createRemoteJWKSet> {
    const known = this.#keys.get(platform);
    if (known) return known;
    const keys = jose.createRemoteJWKSet(new URL(platform.jwksUrl), { timeoutDuration: KEYS_TIMEOUT_MS });
    this.#keys.set(platform, keys);
    return keys;
  }

  async #accountOf(platform: LtiPlatform, claims: LabLaunch | DeepLinkingLaunch): Promise<AccountRow> {
    const { accounts } = this.#options;
    const identity = { issuer: `lti:${platform.issuer}`, subject: claims.subject };
    const role = platform.instructors && claims.isInstructor ? 'instructor' : 'trainee';
    const found = await accounts.readOf(identity);
    if (!found) {
      const { wishes, displayName } = claims;
      return await accounts.createOf({ wishes, displayName, role, identity });
    }
    if (found.disabled) throw new LtiError('accountDisabled');
    // Somebody who teaches one course may be a learner in another: a role is given, and never taken.
    if (role === 'instructor' && found.role === 'trainee') {
      await accounts.update(found.id, { role });
      return { ...found, role };
    }
    return found;
  }

  #choice(platform: LtiPlatform, claims: DeepLinkingLaunch): Choice {
    const { key, catalog } = this.#options;
    const labs = catalog.labIds.flatMap((id) => {
      const lab = catalog.lab(id, '');
      if (!lab) return [];
      const points = lab.steps
        .flatMap(({ checks }) => checks)
        .reduce((sum, check) => sum + pointsMaxOf(check), 0);
      return [{ id, title: lab.text[claims.language].title, points }];
    });
    return {
      labs,
      returnUrl: claims.returnUrl,
      language: claims.language,
      answer: (labId) =>
        key.sign(
          {
            iss: platform.clientId,
            aud: platform.issuer,
            nonce: randomBytes(16).toString('base64url'),
            [`${LTI_CLAIM}/message_type`]: 'LtiDeepLinkingResponse',
            [`${LTI_CLAIM}/version`]: '1.3.0',
            [`${LTI_CLAIM}/deployment_id`]: claims.deploymentId,
            [`${DEEP_LINKING_CLAIM}/content_items`]: labs
              .filter(({ id }) => id === labId)
              .map(({ id, title, points }) => ({
                type: 'ltiResourceLink',
                title,
                url: `${this.url}/api/lti/launch`,
                custom: { lab: id },
                ...(points > 0 ? { lineItem: { scoreMaximum: points, label: title, resourceId: id } } : {}),
              })),
            ...(claims.data === null ? {} : { [`${DEEP_LINKING_CLAIM}/data`]: claims.data }),
          },
          { seconds: ANSWER_SECONDS },
        ),
    };
  }
}

function optional(name: string, value: string | null): Record<string, string> {
  return value === null ? {} : { [name]: value };
}
