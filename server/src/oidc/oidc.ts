/**
 * Sign-in by OpenID Connect (authorization code flow with PKCE, RFC 7636). The protocol itself is openid-client's; here is
 * who a person is to this server: one account for each subject of the issuer, made at the first sign-in. An account that
 * exists by password is never taken over, whatever it is called.
 */
import * as client from 'openid-client';
import type { Accounts } from '../accounts/accounts.ts';
import { Tickets } from '../accounts/tickets.ts';
import type { AccountRow } from '../store/schema.ts';
import type { OidcSettings } from './settings.ts';

interface Waiting {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface OidcOptions {
  readonly settings: OidcSettings;
  readonly accounts: Accounts;
  readonly now: () => number;
}

export type OidcErrorCode = 'oidcUnavailable' | 'oidcFailed' | 'accountDisabled';

export class OidcError extends Error {
  readonly code: OidcErrorCode;
  constructor(code: OidcErrorCode, options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'OidcError';
    this.code = code;
  }
}

export class Oidc {
  readonly settings: OidcSettings;
  readonly #options: OidcOptions;
  readonly #tickets: Tickets<Waiting>;
  #provider: client.Configuration | null = null;

  constructor(options: OidcOptions) {
    this.settings = options.settings;
    this.#options = options;
    this.#tickets = new Tickets(options.now);
  }

  /** Where to send the person, and what their browser must bring back with them. */
  async begin(): Promise<{ address: string; ticket: string }> {
    const provider = await this.#discover();
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const nonce = client.randomNonce();
    const ticket = this.#tickets.issue({ state, nonce, verifier });
    const address = client.buildAuthorizationUrl(provider, {
      redirect_uri: this.callback,
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return { address: address.href, ticket };
  }

  /** The account of the person who came back with `query`. A ticket is good once. */
  async finish(ticket: string, query: URLSearchParams): Promise<AccountRow> {
    const waiting = this.#tickets.redeem(ticket);
    if (!waiting) throw new OidcError('oidcFailed');
    const provider = await this.#discover();
    const address = new URL(this.callback);
    address.search = query.toString();
    let claims: client.IDToken | undefined;
    try {
      const tokens = await client.authorizationCodeGrant(provider, address, {
        pkceCodeVerifier: waiting.verifier,
        expectedState: waiting.state,
        expectedNonce: waiting.nonce,
        idTokenExpected: true,
      });
      claims = tokens.claims();
    } catch (cause) {
      throw new OidcError('oidcFailed', { cause });
    }
    if (!claims) throw new OidcError('oidcFailed');
    return await this.#accountOf(claims);
  }

  get callback(): string {
    return `${this.settings.url.replace(/\/$/, '')}/api/oidc/callback`;
  }

  /** Asked for when first needed: a provider that is down must not keep the server from starting. */
  async #discover(): Promise<client.Configuration> {
    if (this.#provider) return this.#provider;
    const { issuer, clientId, clientSecret } = this.settings;
    const address = new URL(issuer);
    // Plain HTTP is for a provider on this very machine.
    const local = ['localhost', '127.0.0.1', '[::1]'].includes(address.hostname);
    try {
      this.#provider = await client.discovery(address, clientId, clientSecret, undefined, {
        timeout: 10,
        execute: [
          // The token's signature is checked although it comes from the provider directly.
          client.enableNonRepudiationChecks,
          ...(local && address.protocol === 'http:' ? [client.allowInsecureRequests] : []),
        ],
      });
      return this.#provider;
    } catch (cause) {
      throw new OidcError('oidcUnavailable', { cause });
    }
  }

  async #accountOf(claims: client.IDToken): Promise<AccountRow> {
    const { accounts } = this.#options;
    const identity = { issuer: claims.iss, subject: claims.sub };
    const found = await accounts.readOf(identity);
    const role = this.#roleOf(claims);
    if (!found) {
      return await accounts.createOf({
        wishes: [claims.preferred_username, claims.email].map(nameFrom),
        displayName: displayNameOf(claims),
        role: role ?? 'trainee',
        identity,
      });
    }
    if (found.disabled) throw new OidcError('accountDisabled');
    if (role !== null && role !== found.role) await accounts.update(found.id, { role });
    return { ...found, role: role ?? found.role };
  }

  /** Null: the settings say nothing of this person, so the role is what an administrator has made it. */
  #roleOf(claims: client.IDToken): 'instructor' | 'administrator' | null {
    if (claims.email_verified !== true || typeof claims.email !== 'string') return null;
    const email = claims.email.toLowerCase();
    const isIn = (list: readonly string[]) => list.some((one) => one.toLowerCase() === email);
    if (isIn(this.settings.administrators)) return 'administrator';
    return isIn(this.settings.instructors) ? 'instructor' : null;
  }
}

/** What an account may be called, from what the provider calls the person; '' when nothing is left. */
export function nameFrom(claim: unknown): string {
  if (typeof claim !== 'string') return '';
  const local = claim.split('@')[0] ?? '';
  return local
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 60);
}

function displayNameOf(claims: client.IDToken): string {
  const given = [claims.name, claims.preferred_username, claims.email].find(
    (one): one is string => typeof one === 'string' && one.trim() !== '',
  );
  return (given ?? claims.sub).trim().slice(0, 80);
}
