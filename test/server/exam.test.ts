/** An exam from its start to its result: nothing helps, the server's clock ends it, grades keep it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawExam, EMPTY_MEMORY, readCourse } from '@brokerlab/grader';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabContent, LabState } from '../../server/src/contract/main.ts';
import { openCatalog } from '../../server/src/grading/grader.ts';
import { readLabGrades } from '../../server/src/grading/grades.ts';
import { createBwrapDriver } from '../../server/src/sandbox/main.ts';
import { eventually } from '../support/eventually.ts';
import { Trainee } from '../support/trainee.ts';
import { type Client, PASSWORD, PROGRAM_DIRECTORY, startTestServer, type TestServer } from './harness.ts';

/** Two tasks; the first is done by one command. */
const SEED = '2.60.n58';
const LABS = join(import.meta.dirname, '../../labs');
const scratch = mkdtempSync(join(tmpdir(), 'brokerlab-exam-'));
const driverFor = (dataDir: string) => createBwrapDriver({ dataDir, programDir: PROGRAM_DIRECTORY });
const probe = await driverFor(scratch).probe();
const suite = probe.usable ? 'in a cell' : 'in a cell (skipped: no bwrap sandbox here)';

let host: TestServer;
let admin: Client;

beforeAll(async () => {
  const driver = probe.usable ? { createDriver: driverFor } : {};
  host = await startTestServer({ host: '0.0.0.0', ...driver });
  admin = await host.administrator();
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
});

async function person(name: string): Promise<{ client: Client; id: string }> {
  const made = await admin.post('/api/accounts', { name, role: 'trainee', password: PASSWORD }).expect(200);
  const client = host.client();
  await client.signIn(name, PASSWORD).expect(200);
  return { client, id: made.body.account.id };
}

/** A paper of which we know what is in it, begun now. */
async function begin(id: string, seed: string): Promise<void> {
  const columns = {
    account_id: id,
    lab_id: 'exam',
    cell_id: 'c00000000000e8a3',
    memory: JSON.stringify(EMPTY_MEMORY),
  };
  await host.store
    .insertInto('lab_progress')
    .values({ ...columns, seed, started_at: host.now(), passed_at: null })
    .execute();
}
const gradesOf = async (id: string) =>
  readLabGrades(host.store, openCatalog(LABS), { accountIds: [id], labIds: ['exam'] });

test('a paper shows what is asked, and nothing that helps', async () => {
  const { client } = await person('kim');
  expect((await client.get('/api/labs').expect(200)).body.exam).toBeNull();
  const state: LabState = (await client.post('/api/exam', { steps: 6, minutes: 30 }).expect(200)).body;
  expect(state.steps).toHaveLength(6);
  expect(state.exam?.endsAt).toBe((state.startedAt ?? 0) + 30 * 60_000);
  expect((await client.get('/api/labs').expect(200)).body.exam).toEqual({ over: false });
  const content: LabContent = (await client.get('/api/labs/exam').expect(200)).body;
  const labs = new Set(content.steps.map(({ id }) => /^(.*?)-(?=[a-z-]+$)/.exec(id)?.[1]));
  expect(labs.size).toBeGreaterThan(1);
  for (const step of content.steps) {
    expect(step).toMatchObject({ hintsTotal: 0, concepts: [], look: null });
    for (const language of ['ko', 'en'] as const) {
      const kinds = step.blocks[language].map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'command' || kind === 'note')).toEqual([]);
    }
    expect(step.checks.length).toBeGreaterThan(0);
    expect(step.checks.filter(({ quiz }) => quiz?.form === 'predict')).toEqual([]);
  }
  const [first] = content.steps;
  await client.post(`/api/labs/exam/steps/${first!.id}/hints`, { opened: 0 }).expect(409);
  const solution = await client.post(`/api/labs/exam/steps/${first!.id}/solution`).expect(200);
  expect(solution.body.commands).toEqual([]);
});

