/** Coming in from a learning platform, with its courses as classes, its links as labs, and points in its grade book. */
import * as jose from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClassCard, ClassDetail, SessionInfo } from '../../server/src/contract/main.ts';
import { LtiSettings, readLtiSettings } from '../../server/src/lti/settings.ts';
import { LearningPlatform } from '../support/learning-platform.ts';
import { PASSWORD, startTestServer, type TestServer } from './harness.ts';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const DEEP = 'https://purl.imsglobal.org/spec/lti-dl/claim';
const ROLE = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';
const LAB = 'first-topic';

let platform: LearningPlatform;
let host: TestServer;

beforeAll(async () => {
  platform = await LearningPlatform.start(() => `${host.url}/api/lti/jwks`);
  const settings = { url: 'https://room.example.com/', platforms: [platform.settings] };
  host = await startTestServer({ lti: LtiSettings.parse(settings) });
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
});

const link = (subject: string, role: string, more: object = {}) => ({
  sub: subject,
  name: `${subject} 님`,
  [`${LTI}/message_type`]: 'LtiResourceLinkRequest',
  [`${LTI}/roles`]: [`${ROLE}${role}`],
  [`${LTI}/context`]: { id: 'course-7', title: '카프카 입문' },
  [`${LTI}/custom`]: { lab: LAB },
  'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
    scope: ['https://purl.imsglobal.org/spec/lti-ags/scope/score'],
    lineitem: `${platform.url}/items/4?type_id=1`,
  },
  ...more,
});

/** As a browser goes: here, to the platform, and back here with its form. */
async function come(claims: object, change: (form: URLSearchParams) => void = () => undefined) {
  const query = new URLSearchParams({ iss: platform.url, login_hint: 'h', client_id: 'brokerlab-client' });
  const start = await fetch(`${host.url}/api/lti/login?${query}`, { redirect: 'manual' });
  const ticket = start.headers.getSetCookie()[0] ?? '';
  expect(ticket).toMatch(/HttpOnly; Secure; SameSite=None$/);
  const address = start.headers.get('location') ?? '';
  expect(new URL(address).searchParams.get('redirect_uri')).toBe('https://room.example.com/api/lti/launch');
  const form = await platform.form(address, { ...claims });
  change(form);
  const answer = await fetch(`${host.url}/api/lti/launch`, {
    method: 'POST',
    // The form is the other site's.
    headers: { cookie: ticket.split(';')[0] ?? '', origin: platform.url, 'sec-fetch-site': 'cross-site' },
    body: form,
    redirect: 'manual',
  });
  const client = host.client();
  client.cookie = answer.headers
    .getSetCookie()
    .find((cookie) => !cookie.startsWith('brokerlab-lti'))
    ?.split(';')[0];
  const info = await client.get('/api/session').expect(200);
  return { status: answer.status, page: await answer.text(), me: (info.body as SessionInfo).me, client };
}

test('a learner comes to the lab of the link, and into the class once the instructor has come', async () => {
  const early = await come(link('minsu', 'Learner'));
  expect(early.page).toContain(`url=/labs/${LAB}"`);
  expect(early.me).toMatchObject({ displayName: 'minsu 님', role: 'trainee', guest: false });
  const teacher = await come(link('teacher', 'Instructor'));
  expect(teacher.me?.role).toBe('instructor');
  const late = await come(link('jisu', 'Learner'));
  await come(link('jisu', 'Learner'));
  const { classes } = (await teacher.client.get('/api/classes').expect(200)).body as { classes: ClassCard[] };
  const [card] = classes;
  const room = (await teacher.client.get(`/api/classes/${card?.id}`).expect(200)).body as ClassDetail;
  expect(room.title).toBe('카프카 입문');
  expect(room.members.map(({ accountId }) => accountId).sort()).toEqual([early.me?.id, late.me?.id].sort());
  const second = await come(link('assistant', 'Instructor'));
  await second.client.get(`/api/classes/${card?.id}`).expect(200);
});

