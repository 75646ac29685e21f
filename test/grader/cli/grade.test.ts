/** `labs grade` on a real cluster: untouched, half done, done. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawLab, loadCourse } from '../../../grader/src/lab/load.ts';
import { ROOT, runLabs } from './run-labs.ts';

const folder = mkdtempSync(join(tmpdir(), 'labs-grade-'));
const source = loadCourse(join(ROOT, 'labs')).labs.find(({ id }) => id === 'first-topic')!;
const { topic, wide, partitions, safe, retentionMs } = drawLab(source, '5').parameters as Record<
  string,
  string
>;
let cluster: Awaited<ReturnType<typeof startCluster>>;
let client: ReturnType<typeof connectCluster>;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 3 });
  client = connectCluster({ bootstrap: cluster.bootstrap });
});

afterAll(async () => {
  await client?.close();
  await cluster?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function grade() {
  const junit = join(folder, 'report.xml');
  const args = [
    'grade',
    'first-topic',
    '--bootstrap',
    cluster.bootstrap,
    '--seed',
    '5',
    '--json',
    '--junit',
    junit,
  ];
  const { exitCode, stdout } = await runLabs(args);
  const result = JSON.parse(stdout) as {
    passed: boolean;
    steps: { id: string; checks: { id: string; state: string }[] }[];
  };
  const states = Object.fromEntries(
    result.steps.flatMap((step) => step.checks.map(({ id, state }) => [id, state])),
  );
  return { exitCode, passed: result.passed, states, report: readFileSync(junit, 'utf8') };
}

it('passes nothing untouched, tells what is missing half done, and ends with 0 only when all is done', async () => {
  const untouched = await grade();
  expect([untouched.exitCode, untouched.passed]).toEqual([1, false]);
  expect(Object.values(untouched.states)).not.toContain('passed');
  expect(untouched.states['topic-deleted']).toBe('notYet');

  await client.createTopics([
    { name: String(wide), partitions: Number(partitions) },
    { name: String(topic) },
  ]);
  const half = await grade();
  expect(half.exitCode).toBe(1);
  expect(half.states).toMatchObject({
    'topic-created': 'passed',
    'wide-partitions': 'passed',
    'copies-everywhere': 'notYet',
    'refusal-read': 'skipped',
    'leader-found': 'skipped',
    'topic-deleted': 'notYet',
  });
  expect(half.report).toContain('<failure message="');

  await client.createTopics([
    { name: String(safe), replicationFactor: 3, configs: { 'retention.ms': String(retentionMs) } },
  ]);
  await client.deleteTopics([String(topic)]);
  const done = await grade();
  expect([done.exitCode, done.passed]).toEqual([0, true]);
  expect(done.states).toMatchObject({
    'retention-set': 'passed',
    'topic-created': 'skipped',
    'topic-deleted': 'passed',
  });
  expect(done.report).toContain('<skipped message="');
  expect(done.report).toMatch(
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="first-topic" time="/,
  );
});
