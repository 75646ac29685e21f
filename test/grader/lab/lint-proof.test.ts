/** What lint finds by looking at a lab as a whole: each mistake gives one sentence with file, line and cure. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lintLab } from '../../../grader/src/lab/lint.ts';
import { loadLab } from '../../../grader/src/lab/load.ts';

const root = mkdtempSync(join(tmpdir(), 'labs-lint-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const YAML = `id: sample
minutes: 5
parameters:
  topic: { oneOf: [orders, payments] }
steps:
  - id: create
    concepts: [topic]
    setup:
      - file: { path: plan.json, from: plan.json }
    checks:
      - { id: there, kind: topic, topic: "{{topic}}", partitions: 3 }
      - { id: guess, kind: quiz, form: predict, choices: [more, less], answer: more }
    solution:
      commands:
        - lab answer guess more
        - kafka-topics.sh --bootstrap-server localhost:9092 --create --topic {{topic}} --partitions 3
    wrongAnswers:
      - id: nothing
        commands: [kafka-topics.sh --bootstrap-server localhost:9092 --list]
        fails:
          there: { ko: 없어요, en: no topic }
          guess: { ko: 예상, en: prediction }
`;

const TEXT = `# Title

Summary with a [link](/concepts/topic) and [another](#create).

## create: Create {{topic}}

Do this.

\`\`\`run
kafka-topics.sh --bootstrap-server localhost:9092 --list
\`\`\`

:::quiz guess
Which?
- more: More than yesterday
- less: Less than yesterday
---
More than yesterday.
:::

:::checks
- there: It is there
- guess: You guessed
:::

:::hint
One.
:::

:::hint
Two.
:::

:::hint
\`kafka-topics.sh --create --topic …\`
:::

:::solution
Why.
:::
`;

interface Change {
  readonly file: 'lab.yaml' | 'en.md';
  readonly from: string;
  readonly to: string;
}

let count = 0;
function lint(change?: Change): string[] {
  const course = join(root, `course-${count++}`);
  const put = (path: string, text: string) => {
    mkdirSync(join(course, path, '..'), { recursive: true });
    writeFileSync(join(course, path), text);
  };
  const changed = (file: Change['file'], text: string) => {
    if (change?.file !== file) return text;
    expect(text).toContain(change.from);
    return text.replace(change.from, change.to);
  };
  put('sample/lab.yaml', changed('lab.yaml', YAML));
  const english = changed('en.md', TEXT);
  // The same commands in both languages.
  const command = /```run\n[^`]*```/;
  put(
    'sample/ko.md',
    TEXT.replace(command, () => command.exec(english)?.[0] ?? ''),
  );
  put('sample/en.md', english);
  put('sample/files/plan.json', '{}');
  put('concepts/topic/ko.md', '# 토픽');
  return lintLab(loadLab(join(course, 'sample'))).map(
    ({ file, line, message }) => `${file.split('/').at(-1)}:${line} ${message}`,
  );
}

it('finds nothing in a lab that is right', () => {
  expect(lint()).toEqual([]);
});

it.each<[what: string, change: Change, told: RegExp]>([
  [
    'an option in the text that no proof types',
    { file: 'en.md', from: '9092 --list', to: '9092 --describe' },
    /^en\.md:9 `kafka-topics\.sh --describe` is typed neither by the solution nor .* Add it to them, or take it out/,
  ],
  [
    'a tool in the text that no proof types',
    {
      file: 'en.md',
      from: 'kafka-topics.sh --bootstrap-server localhost:9092 --list',
      to: 'kafka-acls.sh --list',
    },
    /^en\.md:9 `kafka-acls\.sh` is typed neither/,
  ],
  [
    'a step without wrong answers',
    { file: 'lab.yaml', from: YAML.slice(YAML.indexOf('    wrongAnswers:')), to: '' },
    /^lab\.yaml:6 The step create has no wrong answer\. Add under wrongAnswers a mistake/,
  ],
  [
    'a check that no wrong answer fails',
    { file: 'lab.yaml', from: '          guess: { ko: 예상, en: prediction }\n', to: '' },
    /^lab\.yaml:12 No wrong answer fails the check guess\. Name it under fails/,
  ],
  [
    'a concept that has no page',
    { file: 'lab.yaml', from: 'concepts: [topic]', to: 'concepts: [topics]' },
    /^lab\.yaml:7 There is no concept topics\. Write labs\/concepts\/topics\/ko\.md/,
  ],
  [
    'a given file that is not there',
    { file: 'lab.yaml', from: 'from: plan.json', to: 'from: plans.json' },
    /^lab\.yaml:9 There is no file files\/plans\.json/,
  ],
  [
    'a next lab that is not there',
    { file: 'lab.yaml', from: 'minutes: 5', to: 'minutes: 5\nnext: nowhere' },
    /^lab\.yaml:3 There is no lab nowhere/,
  ],
  [
    'a link to a concept that is not there',
    { file: 'en.md', from: '/concepts/topic', to: '/concepts/topics' },
    /^en\.md:3 The link leads to the concept topics, which there is not/,
  ],
  [
    'a link to a lab that is not there',
    { file: 'en.md', from: '/concepts/topic', to: '/labs/other' },
    /^en\.md:3 The link leads to the lab other/,
  ],
  [
    'a link to a step that is not there',
    { file: 'en.md', from: '(#create)', to: '(#created)' },
    /^en\.md:3 The link leads to the step created/,
  ],
  [
    'a link out of the course',
    { file: 'en.md', from: '(#create)', to: '(https://kafka.apache.org/)' },
    /^en\.md:3 The link to https:\/\/kafka\.apache\.org\/ leads out of the course/,
  ],
  [
    'a bitmap',
    { file: 'en.md', from: 'Do this.', to: '![The cluster](cluster.png)' },
    /^en\.md:7 The picture cluster\.png cannot be shown: .* :::figure/,
  ],
  [
    'prose that says the right choice',
    { file: 'en.md', from: 'Do this.', to: 'First.\nThere are **more than yesterday**.' },
    /^en\.md:7 This gives away the answer to guess \("more than yesterday"\)\. Move it into the quiz's explanation/,
  ],
  [
    'a hint that is the whole solution',
    {
      file: 'en.md',
      from: '`kafka-topics.sh --create --topic …`',
      to: '`kafka-topics.sh --bootstrap-server localhost:9092 --create --topic {{topic}} --partitions 3`',
    },
    /^en\.md:34 This hint is the solution's whole command\. Leave a part of it open/,
  ],
])('finds %s', (_what, change, told) => {
  const found = lint(change);
  expect(found.filter((line) => told.test(line))).toHaveLength(1);
  const others = found.filter((line) => !told.test(line) && !line.startsWith('ko.md'));
  // Without its wrong answers, a step's text is not proven either.
  expect(others.filter((line) => !/nothing proves that it works/.test(line))).toEqual([]);
});

it('lets a list of all the choices stand, and the answer to what the cluster knows', () => {
  const from = 'Do this.';
  expect(lint({ file: 'en.md', from, to: 'Either more than yesterday or less than yesterday.' })).toEqual([]);
  expect(lint({ file: 'en.md', from, to: 'Much more than yesterdays.' })).toEqual([]);
});
