import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountsWithPasswords } from '../../server/src/contract/main.ts';
import { type Client, PASSWORD, startTestServer, type TestServer } from './harness.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let host: TestServer;
let admin: Client;

beforeAll(async () => {
  host = await startTestServer({
    signInLimits: {
      failuresPerAccountAndAddress: 4,
      failuresPerAccount: 12,
      failuresPerAddress: 100,
      windowSeconds: 600,
    },
  });
  admin = await host.administrator();
});
afterAll(() => host[Symbol.asyncDispose]());

async function makeTrainee(name: string): Promise<{ id: string; password: string }> {
  const { body } = await admin.post('/api/accounts', { name, role: 'trainee' }).expect(200);
  return { id: body.account.id, password: body.password };
}

describe('the one-time link', () => {
  test('makes the first administrator and signs them in', async () => {
    const { body } = await admin.get('/api/session').expect(200);
    expect(body.me).toMatchObject({ name: 'admin', role: 'administrator' });
    expect(body.setupNeeded).toBe(false);
  });

  test('works once', async () => {
    const { body } = await host
      .client()
      .post('/api/setup', { token: host.server.setupToken, name: 'second', password: PASSWORD })
      .expect(409);
    expect(body.error.code).toBe('setupDone');
  });

  test('is refused when wrong, too old, or with a weak password, and then still works', async () => {
    await using fresh = await startTestServer();
    const client = fresh.client();
    const setup = (change: object) =>
      client.post('/api/setup', {
        token: fresh.server.setupToken,
        name: 'root',
        password: PASSWORD,
        ...change,
      });
    expect((await setup({ token: 'wrong' }).expect(403)).body.error.code).toBe('setupTokenWrong');
    expect((await setup({ password: 'short' }).expect(400)).body.error.field).toBe('password');
    expect((await setup({ password: 'aaaaaaaaaaaa' }).expect(400)).body.error.code).toBe('passwordTooWeak');
    fresh.advance(DAY_MS + 1);
    expect((await setup({}).expect(403)).body.error.code).toBe('setupTokenWrong');
    fresh.advance(-DAY_MS);
    await setup({}).expect(200);
  });

  test('two people with the link: one gets in', async () => {
    await using fresh = await startTestServer();
    const attempts = ['one', 'two'].map((name) =>
      fresh.client().post('/api/setup', { token: fresh.server.setupToken, name, password: PASSWORD }),
    );
    const statuses = (await Promise.all(attempts)).map((response) => response.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });
});

describe('assigned accounts', () => {
  test('are numbered past those in use, and sign in with the password shown once', async () => {
    const first = await admin.post('/api/accounts/assigned', { prefix: 'trainee', count: 2 }).expect(200);
    const second = await admin.post('/api/accounts/assigned', { prefix: 'trainee', count: 1 }).expect(200);
    const made = [...(first.body as AccountsWithPasswords).created, ...second.body.created];
    expect(made.map(({ account }) => account.name)).toEqual(['trainee-01', 'trainee-02', 'trainee-03']);
    const client = host.client();
    await client.signIn('Trainee-01', made[0]!.password).expect(200);
    expect((await client.get('/api/session')).body.me.name).toBe('trainee-01');
    const list = await admin.get('/api/accounts').expect(200);
    expect(JSON.stringify(list.body)).not.toContain(made[0]!.password);
  });

  test('no two have the same name, whatever its case', async () => {
    await makeTrainee('Same');
    const { body } = await admin.post('/api/accounts', { name: 'sAME', role: 'trainee' }).expect(409);
    expect(body.error.code).toBe('nameTaken');
  });
});

describe('signing in', () => {
  test('says the same of a wrong password and of an unknown name, after about the same time', async () => {
    await makeTrainee('slow');
    const time = async (name: string) => {
      const startedAt = performance.now();
      const { body } = await host.client().signIn(name, 'not the password').expect(401);
      return { error: body.error, ms: performance.now() - startedAt };
    };
    const known = await time('slow');
    const unknown = await time('nobody');
    expect(unknown.error).toEqual(known.error);
    expect(unknown.ms).toBeGreaterThan(known.ms / 4);
  });

  test('is refused for a while after too many failures, even with the right password', async () => {
    const { password } = await makeTrainee('guessed');
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await host.client().signIn('guessed', `wrong ${attempt}`).expect(401);
    }
    const response = await host.client().signIn('guessed', password).expect(429);
    expect(response.body.error.code).toBe('rateLimited');
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('tries sent all at once are counted one by one', async () => {
    await makeTrainee('flooded');
    const tries = Array.from({ length: 10 }, (_, index) => host.client().signIn('flooded', `wrong ${index}`));
    const statuses = (await Promise.all(tries)).map((response) => response.status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(4);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6);
  });

  test('a right password does not count against the account', async () => {
    const { password } = await makeTrainee('regular');
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await host.client().signIn('regular', password).expect(200);
    }
  });

  test('gives a new session each time, and ends the one the browser had', async () => {
    const { password } = await makeTrainee('planted');
    const client = host.client();
    await client.signIn('planted', password).expect(200);
    const before = client.cookie;
    await client.signIn('planted', password).expect(200);
    expect(client.cookie).not.toBe(before);
    const old = host.client();
    old.cookie = before;
    expect((await old.get('/api/session')).body.me).toBeNull();
  });
});

describe('a session', () => {
  test('ends on signing out, on the server too', async () => {
    const { password } = await makeTrainee('leaver');
    const client = host.client();
    await client.signIn('leaver', password).expect(200);
    const kept = client.cookie;
    await client.delete('/api/session').expect(204);
    client.cookie = kept;
    await client.get('/api/labs').expect(401);
  });

  test('ends after a day without use, and lasts while it is used', async () => {
    await using fresh = await startTestServer();
    const client = await fresh.administrator();
    for (let day = 0; day < 3; day += 1) {
      fresh.advance(20 * HOUR_MS);
      await client.get('/api/labs').expect(200);
    }
    fresh.advance(25 * HOUR_MS);
    await client.get('/api/labs').expect(401);
  });

  test('ends at its age limit even in use', async () => {
    await using fresh = await startTestServer();
    const client = await fresh.administrator();
    for (let day = 0; day < 17; day += 1) {
      fresh.advance(20 * HOUR_MS);
      await client.get('/api/session').expect(200);
    }
    await client.get('/api/labs').expect(401);
  });

  test('only its hash is in the store', async () => {
    const { password } = await makeTrainee('hashed');
    const client = host.client();
    await client.signIn('hashed', password).expect(200);
    const token = client.cookie!.split('=')[1]!;
    const rows = await host.store.selectFrom('login_sessions').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
    const accounts = await host.store.selectFrom('accounts').selectAll().execute();
    expect(accounts.find(({ name }) => name === 'hashed')?.password_hash).toMatch(/^\$argon2id\$/);
  });
});

describe('an account', () => {
  test('that is disabled loses its sessions and can’t sign in, and is told so only with the right password', async () => {
    const { id, password } = await makeTrainee('paused');
    const client = host.client();
    await client.signIn('paused', password).expect(200);
    await admin.patch(`/api/accounts/${id}`, { disabled: true }).expect(200);
    await client.get('/api/labs').expect(401);
    expect((await host.client().signIn('paused', password).expect(403)).body.error.code).toBe(
      'accountDisabled',
    );
    expect((await host.client().signIn('paused', 'wrong').expect(401)).body.error.code).toBe(
      'wrongCredentials',
    );
    await admin.patch(`/api/accounts/${id}`, { disabled: false }).expect(200);
    await host.client().signIn('paused', password).expect(200);
  });

  test('whose password is reset gets a new one, once shown, and the old ends', async () => {
    const { id, password } = await makeTrainee('forgetful');
    const { body } = await admin.post(`/api/accounts/${id}/password`).expect(200);
    await host.client().signIn('forgetful', password).expect(401);
    await host.client().signIn('forgetful', body.password).expect(200);
  });

  test('changes its own password with the old one; other windows are signed out', async () => {
    const { password } = await makeTrainee('changer');
    const [here, elsewhere] = [host.client(), host.client()];
    await here.signIn('changer', password).expect(200);
    await elsewhere.signIn('changer', password).expect(200);
    await here.post('/api/me/password', { current: 'wrong', next: PASSWORD }).expect(401);
    await here.post('/api/me/password', { current: password, next: PASSWORD }).expect(204);
    await here.get('/api/labs').expect(200);
    await elsewhere.get('/api/labs').expect(401);
    await host.client().signIn('changer', PASSWORD).expect(200);
  });

  test('keeps its language and theme', async () => {
    const { password } = await makeTrainee('setter');
    const client = host.client();
    await client.signIn('setter', password).expect(200);
    await client.patch('/api/me', { language: 'en', theme: 'dark' }).expect(200);
    expect((await client.get('/api/session')).body.me).toMatchObject({ language: 'en', theme: 'dark' });
    await client.patch('/api/me', { language: 'fr' }).expect(400);
    await client.patch('/api/me', { role: 'administrator' });
    expect((await client.get('/api/session')).body.me.role).toBe('trainee');
  });

  test('that is removed is gone with its sessions', async () => {
    const { id, password } = await makeTrainee('removed');
    const client = host.client();
    await client.signIn('removed', password).expect(200);
    await client.get('/api/labs/first-topic').expect(200);
    await admin.delete(`/api/accounts/${id}`).expect(204);
    await client.get('/api/labs').expect(401);
    expect((await admin.delete(`/api/accounts/${id}`).expect(404)).body.error.code).toBe('accountNotFound');
  });

  test('the last administrator can’t be removed, disabled or demoted', async () => {
    const { body } = await admin.get('/api/session');
    const path = `/api/accounts/${body.me.id}`;
    for (const attempt of [
      admin.delete(path),
      admin.patch(path, { disabled: true }),
      admin.patch(path, { role: 'trainee' }),
    ]) {
      expect((await attempt.expect(409)).body.error.code).toBe('lastAdministrator');
    }
  });
});

describe('try it here', () => {
  test('on loopback makes a guest of their own each time', async () => {
    const [one, other] = [host.client(), host.client()];
    const first = (await one.post('/api/session/try-here').expect(200)).body;
    const second = (await other.post('/api/session/try-here').expect(200)).body;
    expect(first).toMatchObject({ guest: true, role: 'trainee' });
    expect(second.name).not.toBe(first.name);
    await host.client().signIn(first.name, '').expect(401);
  });

  test('a guest whose session has ended is removed, others stay', async () => {
    await using own = await startTestServer();
    const [leaver, stayer] = [own.client(), own.client()];
    await leaver.post('/api/session/try-here').expect(200);
    await stayer.post('/api/session/try-here').expect(200);
    await leaver.get('/api/labs/first-topic').expect(200);
    await leaver.delete('/api/session').expect(204);
    own.advance(2 * HOUR_MS);
    await own.server.cleanUp();
    const names = (await own.store.selectFrom('accounts').select('name').execute()).map(({ name }) => name);
    expect(names).toEqual(['guest-02']);
    expect(await own.store.selectFrom('lab_progress').selectAll().execute()).toEqual([]);
  });

  test('is off where others can reach the server', async () => {
    await using open = await startTestServer({ host: '0.0.0.0' });
    const client = open.client();
    expect((await client.get('/api/session')).body.tryHere).toBe(false);
    expect((await client.post('/api/session/try-here').expect(403)).body.error.code).toBe('tryHereOff');
  });
});
