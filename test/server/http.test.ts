import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Role, type Route, routes } from '../../server/src/contract/main.ts';
import { type Client, startTestServer, type TestServer } from './harness.ts';

let host: TestServer;
const clients = {} as Record<Role | 'nobody', Client>;

beforeAll(async () => {
  host = await startTestServer();
  clients.nobody = host.client();
  clients.administrator = await host.administrator();
  for (const role of ['trainee', 'instructor'] as const) {
    const { body } = await clients.administrator.post('/api/accounts', { name: role, role }).expect(200);
    clients[role] = host.client();
    await clients[role].signIn(role, body.password).expect(200);
  }
});
afterAll(() => host[Symbol.asyncDispose]());

function send(client: Client, route: Pick<Route<null, null>, 'method' | 'path'>, body: object = {}) {
  const path = route.path.replace(/:\w+/g, 'nothing');
  switch (route.method) {
    case 'GET':
      return client.get(path);
    case 'DELETE':
      return client.delete(path);
    case 'POST':
      return client.post(path, body);
    case 'PUT':
      return client.put(path, body);
    case 'PATCH':
      return client.patch(path, body);
  }
}

const allowed: Record<string, (Role | 'nobody')[]> = {
  signedIn: ['trainee', 'instructor', 'administrator'],
  instructor: ['instructor', 'administrator'],
  administrator: ['administrator'],
};

describe.each(Object.entries(routes).filter(([, route]) => route.access !== 'anyone'))(
  '%s',
  (_name, route) => {
    test(`is for ${route.access} only`, async () => {
      for (const who of ['nobody', 'trainee', 'instructor', 'administrator'] as const) {
        const { status, body } = await send(clients[who], route);
        if (who === 'nobody') expect([status, body.error.code]).toEqual([401, 'notSignedIn']);
        else if (!allowed[route.access]!.includes(who))
          expect([status, body.error.code]).toEqual([403, 'forbidden']);
        else expect([401, 403, 500]).not.toContain(status);
      }
    });

    test('is refused when another site’s page asks for it', async () => {
      if (route.method === 'GET') return;
      for (const headers of [
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
        { Origin: 'https://evil.example' },
        { Origin: 'null' },
        { Origin: 'http://localhost:1' },
      ]) {
        const { status, body } = await send(clients.administrator, route).set(headers);
        expect([status, body.error.code]).toEqual([403, 'crossSite']);
      }
    });
  },
);

describe.each(Object.entries(routes).filter(([, route]) => route.body !== null))('%s', (_name, route) => {
  test.each([
    ['broken JSON', '{"name": '],
    ['a list', '[1, 2]'],
    ['a number', '3'],
    ['null', 'null'],
    ['deep nesting', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['a prototype', '{"__proto__": {"role": "administrator"}, "constructor": {"prototype": {}}}'],
    [
      'values of other types',
      '{"name": {"a": 1}, "password": 5, "token": [], "path": {}, "opened": "x", "content": 1}',
    ],
  ])('answers %s with an error of the contract, never 500', async (_what, text) => {
    const { status, body } = await send(clients.administrator, route)
      .set('Content-Type', 'application/json')
      .send(text);
    if (status < 400) return;
    expect(status).toBeLessThan(500);
    expect(body.error.message).toEqual({ ko: expect.any(String), en: expect.any(String) });
  });

  test('answers a body over the limit with 413', async () => {
    const { status, body } = await send(clients.administrator, route, { name: 'x'.repeat(3_000_000) });
    expect([status, body.error.code]).toEqual([413, 'tooLarge']);
  });
});

test('a form of another site can’t pass as JSON', async () => {
  const { status } = await clients.nobody
    .post('/api/session')
    .set('Content-Type', 'text/plain')
    .send('{"name": "trainee", "password": "x"}');
  expect(status).toBe(400);
});

describe('by another name (a rebound one)', () => {
  test.each(['evil.example', 'evil.example:3000', 'localhost.evil.example', ''])(
    '%s is refused',
    async (name) => {
      const { status } = await clients.nobody.get('/api/session').set('Host', name);
      expect([400, 403]).toContain(status);
    },
  );

  test.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST:3000'])('%s is served', async (name) => {
    await clients.nobody.get('/api/session').set('Host', name).expect(200);
  });
});

describe('every answer', () => {
  test('carries a strict content policy and the other headers', async () => {
    const { headers } = await clients.nobody.get('/api/session').expect(200);
    const policy = headers['content-security-policy']!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe-eval');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['cache-control']).toBe('no-store');
  });

  test('of an unknown address is 404 in the contract’s form', async () => {
    for (const path of [
      '/api/nothing',
      '/api/',
      '/nothing.js',
      '/assets/../../package.json',
      '/%2e%2e/package.json',
    ]) {
      const { status, body } = await clients.nobody.get(path);
      expect([path, status, body.error?.code]).toEqual([path, 404, 'notFound']);
    }
  });
});

describe('the cookie', () => {
  const cookieOf = async (server: TestServer, headers: Record<string, string>) => {
    const { headers: answered } = await server
      .client()
      .post('/api/session/try-here')
      .set(headers)
      .expect(200);
    return String(answered['set-cookie']);
  };

  test('is HttpOnly and SameSite=Strict, and not Secure over plain HTTP whatever a client claims', async () => {
    const cookie = await cookieOf(host, { 'X-Forwarded-Proto': 'https' });
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
  });

  test('is Secure behind a proxy that is trusted and says TLS', async () => {
    await using behind = await startTestServer({ trustProxy: true });
    expect(await cookieOf(behind, { 'X-Forwarded-Proto': 'https' })).toMatch(/; Secure$/);
    expect(await cookieOf(behind, {})).not.toMatch(/Secure/);
  });
});

test('/healthz and /metrics answer', async () => {
  expect((await clients.nobody.get('/healthz').expect(200)).body).toEqual({ status: 'ok' });
  const { text } = await clients.nobody.get('/metrics').expect(200);
  expect(text).toContain('brokerlab_environments_open 0');
  expect(text).toContain('brokerlab_nodejs_eventloop_lag_seconds');
});
