/** The commands' contracts: what they print, and how they end. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT, runLabs } from './run-labs.ts';

const folder = mkdtempSync(join(tmpdir(), 'labs-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The course as its file lists it. */
const course = [...readFileSync(join(ROOT, 'labs/course.yaml'), 'utf8').matchAll(/^ {2}- (\S+)$/gm)].map(
  ([, id]) => id!,
);

describe.concurrent('labs', () => {
  it('list prints one lab a line, its id first', async () => {
    const { exitCode, stdout } = await runLabs(['list']);
    expect(exitCode).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/\s+/)[0]),
    ).toEqual(course);
    expect(course.slice(0, 2)).toEqual(['first-topic', 'produce-consume']);
  });

  it('lint ends with 0 when nothing is wrong', async () => {
    const { exitCode, stdout } = await runLabs(['lint']);
    expect([exitCode, stdout]).toEqual([0, `${course.join(', ')}: nothing to mend.\n`]);
  });

  it('lint ends with 1 and names file and line of what is wrong, in every lab', async () => {
    const labs = join(folder, 'broken');
    cpSync(join(ROOT, 'labs'), labs, { recursive: true });
    const yaml = join(labs, 'first-topic/lab.yaml');
    writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('kind: topic', 'kind: topik'));
    const text = join(labs, 'produce-consume/ko.md');
    writeFileSync(text, readFileSync(text, 'utf8').replace('메시지를 보내요', '메세지를 보내요'));
    const { exitCode, stdout } = await runLabs(['lint', '--labs', labs]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /first-topic\/lab\.yaml:\d+: steps\[0\]\.checks\[0\]\.kind is "topik", which is no kind of check/,
    );
    expect(stdout).toMatch(
      /produce-consume\/ko\.md:\d+: "메세지" is not a word of the course\. Write 메시지\./,
    );
    const list = await runLabs(['list', '--labs', labs]);
    expect(list.exitCode).toBe(1);
    expect(list.stderr).toMatch(/^\S+lab\.yaml:\d+: .*\n$/);
    expect(list.stdout).toMatch(/^produce-consume /m);
    expect(list.stdout).not.toMatch(/^first-topic /m);
  });

  it('show --json has all that a lab is, with the parameters of the seed filled in', async () => {
    const { exitCode, stdout } = await runLabs(['show', 'first-topic', '--seed', '7', '--json']);
    expect(exitCode).toBe(0);
    const lab = JSON.parse(stdout);
    expect(lab.steps.map((step: { id: string }) => step.id)).toEqual([
      'create',
      'look',
      'partitions',
      'replication',
      'retention',
      'grow',
      'delete',
    ]);
    expect(lab.steps[0].solution.commands).toEqual([
      `kafka-topics.sh --bootstrap-server localhost:9092 --create --topic ${lab.parameters.topic}`,
    ]);
    expect(lab.steps[0].text.ko).toContain('토픽');
    expect(lab.steps[0].text.en).toContain('topic');
    expect(lab.steps[3].wrongAnswers.length).toBeGreaterThan(1);
    expect(stdout).not.toContain('{{');
    expect((await runLabs(['show', 'first-topic', '--seed', '7', '--json'])).stdout).toBe(stdout);
  });

  it.each([
    [[], 0, /^Usage: npm run labs/],
    [['--help'], 0, /^Usage: npm run labs/],
    [['lint', '--help'], 0, /^Usage: npm run labs/],
    [
      ['liste'],
      2,
      /^There is no command "liste"\. There are list, lint, show, test, grade, handout, new, import, schema\.\n$/,
    ],
    [['show'], 2, /^Say which lab: labs show ID\./],
    [['show', 'nope'], 2, new RegExp(`^There is no lab nope\\. There are ${course.join(', ')}\\.\n$`)],
    [['lint', 'nope'], 2, /^There is no lab nope\./],
    [['show', 'first-topic', 'produce-consume'], 2, /takes one lab's id/],
    [['lint', '--strict'], 2, /^labs lint has no option --strict\. It takes --labs, --json\.\n$/],
    [['show', 'first-topic', '--seed'], 2, /^--seed needs a value\.\n$/],
    [['list', '--labs', '/nowhere'], 1, /course\.yaml:1: There is no such file\./],
    [['test', '--seeds', '0'], 2, /^--seeds 0 is no whole number from 1 to 100\.\n$/],
    [
      ['test', '--bootstrap', 'localhost'],
      2,
      /^--bootstrap localhost is no HOST:PORT\. Write for instance localhost:9092\.\n$/,
    ],
    [['test', '--tools', '/nowhere'], 2, /^There is no kafka-topics\.sh in \/nowhere\./],
    [['grade', 'first-topic'], 2, /^Say which cluster: labs grade ID --bootstrap HOST:PORT\.\n$/],
    [['grade', 'first-topic', '--bootstrap', 'localhost:70000'], 2, /is no HOST:PORT/],
    [
      ['grade', 'first-topic', '--bootstrap', 'localhost:1'],
      1,
      /^The cluster at localhost:1 cannot be read: .*\n$/,
    ],
    [
      ['grade', 'first-topic', '--bootstrap', 'localhost:1', '--language', 'fr'],
      2,
      /^--language fr is not known/,
    ],
  ])('%j ends with %i and one sentence', async (args, exitCode, text) => {
    const ran = await runLabs(args);
    expect(`${ran.stdout}${ran.stderr}`).toMatch(text);
    expect(ran.exitCode).toBe(exitCode);
  });
});
