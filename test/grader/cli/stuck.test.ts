/** `labs test` of a lab with commands that never end: told like any other failure, with step and command. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runLabs } from './run-labs.ts';

const folder = mkdtempSync(join(tmpdir(), 'labs-stuck-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const YAML = `id: stuck
minutes: 5
clusters: [{ id: main, brokers: 1 }]
steps:
  - id: endless
    checks: [{ id: made, kind: topic, topic: orders }]
    solution: { commands: [echo before, "echo reading; cat"] }
    wrongAnswers:
      - { id: silent, commands: [cat], fails: { made: { ko: 없어요, en: no topic } } }
`;
const TEXT = `# Title
Summary.

## endless: Endless

Do it.

:::checks
- made: made
:::

:::hint
One.
:::

:::solution
Why.
:::
`;

it('names the step and the command that did not end, and what it printed', { timeout: 120_000 }, async () => {
  mkdirSync(join(folder, 'stuck'));
  writeFileSync(join(folder, 'course.yaml'), 'title: { ko: 과정, en: Course }\nlabs: [stuck]\n');
  writeFileSync(join(folder, 'stuck/lab.yaml'), YAML);
  for (const locale of ['ko', 'en']) writeFileSync(join(folder, `stuck/${locale}.md`), TEXT);
  const args = ['test', 'stuck', '--labs', folder, '--seeds', '1', '--command-seconds', '2'];
  const { exitCode, stdout, stderr } = await runLabs(args, 110_000);
  expect(exitCode).toBe(1);
  expect(stderr).not.toContain('    at ');
  expect(stdout).toContain('stuck seed 1: 2 problems');
  expect(stdout).toContain(
    'lab.yaml:5: In the solution: This command did not end: echo reading; cat within 2 s. It printed:\nreading',
  );
  expect(stdout).toContain(
    'In the wrong answer silent: This command did not end: cat within 2 s. It printed nothing.',
  );
});
