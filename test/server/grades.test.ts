/** Grades from outside: what counts as an attempt, what outlasts a new start, who may take them away, and in which form. */

import { join } from 'node:path';
import type { Check, Step, Verdict } from '@brokerlab/grader';
import { drawLab, readCourse } from '@brokerlab/grader';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCatalog } from '../../server/src/grading/grader.ts';
import { readAttempts, readGrades, readLabGrades } from '../../server/src/grading/grades.ts';
import { Progress } from '../../server/src/sessions/progress.ts';
import { type Client, PASSWORD, startTestServer, type TestServer } from './harness.ts';

const LABS = join(import.meta.dirname, '../../labs');
const LAB = 'first-topic';
const lab = drawLab(readCourse(LABS, LAB).labs[0]!, '1');
const stepOf = (checkId: string) => lab.steps.find(({ checks }) => checks.some(({ id }) => id === checkId))!;

let host: TestServer;
let admin: Client;
let teacher: Client;
let accounts: { id: string; name: string }[];

beforeAll(async () => {
  host = await startTestServer({ host: '0.0.0.0' });
  admin = await host.administrator();
  await admin.post('/api/accounts', { name: 'teacher', role: 'instructor', password: PASSWORD }).expect(200);
  teacher = host.client();
  await teacher.signIn('teacher', PASSWORD).expect(200);
  accounts = [];
  for (const name of ['kim', 'lee', 'park', 'choi']) {
    const made = await admin.post('/api/accounts', { name, role: 'trainee', password: PASSWORD }).expect(200);
    accounts.push({ id: made.body.account.id, name });
  }
});
afterAll(() => host[Symbol.asyncDispose]());

const idOf = (name: string) => accounts.find((account) => account.name === name)!.id;
const work = (name: string) => Progress.load(host.store, { accountId: idOf(name), labId: LAB });

interface Said {
  readonly state?: Verdict['state'];
  readonly seen?: string;
  readonly points?: number;
}

/** One look at a step, in which every check says the same. */
function look(
  progress: Progress,
  step: Step,
  { at, deed, did = null, ...says }: Said & { at: number; deed: unknown; did?: string | null },
): void {
  const verdicts = step.checks.map((check: Check): Verdict => {
    const text = { ko: `${says.seen ?? ''}`, en: `${says.seen ?? ''}` };
    const base = { checkId: check.id, message: text, expected: text, seen: text, hint: null };
    return { ...base, state: says.state ?? 'notYet', points: says.points ?? 0, pointsMax: 10 };
  });
  progress.grades.look(step, verdicts, { at, deed: () => deed, did: () => did });
}

const gradeOf = async (name: string, checkId: string) =>
  (await readGrades(host.store, { accountIds: [idOf(name)] })).filter((grade) => grade.checkId === checkId);

describe('an attempt', () => {
  test('is a command after which the check says something else, not every look', async () => {
    const progress = await work('kim');
    const step = stepOf('topic-created');
    look(progress, step, { at: 1000, deed: 0, seen: 'nothing' });
    look(progress, step, { at: 2000, deed: 0, seen: 'lag 3' });
    look(progress, step, { at: 3000, deed: 1, seen: 'nothing' });
    await progress.flush();
    expect(await gradeOf('kim', 'topic-created')).toMatchObject([{ attempts: 0, openedAt: 1000 }]);
    look(progress, step, {
      at: 4000,
      deed: 2,
      seen: '1 partition',
      points: 5,
      did: 'kafka-topics.sh --create',
    });
    look(progress, step, { at: 5000, deed: 2, seen: '1 partition, still', points: 5 });
    look(progress, step, { at: 6000, deed: 3, seen: 'gone', points: 0, did: '=cmd|x' });
    look(progress, step, { at: 9400, deed: 4, state: 'passed', points: 10, seen: '3 partitions' });
    look(progress, step, { at: 9500, deed: 5, state: 'passed', points: 10, seen: '3 partitions, still' });
    await progress.flush();
    const [grade] = await gradeOf('kim', 'topic-created');
    expect(grade).toMatchObject({ state: 'passed', points: 10, pointsMax: 10, passedAt: 9400, seconds: 8 });
    expect(grade!.attempts).toBe(3);
    const attempts = await readAttempts(host.store, { accountIds: [idOf('kim')] });
    expect(
      attempts.map(({ number, points, at, evidence }) => [number, points, at, evidence.seen.en]),
    ).toEqual([
      [1, 5, 4000, '1 partition'],
      [2, 0, 6000, 'gone'],
      [3, 10, 9400, '3 partitions'],
    ]);
  });

  test('is every answer to a question, also the same one again, until it is right', async () => {
    const progress = await work('lee');
    const step = stepOf('leader-found');
    const quiz = async () => (await gradeOf('lee', 'leader-found'))[0]!;
    look(progress, step, { at: 1000, deed: undefined });
    look(progress, step, { at: 2000, deed: 2000, seen: 'Not so', did: '7' });
    look(progress, step, { at: 2500, deed: 2000, seen: 'Not so', did: '7' });
    look(progress, step, { at: 3000, deed: 3000, seen: 'Not so', did: '7' });
    await progress.flush();
    expect((await quiz()).attempts).toBe(2);
    look(progress, step, { at: 4000, deed: 4000, state: 'passed', points: 10, seen: 'Right', did: '2' });
    look(progress, step, { at: 5000, deed: 5000, state: 'passed', points: 10, seen: 'Right', did: '3' });
    await progress.flush();
    expect(await quiz()).toMatchObject({ attempts: 3, evidence: { did: '2' } });
  });

  test('is never a look at which the check could not be judged: no points lost, but told', async () => {
    const progress = await work('park');
    const step = stepOf('topic-created');
    look(progress, step, { at: 1000, deed: 0, seen: 'nothing' });
    look(progress, step, { at: 2000, deed: 1, seen: 'half', points: 5 });
    look(progress, step, { at: 3000, deed: 2, state: 'brokenCheck', seen: 'no answer' });
    look(progress, step, { at: 3500, deed: 3, state: 'brokenCheck', seen: 'no answer' });
    await progress.flush();
    expect(await gradeOf('park', 'topic-created')).toMatchObject([
      { state: 'brokenCheck', attempts: 1, points: 5, broken: 1 },
    ]);
    const catalog = openCatalog(LABS);
    const [broken] = await readLabGrades(host.store, catalog, { accountIds: [idOf('park')] });
    expect(broken!.brokenChecks).toContain('topic-created');
    look(progress, step, { at: 4000, deed: 3, seen: 'half', points: 5 });
    await progress.flush();
    const [back] = await readLabGrades(host.store, catalog, { accountIds: [idOf('park')] });
    expect(back).toMatchObject({ brokenChecks: [], passedAt: null });
    expect(back!.pointsMax - broken!.pointsMax).toBe(10 * step.checks.length);
  });
});