test('points go to the grade book: once, the best ones, and again after it was closed', async () => {
  const { me } = await come(link('grade', 'Learner'));
  const pass = (checkId: string, points: number, changedAt = Date.now()) =>
    host.store
      .insertInto('check_grades')
      .values({
        account_id: me?.id ?? '',
        lab_id: LAB,
        run: 1,
        step_id: 'create',
        check_id: checkId,
        kind: 'topic',
        state: 'passed',
        points,
        points_max: points,
        attempts: 1,
        broken: 0,
        opened_at: Date.now(),
        passed_at: Date.now(),
        changed_at: changedAt,
        evidence: '{}',
      })
      .execute();
  const of = () => platform.scores.filter(({ score }) => score.userId === 'grade');
  await host.server.sendPoints();
  expect(of()).toEqual([]);
  await pass('topic-created', 10);
  host.advance(1_000);
  await host.server.sendPoints();
  await host.server.sendPoints();
  expect(of()).toHaveLength(1);
  expect(of()[0]).toMatchObject({
    path: '/items/4/scores?type_id=1',
    score: { scoreGiven: 10, activityProgress: 'InProgress' },
  });
  expect(of()[0]?.score.scoreMaximum).toBeGreaterThan(10);

  platform.closed = true;
  await pass('described', 5, Date.now() + 2_000);
  host.advance(3_000);
  await host.server.sendPoints();
  platform.closed = false;
  await host.server.sendPoints();
  expect(of(), 'not at once').toHaveLength(1);
  host.advance(60_000);
  await host.server.sendPoints();
  expect(of().map(({ score }) => score.scoreGiven)).toEqual([10, 15]);
});

test('an instructor puts a lab into the course, with a column for its points', async () => {
  const request = {
    sub: 'teacher',
    [`${LTI}/message_type`]: 'LtiDeepLinkingRequest',
    [`${LTI}/roles`]: [`${ROLE}Instructor`],
    [`${LTI}/launch_presentation`]: { locale: 'en-GB' },
    [`${DEEP}/deep_linking_settings`]: { deep_link_return_url: `${platform.url}/deep?a="b`, data: 'kept' },
  };
  const { page } = await come(request);
  expect(page).toContain('<h1>Choose the lab to put into your course</h1>');
  expect(page).toContain(`action="${platform.url}/deep?a=&#34;b"`);
  const tokens = [...page.matchAll(/name="JWT" value="([^"]+)"/g)].map(([, token]) => token ?? '');
  expect(tokens.length).toBeGreaterThan(10);
  const keys = jose.createRemoteJWKSet(new URL(`${host.url}/api/lti/jwks`));
  const { payload } = await jose.jwtVerify(tokens[0] ?? '', keys, {
    issuer: 'brokerlab-client',
    audience: platform.url,
  });
  expect(payload).toMatchObject({ [`${LTI}/deployment_id`]: '1', [`${DEEP}/data`]: 'kept' });
  expect(payload[`${DEEP}/content_items`]).toMatchObject([
    { type: 'ltiResourceLink', url: 'https://room.example.com/api/lti/launch', custom: { lab: LAB } },
  ]);
  const learner = await come({ ...request, [`${LTI}/roles`]: [`${ROLE}Learner`] });
  expect(learner).toMatchObject({ status: 400, me: null });
});

test('is refused when it is not the platform’s word, for this browser, now', async () => {
  const me = link('mallory', 'Learner');
  const refused = { status: 400, me: null };
  platform.forge = true;
  expect(await come(me)).toMatchObject(refused);
  platform.forge = false;
  expect(await come(me, (form) => form.set('state', 'other'))).toMatchObject(refused);
  expect(await come({ ...me, nonce: 'other' })).toMatchObject(refused);
  expect(await come({ ...me, [`${LTI}/deployment_id`]: '2' })).toMatchObject(refused);
  expect(await come({ ...me, [`${LTI}/version`]: '1.1' })).toMatchObject(refused);
  const { page } = await come({ ...me, [`${LTI}/message_type`]: 'LtiSomething' });
  expect(page).toContain('in a new window');
  const stranger = await fetch(`${host.url}/api/lti/login?iss=https://other.example&login_hint=h`);
  expect(await stranger.text()).toContain('not registered here');
  const bare = await fetch(`${host.url}/api/lti/launch`, { method: 'POST', body: new URLSearchParams({}) });
  expect(bare.status).toBe(400);
});

test('never becomes an account that has that name already; a disabled one stays out', async () => {
  const admin = await host.administrator();
  await admin.post('/api/accounts', { name: 'boss', role: 'administrator', password: PASSWORD }).expect(200);
  const { me } = await come(link('9', 'Learner', { preferred_username: 'boss' }));
  expect(me).toMatchObject({ role: 'trainee' });
  expect(me?.name).not.toBe('boss');
  await admin.patch(`/api/accounts/${me?.id}`, { disabled: true }).expect(200);
  expect(await come(link('9', 'Learner'))).toMatchObject({ status: 403, me: null });
});

test('settings with a mistake are refused in one sentence', () => {
  const one = { ...platform.settings, tokenUrl: 'http://moodle.example.com/token' };
  const text = JSON.stringify({ url: 'https://room.example.com', platforms: [one] });
  expect(() => readLtiSettings('{', 'lti.json')).toThrow('lti.json is not JSON');
  expect(() => readLtiSettings(text, 'lti.json')).toThrow(
    'lti.json: platforms.0.tokenUrl: must begin with https://',
  );
});