test('neither another paper nor a way back while it runs', async () => {
  const { client } = await person('lee');
  await client.post('/api/exam', { steps: 2, minutes: 30 }).expect(200);
  expect((await client.post('/api/exam', { steps: 2, minutes: 30 }).expect(409)).body.error.code).toBe(
    'examRunning',
  );
  await client.post('/api/labs/exam/reset').expect(409);
});

test('the server’s clock ends it: what was not reached counts, with no points', async () => {
  const { client, id } = await person('park');
  const { steps }: LabState = (await client.post('/api/exam', { steps: 3, minutes: 20 }).expect(200)).body;
  host.advance(21 * 60_000);
  const over: LabState = (await client.get('/api/labs/exam/state').expect(200)).body;
  expect(over.passedAt).toBe(over.exam?.endsAt);
  expect(over.steps.map(({ state }) => state)).toEqual(['locked', 'locked', 'locked']);
  await client.post(`/api/exam/steps/${steps[0]!.id}/skip`).expect(409);
  const [grade] = await gradesOf(id);
  const most = steps.flatMap(({ checks }) => checks).reduce((sum, { pointsMax }) => sum + pointsMax, 0);
  expect(grade).toMatchObject({ labId: 'exam', run: 2, points: 0, pointsMax: most });
  // The next one is another paper, and the grades keep both.
  const next: LabState = (await client.post('/api/exam', { steps: 3, minutes: 20 }).expect(200)).body;
  expect(next.passedAt).toBeNull();
  await client.post('/api/exam/hand-in').expect(200);
  expect((await gradesOf(id)).map(({ run }) => run)).toEqual([2, 3]);
});

test('an exam that nobody began cannot be opened', async () => {
  await person('choi');
  const trainee = await Trainee.signIn(host.url, 'choi', PASSWORD);
  await trainee.connect();
  await expect(trainee.send({ type: 'lab.open', labId: 'exam' })).rejects.toThrow('examNotBegun');
  trainee.close();
});

describe.skipIf(!probe.usable)(suite, () => {
  test('a task that is done earns its points, one that is skipped none, and then it is over', {
    timeout: 240_000,
  }, async () => {
    const { id } = await person('jung');
    const trainee = await Trainee.signIn(host.url, 'jung', PASSWORD);
    await begin(id, SEED);
    const { tasks } = drawExam(readCourse(LABS).labs, SEED);
    await trainee.connect();
    const terminal = await trainee.terminal((await trainee.openLab('exam'))[0]);
    const steps = async () => (await trainee.labState('exam')).steps;
    await eventually(async () => expect((await steps())[0]?.state).toBe('open'), { timeoutMs: 60_000 });

    const [task] = tasks;
    const kept = new Set(task!.checks.map((check) => check.id));
    for (const { run } of task!.step.solution.commands) {
      const of = /^lab (?:answer|wait|run) (\S+)/.exec(run)?.[1];
      if (of === undefined || kept.has(of)) await terminal.run(run, { timeoutMs: 90_000 });
    }
    await eventually(async () => expect((await steps())[0]?.state).toBe('passed'), { timeoutMs: 60_000 });
    await eventually(async () => expect((await steps())[1]?.state).toBe('open'), { timeoutMs: 60_000 });
    const second = (await steps())[1]!;
    const over = await trainee.rest<LabState>('POST', `/api/exam/steps/${second.id}/skip`);
    expect(over.passedAt).not.toBeNull();
    const points = (checks: readonly { points: number }[]) =>
      checks.reduce((sum, check) => sum + check.points, 0);
    const first = over.steps[0]!.checks;
    expect(points(first)).toBe(first.reduce((sum, { pointsMax }) => sum + pointsMax, 0));
    const [grade] = await gradesOf(id);
    expect(grade!.points).toBeGreaterThanOrEqual(points(first));
    expect(grade!.points).toBeLessThan(grade!.pointsMax);
    trainee.close();
  });
});
