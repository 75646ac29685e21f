/** Sign-in by OpenID Connect, from the button to the session, with a provider that is strict; and who gets in as whom. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SessionInfo } from '../../server/src/contract/main.ts';
import { nameFrom } from '../../server/src/oidc/oidc.ts';
import { OidcSettings, readOidcSettings } from '../../server/src/oidc/settings.ts';
import { type OpenIdProvider, startProvider } from '../support/openid-provider.ts';
import { PASSWORD, startTestServer, type TestServer } from './harness.ts';

const client = { id: 'brokerlab', secret: 'a secret: of 2' };
let provider: OpenIdProvider;
let host: TestServer;

beforeAll(async () => {
  provider = await startProvider(client);
  // The provider sends people to this address; these tests go to the server's own instead.
  host = await startTestServer({ oidc: settings('http://localhost:1') });
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  await provider?.[Symbol.asyncDispose]();
});

function settings(url: string): OidcSettings {
  return OidcSettings.parse({
    issuer: provider.issuer,
    clientId: client.id,
    clientSecret: client.secret,
    url,
    instructors: ['Kim@example.com'],
  });
}

/** As a browser goes: to the provider, and back with what it was given. */
async function signIn(change: (callback: URL) => void = () => undefined) {
  const start = await fetch(`${host.url}/api/oidc/start`, { redirect: 'manual' });
  const ticket = start.headers.getSetCookie()[0]!;
  expect(ticket).toMatch(/HttpOnly; SameSite=Lax/);
  const there = await fetch(start.headers.get('location')!, { redirect: 'manual' });
  const back = new URL(there.headers.get('location')!);
  change(back);
  const answer = await fetch(`${host.url}${back.pathname}${back.search}`, {
    redirect: 'manual',
    headers: { cookie: ticket.split(';')[0]! },
  });
  const session = answer.headers.getSetCookie().find((cookie) => !cookie.startsWith('brokerlab-oidc'));
  const info = await fetch(`${host.url}/api/session`, { headers: { cookie: session?.split(';')[0] ?? '' } });
  return { page: await answer.text(), me: ((await info.json()) as SessionInfo).me };
}

test('the button is offered, and leads to an account of one’s own, the same every time', async () => {
  const info = (await host.client().get('/api/session').expect(200)).body as SessionInfo;
  expect(info.oidc).toEqual({ ko: '회사 계정', en: 'company account' });
  provider.person = {
    sub: '1',
    name: '홍길동',
    preferred_username: 'hong.gildong',
    email: 'hong@example.com',
  };
  const first = await signIn();
  expect(first.page).toContain('url=/"');
  expect(first.me).toMatchObject({
    name: 'hong.gildong',
    displayName: '홍길동',
    role: 'trainee',
    guest: false,
  });
  expect((await signIn()).me?.id).toBe(first.me?.id);
});

test('never becomes an account that has that name already, and gets a role by a verified address only', async () => {
  const admin = await host.administrator();
  await admin.post('/api/accounts', { name: 'kim', role: 'administrator', password: PASSWORD }).expect(200);
  provider.person = { sub: '2', preferred_username: 'kim', email: 'kim@example.com', email_verified: false };
  const unverified = await signIn();
  expect(unverified.me).toMatchObject({ role: 'trainee' });
  expect(unverified.me?.name).not.toBe('kim');
  provider.person = { ...provider.person, email_verified: true };
  expect((await signIn()).me).toMatchObject({ id: unverified.me?.id, role: 'instructor' });
  await admin.patch(`/api/accounts/${unverified.me?.id}`, { disabled: true }).expect(200);
  const refused = await signIn();
  expect(refused).toMatchObject({ me: null, page: expect.stringContaining('oidc=accountDisabled') });
});

test('is refused with another’s state, a code used before, a forged token, or no ticket', async () => {
  provider.person = { sub: '3', name: 'x' };
  expect((await signIn((back) => back.searchParams.set('state', 'other'))).me).toBeNull();
  expect((await signIn((back) => back.searchParams.set('code', 'none'))).me).toBeNull();
  provider.forge = true;
  expect((await signIn()).page).toContain('oidc=oidcFailed');
  provider.forge = false;
  const plain = await fetch(`${host.url}/api/oidc/callback?code=a&state=b`);
  expect(await plain.text()).toContain('oidc=oidcFailed');
});

test('a provider that is away is said to be', async () => {
  const away = OidcSettings.parse({ ...settings(host.url), issuer: 'http://localhost:9' });
  await using other = await startTestServer({ oidc: away });
  const answer = await fetch(`${other.url}/api/oidc/start`);
  expect(await answer.text()).toContain('oidc=oidcUnavailable');
});

test('settings with a mistake are refused in one sentence, and names are made fit', () => {
  expect(() => readOidcSettings('{', 'oidc.json')).toThrow('oidc.json is not JSON');
  expect(() => readOidcSettings('{"issuer": "x"}', 'oidc.json')).toThrow('oidc.json: issuer:');
  expect(['홍 길동', 'a b@c', '..x', 7].map(nameFrom)).toEqual(['', 'a-b', 'x', '']);
});
