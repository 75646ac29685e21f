/** `--author`: a saved lab is there at once; a broken one stays as it last was, and only its author is told why. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LabContent, LabState } from '../../server/src/contract/main.ts';
import { AuthoredCatalog } from '../../server/src/grading/authored-catalog.ts';
import { ROOT, runLabs } from '../grader/cli/run-labs.ts';
import { eventually } from '../support/eventually.ts';
import { type Client, PASSWORD, startTestServer, type TestServer } from './harness.ts';

const LAB = 'greet';
const folder = mkdtempSync(join(tmpdir(), 'brokerlab-author-'));
const labs = join(folder, 'labs');
let catalog: AuthoredCatalog;
let host: TestServer;
let author: Client;
let trainee: Client;

beforeAll(async () => {
  cpSync(join(ROOT, 'test/support/empty-course'), labs, { recursive: true });
  expect(await runLabs(['new', LAB, '--labs', labs])).toMatchObject({ exitCode: 0 });
  catalog = new AuthoredCatalog(labs, () => undefined);
  host = await startTestServer({ host: '0.0.0.0', catalog });
  author = await host.administrator();
  await author.post('/api/accounts', { name: 'kim', role: 'trainee', password: PASSWORD }).expect(200);
  trainee = host.client();
  await trainee.signIn('kim', PASSWORD).expect(200);
});
afterAll(async () => {
  catalog?.close();
  await host?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const path = (name: string) => join(labs, LAB, name);
const change = (name: string, from: string, to: string) =>
  writeFileSync(path(name), readFileSync(path(name), 'utf8').replace(from, to));
const content = async (who: Client): Promise<LabContent> =>
  (await who.get(`/api/labs/${LAB}`).expect(200)).body;
const state = async (who: Client): Promise<LabState> =>
  (await who.get(`/api/labs/${LAB}/state`).expect(200)).body;

test('what is saved is there for everybody', async () => {
  const before = await content(trainee);
  expect(before.title.en).toBe('A new lab');
  change('en.md', '# A new lab', '# Greetings');
  await eventually(async () => expect((await content(trainee)).title.en).toBe('Greetings'));
  expect((await content(author)).title.en).toBe('Greetings');
  const { variant, mistakes } = await state(trainee);
  expect(variant).not.toBe(before.variant);
  expect(mistakes).toEqual([]);
});

test('a mistake is told to the author with file, line and cure, and nobody loses the last good version', async () => {
  change('lab.yaml', 'kind: topic', 'kind: topik');
  await eventually(async () => expect((await state(author)).mistakes).toHaveLength(1));
  const [mistake] = (await state(author)).mistakes;
  const line = readFileSync(path('lab.yaml'), 'utf8')
    .split('\n')
    .findIndex((text) => text.includes('topik'));
  expect(mistake).toMatchObject({ line: line + 1, message: expect.stringContaining('topic') });
  expect(mistake?.file).toMatch(/greet\/lab\.yaml$/);
  expect((await state(trainee)).mistakes).toEqual([]);
  expect((await content(trainee)).title.en).toBe('Greetings');

  change('lab.yaml', 'kind: topik', 'kind: topic');
  await eventually(async () => expect((await state(author)).mistakes).toEqual([]));
});

test('a lab that is made meanwhile is there, too', async () => {
  expect(await runLabs(['new', 'later', '--labs', labs])).toMatchObject({ exitCode: 0 });
  await eventually(async () => expect((await author.get('/api/labs').expect(200)).body.labs).toHaveLength(2));
});

test('a course that cannot be read any more is told, and the labs stay', async () => {
  const file = join(labs, 'course.yaml');
  const good = readFileSync(file, 'utf8');
  writeFileSync(file, 'title: {\n');
  await eventually(async () => expect((await state(author)).mistakes[0]?.file).toMatch(/course\.yaml$/));
  expect((await content(trainee)).title.en).toBe('Greetings');
  writeFileSync(file, good);
  await eventually(async () => expect((await state(author)).mistakes).toEqual([]));
});