test('grades of an earlier run stay when the lab is started over, and after a restart of the server', async () => {
  const progress = await work('choi');
  const step = stepOf('topic-created');
  look(progress, step, { at: 1000, deed: 0, state: 'passed', points: 10, seen: 'there' });
  await progress.flush();
  progress.reset();
  look(progress, step, { at: 5000, deed: 0, seen: 'nothing' });
  await progress.flush();
  const again = await work('choi');
  look(again, step, { at: 6000, deed: 7, seen: 'nothing' });
  look(again, step, { at: 7000, deed: 8, state: 'passed', points: 10, seen: 'there' });
  await again.flush();
  const runs = (await gradeOf('choi', 'topic-created')).map(({ run, attempts, passedAt }) => [
    run,
    attempts,
    passedAt,
  ]);
  expect(runs).toEqual([
    [1, 1, 1000],
    [2, 1, 7000],
  ]);
});

describe('GET /api/grades', () => {
  test('is for those who teach, and each sees the trainees of their own classes', async () => {
    const trainee = host.client();
    await trainee.signIn('kim', PASSWORD).expect(200);
    await trainee.get('/api/grades').expect(403);
    await host.client().get('/api/grades').expect(401);
    expect((await teacher.get(`/api/grades?accounts=${idOf('kim')}`).expect(200)).body.checks).toEqual([]);
    const { id } = (await teacher.post('/api/classes', { title: 'Class' }).expect(200)).body;
    await host.store
      .insertInto('class_members')
      .values({ class_id: id, account_id: idOf('kim'), joined_at: 1, joined_by: 'roster' })
      .execute();
    const { checks } = (await teacher.get('/api/grades').expect(200)).body;
    expect(new Set(checks.map(({ accountName }: { accountName: string }) => accountName))).toEqual(
      new Set(['kim']),
    );
    const all = (await admin.get('/api/grades?view=labs').expect(200)).body.labs;
    expect(all).toHaveLength(5);
    expect((await admin.get('/api/grades?labs=kraft').expect(200)).body.checks).toEqual([]);
    await admin.get('/api/grades?view=all').expect(400);
  });

  test('gives CSV for a spreadsheet: Korean headings, quotes, no formula', async () => {
    const of = `accounts=${idOf('kim')}`;
    const { text, headers } = await admin
      .get(`/api/grades?view=attempts&format=csv&${of}`)
      .buffer(true)
      .expect(200);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toBe('attachment; filename="grades-attempts.csv"');
    expect(text.startsWith('\uFEFF계정,실습,회차,확인,시도,상태')).toBe(true);
    expect(text).toContain("'=cmd|x");
    expect(text).not.toMatch(/(^|,)=cmd/m);
    const labs = (await admin.get(`/api/grades?view=labs&format=csv&language=en&${of}`).expect(200)).text;
    expect(labs.split('\r\n')[0]).toContain('account,name,lab,run,points,points at most');
    const checks = (await admin.get(`/api/grades?format=csv&language=en&${of}`).expect(200)).text;
    expect(checks).toContain('first-topic,1,create,topic-created,topic,passed,10,10,');
  });
});
