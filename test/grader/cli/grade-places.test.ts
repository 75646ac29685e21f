/** `labs grade` of a lab with two clusters, a file and a program: each is looked for where the call says it is. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@brokerlab/broker';
import { connectCluster } from '@brokerlab/broker/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runLabs } from './run-labs.ts';

const folder = mkdtempSync(join(tmpdir(), 'labs-places-'));
const home = join(folder, 'home');
let near: Awaited<ReturnType<typeof startCluster>>;
let far: Awaited<ReturnType<typeof startCluster>>;

const YAML = `id: places
minutes: 5
clusters:
  - { id: near, brokers: 1 }
  - { id: far, brokers: 1, firstPort: 9192 }
steps:
  - id: both
    checks:
      - { id: here, kind: topic, topic: orders }
      - { id: there, kind: topic, cluster: far, topic: copied }
      - { id: noted, kind: file, path: note.txt, contains: [done], points: 5 }
      - { id: runs, kind: program, command: bash program.sh, files: [program.sh], result: { exit: success } }
    solution: { commands: [echo done > note.txt] }
    wrongAnswers:
      - { id: nothing, commands: [ls], fails: { here: { ko: 없어요, en: no topic } } }
`;
const TEXT = `# Title
Summary.

## both: Both

Do it.

:::checks
- here: here
- there: there
- noted: noted
- runs: runs
:::

:::hint
One.
:::

:::solution
Why.
:::
`;

beforeAll(async () => {
  mkdirSync(join(folder, 'labs/places'), { recursive: true });
  mkdirSync(home);
  writeFileSync(join(folder, 'labs/course.yaml'), 'title: { ko: 과정, en: Course }\nlabs: [places]\n');
  writeFileSync(join(folder, 'labs/places/lab.yaml'), YAML);
  for (const locale of ['ko', 'en']) writeFileSync(join(folder, `labs/places/${locale}.md`), TEXT);
  [near, far] = await Promise.all([startCluster({ brokers: 1 }), startCluster({ brokers: 1 })]);
  for (const [cluster, name] of [
    [near, 'orders'],
    [far, 'copied'],
  ] as const) {
    const client = connectCluster({ bootstrap: cluster.bootstrap });
    await client.createTopics([{ name }]);
    await client.close();
  }
});
afterAll(async () => {
  await Promise.all([near?.[Symbol.asyncDispose](), far?.[Symbol.asyncDispose]()]);
  rmSync(folder, { recursive: true, force: true });
});

async function grade(...more: string[]) {
  const junit = join(folder, 'report.xml');
  const labs = join(folder, 'labs');
  const args = ['grade', 'places', '--labs', labs, '--bootstrap', near.bootstrap, '--json', '--junit', junit];
  const { exitCode, stdout, stderr } = await runLabs([...args, ...more]);
  if (exitCode === 2) return { exitCode, stderr, states: {}, points: '', report: '' };
  const result = JSON.parse(stdout) as {
    points: number;
    pointsMax: number;
    steps: { checks: { id: string; state: string }[] }[];
  };
  const states = Object.fromEntries(
    result.steps.flatMap((step) => step.checks.map(({ id, state }) => [id, state])),
  );
  const points = `${result.points}/${result.pointsMax}`;
  return { exitCode, stderr, states, points, report: readFileSync(junit, 'utf8') };
}

it('says which cluster is missing, and which it does not know', async () => {
  expect(await grade()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--cluster far=HOST:PORT'),
  });
  expect(await grade('--cluster', 'elsewhere=localhost:1')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('no further cluster of places'),
  });
});

it('looks at each cluster; files and programs count once the home is known', async () => {
  const other = ['--cluster', `far=${far.bootstrap}`];
  const without = await grade(...other);
  expect(without).toMatchObject({
    exitCode: 0,
    points: '20/20',
    states: { here: 'passed', there: 'passed', noted: 'skipped', runs: 'skipped' },
  });
  expect(without.report).toContain('skipped="2"');

  const empty = await grade(...other, '--home', home);
  expect(empty).toMatchObject({ exitCode: 1, points: '20/35', states: { noted: 'notYet', runs: 'notYet' } });

  writeFileSync(join(home, 'note.txt'), 'done\n');
  writeFileSync(join(home, 'program.sh'), 'exit 3\n');
  expect(await grade(...other, '--home', home)).toMatchObject({
    exitCode: 1,
    states: { noted: 'passed', runs: 'notYet' },
  });

  writeFileSync(join(home, 'program.sh'), 'test -n "$KAFKA_BOOTSTRAP"\n');
  expect(await grade(...other, '--home', home)).toMatchObject({ exitCode: 0, points: '35/35' });
});

it('tells in its report what judging took: a program that sleeps for a second took more', async () => {
  writeFileSync(join(home, 'program.sh'), 'sleep 1\n');
  const { report } = await grade('--cluster', `far=${far.bootstrap}`, '--home', home);
  const seconds = (name: string) =>
    Number(new RegExp(`name="${name}"[^>]* time="([\\d.]+)"`).exec(report)?.[1]);
  expect(seconds('here')).toBeGreaterThan(0);
  expect(seconds('runs')).toBeGreaterThanOrEqual(1);
  expect(seconds('places')).toBeGreaterThan(seconds('runs'));
});
