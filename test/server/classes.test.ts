/** Classes from outside: three roles, lists as people have them, and trainees who try what is not theirs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClassDetail, RosterAnswer } from '../../server/src/contract/main.ts';
import { type Client, PASSWORD, startTestServer, type TestServer } from './harness.ts';

let host: TestServer;
let admin: Client;
let teacher: Client;
let other: Client;

beforeAll(async () => {
  host = await startTestServer({ host: '0.0.0.0' });
  admin = await host.administrator();
  teacher = await person('teacher', 'instructor');
  other = await person('other-teacher', 'instructor');
});
afterAll(() => host[Symbol.asyncDispose]());

async function person(name: string, role: 'trainee' | 'instructor'): Promise<Client> {
  await admin.post('/api/accounts', { name, role, password: PASSWORD }).expect(200);
  const client = host.client();
  await client.signIn(name, PASSWORD).expect(200);
  return client;
}

async function makeClass(by: Client, change: object = {}): Promise<ClassDetail> {
  return (await by.post('/api/classes', { title: '카프카 기초 · 11월반', ...change }).expect(200)).body;
}

async function bring(by: Client, classId: string, list: object): Promise<RosterAnswer> {
  return (await by.post(`/api/classes/${classId}/roster`, list).expect(200)).body;
}

const outcomes = (answer: RosterAnswer) => answer.lines.map(({ line, outcome }) => `${line} ${outcome}`);

describe('a class', () => {
  test('has title, dates, labs in the course’s order and its maker as instructor', async () => {
    const made = await makeClass(teacher, {
      startsOn: '2026-11-23',
      endsOn: '2026-11-27',
      labIds: ['produce-consume', 'first-topic'],
    });
    expect(made).toMatchObject({ startsOn: '2026-11-23', endsOn: '2026-11-27', role: 'instructor' });
    expect(made.labs.map(({ id }) => id)).toEqual(['first-topic', 'produce-consume']);
    expect(made.staff.map(({ name, role }) => [name, role])).toEqual([['teacher', 'instructor']]);
    expect(made.joinCode).toMatch(/^[A-Z2-9]{3}-[A-Z2-9]{3}$/);
  });

  test.each([
    { title: '' },
    { title: 'x'.repeat(121) },
    { startsOn: '2026-13-01' },
    { startsOn: '2026-11-27', endsOn: '2026-11-23' },
    { labIds: ['../../etc'] },
  ])('with %j is refused', async (change) => {
    await teacher.post('/api/classes', { title: 'x', ...change }).expect(400);
  });

  test('changed by two at once: the second is told, and nothing of the first is lost', async () => {
    const { id, revision } = await makeClass(teacher);
    await teacher.patch(`/api/classes/${id}`, { revision, title: 'first' }).expect(200);
    const late = await admin.patch(`/api/classes/${id}`, { revision, title: 'second' }).expect(409);
    expect(late.body.error.code).toBe('classChanged');
    expect((await admin.get(`/api/classes/${id}`)).body.title).toBe('first');
  });

  test('is its staff’s and the administrators’ alone', async () => {
    const { id, joinCode } = await makeClass(teacher);
    const trainee = await person('curious', 'trainee');
    await trainee.post('/api/join', { code: joinCode! }).expect(200);
    for (const [client, status] of [
      [other, 404],
      [trainee, 403],
      [host.client(), 401],
    ] as const) {
      await client.get(`/api/classes/${id}`).expect(status);
      await client.patch(`/api/classes/${id}`, { revision: 1, title: 'mine' }).expect(status);
      await client.post(`/api/classes/${id}/roster`, { text: 'x' }).expect(status);
      await client.post(`/api/classes/${id}/join-code`, { open: true }).expect(status);
      await client.put(`/api/classes/${id}/staff`, { name: 'teacher', role: null }).expect(status);
      await client.get(`/api/classes/${id}/audit`).expect(status);
      await client.delete(`/api/classes/${id}`).expect(status);
    }
    await admin.get(`/api/classes/${id}`).expect(200);
    expect((await other.get('/api/classes')).body.classes.map((one: { id: string }) => one.id)).not.toContain(
      id,
    );
  });

  test('takes assistants, who look but don’t manage, and keeps one instructor', async () => {
    const { id } = await makeClass(teacher);
    const put = (name: string, role: string | null) =>
      teacher.put(`/api/classes/${id}/staff`, { name, role });
    expect((await put('curious', 'assistant').expect(409)).body.error.code).toBe('notStaff');
    await put('other-teacher', 'assistant').expect(200);
    expect((await other.get(`/api/classes/${id}`).expect(200)).body.role).toBe('assistant');
    await other.post(`/api/classes/${id}/roster`, { text: 'x' }).expect(403);
    await other.patch(`/api/classes/${id}`, { revision: 1, title: 'mine' }).expect(403);
    expect((await put('teacher', null).expect(409)).body.error.code).toBe('lastInstructor');
    await put('other-teacher', null).expect(200);
    await other.get(`/api/classes/${id}`).expect(404);
  });

  test('an instructor sees the trainees of their own classes only', async () => {
    const { id } = await makeClass(teacher);
    const { created } = await bring(teacher, id, { text: '김보라\n이하늘', prefix: 'seen' });
    const names = async (client: Client): Promise<string[]> =>
      (await client.get('/api/trainees').expect(200)).body.trainees.map(
        (one: { account: { name: string } }) => one.account.name,
      );
    const made = created.map(({ account }) => account.name);
    expect(await names(teacher)).toEqual(expect.arrayContaining(made));
    expect(await names(other)).not.toEqual(expect.arrayContaining(made));
    expect(await names(admin)).toEqual(expect.arrayContaining(made));
  });

  test('that is removed leaves accounts and work', async () => {
    const { id } = await makeClass(teacher);
    const { created } = await bring(teacher, id, { text: '남는이', prefix: 'stays' });
    await teacher.delete(`/api/classes/${id}`).expect(204);
    await host.client().signIn(created[0]!.account.name, created[0]!.password!).expect(200);
  });
});

describe('a list', () => {
  test('makes accounts with passwords that work, shown once', async () => {
    const { id } = await makeClass(teacher);
    const { created } = await bring(teacher, id, {
      text: '이름,계정\n김민수,minsu\n이영희,\n',
      prefix: 'nov',
    });
    expect(created.map(({ account }) => [account.displayName, account.name])).toEqual([
      ['김민수', 'minsu'],
      ['이영희', 'nov-01'],
    ]);
    const client = host.client();
    await client.signIn('nov-01', created[1]!.password!).expect(200);
    const { classes } = (await client.get('/api/my/classes').expect(200)).body;
    expect(classes).toMatchObject([{ id, instructors: ['teacher'] }]);
    expect(JSON.stringify((await teacher.get(`/api/classes/${id}`)).body)).not.toContain(
      created[1]!.password!,
    );
  });

  test('hands out passwords that end when their owner has chosen one', async () => {
    const { id } = await makeClass(teacher);
    const { created } = await bring(teacher, id, { text: '새사람', prefix: 'once' });
    const { account, password } = created[0]!;
    const client = host.client();
    expect((await client.signIn(account.name, password!).expect(200)).body.passwordOnce).toBe(true);
    await client.post('/api/me/first-password', { next: 'short' }).expect(400);
    expect((await client.post('/api/me/first-password', { next: account.name.repeat(4) })).status).toBe(400);
    await client.post('/api/me/first-password', { next: 'my own long password' }).expect(204);
    expect((await client.get('/api/session').expect(200)).body.me.passwordOnce).toBe(false);
    await host.client().signIn(account.name, password!).expect(401);
    await host.client().signIn(account.name, 'my own long password').expect(200);
    // Once chosen, the old one is asked for.
    await client.post('/api/me/first-password', { next: 'another long password' }).expect(403);
  });

  test('tried first changes nothing', async () => {
    const { id } = await makeClass(teacher);
    const answer = await bring(teacher, id, { text: '하나\n둘', dryRun: true });
    expect(outcomes(answer)).toEqual(['1 new', '2 new']);
    expect((await teacher.get(`/api/classes/${id}`)).body.members).toEqual([]);
  });

  test('brought in again brings in nobody twice, and those added since', async () => {
    const { id } = await makeClass(teacher);
    await bring(teacher, id, { text: '가은\n나은', prefix: 'again' });
    const answer = await bring(teacher, id, { text: '가은\n나은\n다은', prefix: 'again' });
    expect(outcomes(answer)).toEqual(['1 already', '2 already', '3 new']);
    expect((await teacher.get(`/api/classes/${id}`)).body.members).toHaveLength(3);
  });

  test('with doubled and strange names answers each line with its number and the cure', async () => {
    const { id } = await makeClass(teacher);
    const strange = [
      '김철수,kim1',
      '김철수,kim1',
      '박,계정이름',
      ',',
      '',
      `${'긴'.repeat(81)},long`,
      '=HYPERLINK("http://x"),formula',
      '"최, ""별""",star',
      '\u202Eevil\u200B,turned',
      '👩‍💻 한별,emoji',
      ',only-account',
      '깨진\uFFFD이름,broken',
      '관리자,admin',
      '<script>alert(1)</script>,script',
      '김철수,kim2',
    ].join('\r\n');
    const answer = await bring(teacher, id, { text: strange });
    expect(outcomes(answer)).toEqual([
      '1 new',
      '2 refused',
      '3 refused',
      '6 refused',
      '7 new',
      '8 new',
      '9 new',
      '10 new',
      '11 new',
      '12 refused',
      '13 refused',
      '14 new',
      '15 new',
    ]);
    const names = Object.fromEntries(
      answer.created.map(({ account }) => [account.name, account.displayName]),
    );
    expect(names).toMatchObject({
      star: '최, "별"',
      turned: 'evil',
      emoji: '👩‍💻 한별',
      'only-account': 'only-account',
    });
    for (const line of answer.lines.filter(({ outcome }) => outcome === 'refused')) {
      expect(line.note?.ko.length).toBeGreaterThan(10);
      expect(line.note?.en.length).toBeGreaterThan(10);
    }
    expect(answer.lines.find(({ line }) => line === 15)?.note?.ko).toContain('1번째 줄');
  });

  test.each([
    ['UTF-8 with a mark', Buffer.from('\uFEFF이름,계정\n김도윤,a-', 'utf8'), 'utf-8'],
    ['UTF-16 as Excel’s “Unicode text”', Buffer.from('\uFEFF이름\t계정\r\n김도윤\ta-', 'utf16le'), 'utf-16'],
    // "이름;계정\n김도윤;a-" as Excel on a Korean Windows writes it.
    [
      'CP949',
      Buffer.concat([
        Buffer.from([0xc0, 0xcc, 0xb8, 0xa7, 0x3b, 0xb0, 0xe8, 0xc1, 0xa4, 0x0d, 0x0a]),
        Buffer.from([0xb1, 0xe8, 0xb5, 0xb5, 0xc0, 0xb1, 0x3b]),
        Buffer.from('a-'),
      ]),
      'cp949',
    ],
    // macOS takes syllables apart.
    ['decomposed', Buffer.from('이름,계정\n김도윤,a-'.normalize('NFD'), 'utf8'), 'utf-8'],
  ] as const)('in %s is read', async (_, bytes, encoding) => {
    const { id } = await makeClass(teacher);
    const account = `${encoding.replace('-', '')}-${id.slice(0, 8)}`;
    const base64 = Buffer.concat([
      bytes.subarray(0, -2 * (encoding === 'utf-16' ? 2 : 1)),
      Buffer.from(account, encoding === 'utf-16' ? 'utf16le' : 'utf8'),
    ]).toString('base64');
    const answer = await bring(teacher, id, { base64 });
    expect(answer.encoding).toBe(encoding);
    expect(answer.created.map(({ account: made }) => [made.displayName, made.name])).toEqual([
      ['김도윤', account],
    ]);
  });

  test('that is a workbook, or empty, is refused with what to do', async () => {
    const { id } = await makeClass(teacher);
    for (const bytes of [
      Buffer.from('PK\x03\x04\x00\x00'),
      Buffer.from([0xff, 0x81, 0xff]),
      Buffer.from('\n\n'),
    ]) {
      const { body } = await teacher
        .post(`/api/classes/${id}/roster`, { base64: bytes.toString('base64') })
        .expect(400);
      expect(body.error.code).toBe('rosterUnreadable');
    }
  });

  test('takes over nobody’s account', async () => {
    const { id } = await makeClass(teacher);
    await person('somebody', 'trainee');
    await admin.post('/api/accounts', { name: 'untouched', role: 'trainee' }).expect(200);
    const answer = await bring(teacher, id, { text: '남의 사람,somebody\n아직,untouched' });
    expect(outcomes(answer)).toEqual(['1 refused', '2 existing']);
    expect((await bring(admin, id, { text: '남의 사람,somebody' })).lines[0]?.outcome).toBe('existing');
  });

  test('of 60 names is brought in whole', async () => {
    const { id } = await makeClass(teacher);
    const text = Array.from({ length: 60 }, (_, index) => `수강생 ${index}`).join('\n');
    const { created } = await bring(teacher, id, { text, prefix: 'many' });
    expect(new Set(created.map(({ account }) => account.name)).size).toBe(60);
  });
});

describe('a join code', () => {
  test('lets an account in, in any writing, and once', async () => {
    const { id, joinCode } = await makeClass(teacher);
    const trainee = await person('joiner', 'trainee');
    const typed = ` ${joinCode!.toLowerCase().replace('-', ' ')} `;
    await trainee.post('/api/join', { code: typed }).expect(200);
    await trainee.post('/api/join', { code: typed }).expect(200);
    expect((await teacher.get(`/api/classes/${id}`)).body.members).toHaveLength(1);
  });

  test('lets guests in by name where the class takes them, also where “try here” is off', async () => {
    const closed = await makeClass(teacher);
    const guest = host.client();
    const refused = await guest
      .post('/api/join/guest', { code: closed.joinCode!, displayName: '손님' })
      .expect(403);
    expect(refused.body.error.code).toBe('guestsOff');
    const open = await makeClass(teacher, { guests: true });
    expect((await guest.post('/api/join/look', { code: open.joinCode! })).body).toMatchObject({
      guests: true,
      member: false,
    });
    await guest.post('/api/join/guest', { code: open.joinCode!, displayName: '손님' }).expect(200);
    const { members } = (await teacher.get(`/api/classes/${open.id}`)).body as ClassDetail;
    expect(members).toMatchObject([{ displayName: '손님', guest: true, joinedBy: 'code' }]);
    host.advance(3 * 3_600_000);
    await guest.delete('/api/session').expect(204);
    await host.server.cleanUp();
    expect((await teacher.get(`/api/classes/${open.id}`)).body.members).toHaveLength(1);
  });

  test('that was closed or replaced lets nobody in', async () => {
    const { id, joinCode } = await makeClass(teacher);
    const renewed = (await teacher.post(`/api/classes/${id}/join-code`, { open: true }).expect(200)).body;
    expect(renewed.joinCode).not.toBe(joinCode);
    const trainee = await person('too-late', 'trainee');
    await trainee.post('/api/join', { code: joinCode! }).expect(404);
    await teacher.post(`/api/classes/${id}/join-code`, { open: false }).expect(200);
    await trainee.post('/api/join', { code: renewed.joinCode }).expect(404);
  });

  test('can’t be tried out', async () => {
    await using own = await startTestServer();
    const guesser = own.client();
    const codes: string[] = [];
    for (let tries = 0; tries < 60; tries += 1) {
      codes.push((await guesser.post('/api/join/look', { code: `AAA${tries}` })).body.error.code);
    }
    expect(codes[0]).toBe('joinCodeWrong');
    expect(codes.at(-1)).toBe('rateLimited');
  });
});

describe('a trainee of a class', () => {
  test('has its labs, and no others', async () => {
    const { id } = await makeClass(teacher, { labIds: ['first-topic'] });
    const { created } = await bring(teacher, id, { text: '한정', prefix: 'limited' });
    const client = host.client();
    await client.signIn(created[0]!.account.name, created[0]!.password!).expect(200);
    const { labs } = (await client.get('/api/labs').expect(200)).body;
    expect(labs.map((lab: { id: string }) => lab.id)).toEqual(['first-topic']);
    await client.get('/api/labs/first-topic').expect(200);
    await client.get('/api/labs/produce-consume').expect(404);
  });

  test('who lost the password gets a new one from their instructor, from no other', async () => {
    const { id } = await makeClass(teacher);
    const { created } = await bring(teacher, id, { text: '잊은이', prefix: 'lost' });
    const { account } = created[0]!;
    await other.post(`/api/classes/${id}/members/${account.id}/password`).expect(404);
    const own = await makeClass(other);
    await other.post(`/api/classes/${own.id}/members/${account.id}/password`).expect(404);
    const { body } = await teacher.post(`/api/classes/${id}/members/${account.id}/password`).expect(200);
    await host.client().signIn(account.name, created[0]!.password!).expect(401);
    await host.client().signIn(account.name, body.password).expect(200);
    const { entries } = (await teacher.get(`/api/classes/${id}/audit`).expect(200)).body;
    expect(entries.map((entry: { action: string }) => entry.action)).toEqual([
      'trainee.newPassword',
      'class.roster',
      'class.create',
    ]);
    expect(entries[0]).toMatchObject({ actor: { name: 'teacher' }, subject: { name: account.name } });
    expect(JSON.stringify(entries)).not.toContain(body.password);
  });

  test('who is taken out is no member any more, and keeps the account', async () => {
    const { id } = await makeClass(teacher);
    const { created } = await bring(teacher, id, { text: '나간이', prefix: 'left' });
    const { account, password } = created[0]!;
    await other.delete(`/api/classes/${id}/members/${account.id}`).expect(404);
    await teacher.delete(`/api/classes/${id}/members/${account.id}`).expect(204);
    await host.client().signIn(account.name, password!).expect(200);
    expect((await teacher.get(`/api/classes/${id}`)).body.members).toEqual([]);
  });
});
