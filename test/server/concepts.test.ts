/** Concept pages from outside: listed with the course, reachable from the steps that use them, and linked in order. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConceptPage, Course, LabContent } from '../../server/src/contract/main.ts';
import { type Client, startTestServer, type TestServer } from './harness.ts';

let host: TestServer;
let guest: Client;

beforeAll(async () => {
  host = await startTestServer();
  guest = host.client();
  await guest.post('/api/session/try-here').expect(200);
});
afterAll(() => host[Symbol.asyncDispose]());

test('every concept of the course has a page in both languages with a live figure, and leads on', async () => {
  const course: Course = (await guest.get('/api/labs').expect(200)).body;
  expect(course.concepts.length).toBeGreaterThanOrEqual(12);
  for (const [index, { id, title }] of course.concepts.entries()) {
    const page: ConceptPage = (await guest.get(`/api/concepts/${id}`).expect(200)).body;
    expect(page.title).toEqual(title);
    expect(page.summary.ko).not.toBe('');
    expect(page.blocks.ko.filter(({ kind }) => kind === 'figure').length, id).toBeGreaterThan(0);
    expect(
      page.blocks.en.map(({ kind }) => kind),
      id,
    ).toEqual(page.blocks.ko.map(({ kind }) => kind));
    expect(page.previous?.id).toBe(course.concepts[index - 1]?.id);
    expect(page.next?.id).toBe(course.concepts[index + 1]?.id);
  }
});

test('a step leads to its concepts, and the concept back to the lab', async () => {
  const lab: LabContent = (await guest.get('/api/labs/first-topic').expect(200)).body;
  for (const step of lab.steps) expect(step.concepts.length, step.id).toBeGreaterThan(0);
  const [concept] = lab.steps[0]!.concepts;
  const page: ConceptPage = (await guest.get(`/api/concepts/${concept!.id}`).expect(200)).body;
  expect(page.labs.map(({ id }) => id)).toContain('first-topic');
});

test('a concept that is not there is not found; without signing in there is none', async () => {
  await guest.get('/api/concepts/nothing').expect(404);
  await guest.get('/api/concepts/..%2F..%2Fetc').expect(404);
  await host.client().get('/api/concepts/topic').expect(401);
});
