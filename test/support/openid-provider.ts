/** An OpenID provider on this machine, strict about PKCE, client secret and codes; who signs in is said beforehand. */
import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OpenIdProvider {
  readonly issuer: string;
  /** Claims of the next person who signs in. */
  person: Record<string, unknown>;
  /** The identity token is signed by somebody else. */
  forge: boolean;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startProvider(client: { id: string; secret: string }): Promise<OpenIdProvider> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const strangers = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map<string, { nonce: string; challenge: string; redirect: string }>();
  const provider = { issuer: '', person: {} as Record<string, unknown>, forge: false };

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const code = randomBytes(12).toString('hex');
    const redirect = query.get('redirect_uri') ?? '';
    codes.set(code, {
      nonce: query.get('nonce') ?? '',
      challenge: query.get('code_challenge') ?? '',
      redirect,
    });
    const back = new URL(redirect);
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    response.writeHead(302, { location: back.href }).end();
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const known = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const proven = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const sent = form.get('client_secret') ?? decodeBasic(request.headers.authorization);
    if (
      !known ||
      proven !== known.challenge ||
      known.redirect !== form.get('redirect_uri') ||
      sent !== client.secret
    ) {
      json(response, { error: 'invalid_grant' }, 400);
      return;
    }
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: provider.issuer,
      aud: client.id,
      iat: now,
      exp: now + 60,
      nonce: known.nonce,
      ...provider.person,
    };
    const signed = `${encode({ alg: 'RS256', kid: 'k' })}.${encode(claims)}`;
    const key = provider.forge ? strangers.privateKey : keys.privateKey;
    const signature = createSign('RSA-SHA256').update(signed).sign(key).toString('base64url');
    json(response, {
      access_token: 'a',
      token_type: 'bearer',
      expires_in: 60,
      id_token: `${signed}.${signature}`,
    });
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', provider.issuer);
    if (pathname === '/authorize') authorize(searchParams, response);
    else if (pathname === '/token') void token(request, response);
    else if (pathname === '/jwks')
      json(response, {
        keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }],
      });
    else if (pathname === '/.well-known/openid-configuration')
      json(response, {
        issuer: provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        jwks_uri: `${provider.issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  provider.issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  return Object.assign(provider, {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decodeBasic(header: string | undefined): string | undefined {
  const text = Buffer.from(header?.replace(/^Basic /i, '') ?? '', 'base64').toString();
  return decodeURIComponent(text.split(':')[1] ?? '');
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
