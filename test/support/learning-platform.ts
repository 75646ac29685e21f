/** A learning platform on this machine (LTI 1.3): sends people, keeps a grade book, and is strict about both. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as jose from 'jose';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const CLIENT = 'brokerlab-client';

export interface Score {
  readonly userId: string;
  readonly scoreGiven: number;
  readonly scoreMaximum: number;
  readonly activityProgress: string;
}

export class LearningPlatform {
  readonly url: string;
  readonly scores: { readonly path: string; readonly score: Score }[] = [];
  /** The grade book is closed: every score is refused. */
  closed = false;
  /** Tokens are signed by somebody else. */
  forge = false;
  readonly #server: ReturnType<typeof createServer>;
  readonly #keys: jose.GenerateKeyPairResult;
  readonly #strangers: jose.GenerateKeyPairResult;
  readonly #tools: () => string;

  private constructor(
    server: ReturnType<typeof createServer>,
    keys: readonly [jose.GenerateKeyPairResult, jose.GenerateKeyPairResult],
    tools: () => string,
  ) {
    this.#server = server;
    [this.#keys, this.#strangers] = keys;
    this.#tools = tools;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  /** `tools`: where the tool's key set is. */
  static async start(tools: () => string): Promise<LearningPlatform> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const keys = await Promise.all([jose.generateKeyPair('RS256'), jose.generateKeyPair('RS256')]);
    return new LearningPlatform(server, keys, tools);
  }

  get settings() {
    const at = (path: string) => `${this.url}${path}`;
    return {
      name: 'Moodle',
      issuer: this.url,
      clientId: CLIENT,
      deployments: ['1'],
      authUrl: at('/auth'),
      tokenUrl: at('/token'),
      jwksUrl: at('/jwks'),
      instructors: true,
    };
  }

  /** The form that the platform has the browser send back, for a person with these claims. */
  async form(address: string, claims: Readonly<Record<string, unknown>>): Promise<URLSearchParams> {
    const asked = new URL(address).searchParams;
    for (const [name, value] of Object.entries({
      scope: 'openid',
      response_type: 'id_token',
      prompt: 'none',
    }))
      if (asked.get(name) !== value) throw new Error(`${name} is ${asked.get(name)}`);
    const { privateKey } = this.forge ? this.#strangers : this.#keys;
    const token = await new jose.SignJWT({
      nonce: asked.get('nonce'),
      [`${LTI}/version`]: '1.3.0',
      [`${LTI}/deployment_id`]: '1',
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setIssuer(this.url)
      .setAudience(CLIENT)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
    return new URLSearchParams({ id_token: token, state: asked.get('state') ?? '' });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.url);
    let body = '';
    for await (const chunk of request) body += chunk;
    try {
      if (pathname === '/jwks') {
        const key = await jose.exportJWK(this.#keys.publicKey);
        json(response, { keys: [{ ...key, kid: 'k', alg: 'RS256', use: 'sig' }] });
      } else if (pathname === '/token') json(response, await this.#token(new URLSearchParams(body)));
      else if (pathname.endsWith('/scores')) this.#take(request, response, body);
      else response.writeHead(404).end();
    } catch (error) {
      json(response, { error: String(error) }, 400);
    }
  }

  async #token(form: URLSearchParams) {
    const keys = jose.createLocalJWKSet((await (await fetch(this.#tools())).json()) as jose.JSONWebKeySet);
    await jose.jwtVerify(form.get('client_assertion') ?? '', keys, {
      issuer: CLIENT,
      subject: CLIENT,
      audience: `${this.url}/token`,
      requiredClaims: ['jti', 'exp'],
    });
    if (form.get('scope') !== 'https://purl.imsglobal.org/spec/lti-ags/scope/score') throw new Error('scope');
    return { access_token: 'good', token_type: 'bearer', expires_in: 60 };
  }

  #take(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { authorization, 'content-type': type } = request.headers;
    const known = authorization === 'Bearer good' && type === 'application/vnd.ims.lis.v1.score+json';
    if (!known || this.closed) {
      json(response, {}, known ? 503 : 401);
      return;
    }
    this.scores.push({ path: request.url ?? '', score: JSON.parse(body) as Score });
    json(response, {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
