/** Each way to get a lab wrong gives one sentence with file and line. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { drawLab, loadCourse } from '../../../grader/src/lab/load.ts';
import { LabError } from '../../../grader/src/lab/problem.ts';

const root = mkdtempSync(join(tmpdir(), 'labs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const YAML = `id: sample
minutes: 5
parameters:
  topic: { oneOf: [orders, payments] }
steps:
  - id: create
    checks:
      - id: there
        kind: topic
        topic: "{{topic}}"
        partitions: 3
      - id: guess
        kind: quiz
        form: predict
        choices: [more, less]
        answer: more
    solution:
      commands:
        - lab answer guess more
        - kafka-topics.sh --create --topic {{topic}}
    wrongAnswers:
      - id: nothing
        commands:
          - lab answer guess less
        fails:
          there: { ko: 없어요, en: no topic }
`;

const MARKDOWN = `# Title

Summary.

## create: Create {{topic}}

Do this.

\`\`\`run
kafka-topics.sh --create --topic {{topic}}
\`\`\`

:::quiz guess
Which?
- more: More
- less: Less
---
Because.
:::

:::checks
- there: It is there
- guess: You guessed
:::

:::hint
A hint.
:::

:::solution
Why.
:::
`;

interface Change {
  readonly file: 'lab.yaml' | 'ko.md' | 'en.md' | 'course.yaml';
  readonly from: string;
  readonly to: string;
}

let count = 0;

function writeCourse(change?: Change): string {
  const dir = join(root, `course-${count++}`);
  const files = {
    'course.yaml': 'title: { ko: 과정, en: Course }\nlabs:\n  - sample\n',
    'lab.yaml': YAML,
    'ko.md': MARKDOWN,
    'en.md': MARKDOWN,
  };
  mkdirSync(join(dir, 'sample'), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    if (change?.file === name && !text.includes(change.from)) throw new Error(`${name} lacks ${change.from}`);
    const changed = change?.file === name ? text.replace(change.from, change.to) : text;
    writeFileSync(name === 'course.yaml' ? join(dir, name) : join(dir, 'sample', name), changed);
  }
  return dir;
}

function problemsOf(dir: string): string[] {
  try {
    loadCourse(dir);
    return [];
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return error.problems.map(({ file, line, message }) => `${file.split('/').at(-1)}:${line}: ${message}`);
  }
}

describe('a sound lab', () => {
  it('is read, and drawn with its parameters filled in', () => {
    const [source] = loadCourse(writeCourse()).labs;
    const lab = drawLab(source!, '1');
    const { topic } = lab.parameters;
    expect(lab.steps[0]?.checks[0]).toMatchObject({ kind: 'topic', topic, partitions: 3, expect: 'now' });
    expect(lab.steps[0]?.solution.commands).toEqual([
      { run: 'lab answer guess more', fails: false },
      { run: `kafka-topics.sh --create --topic ${topic}`, fails: false },
    ]);
    expect(lab.text.en.steps.create?.title).toBe(`Create ${topic}`);
    expect(lab.text.en.steps.create?.blocks.map((block) => block.kind)).toEqual(['prose', 'command', 'quiz']);
    expect(lab.text.en.steps.create?.quizzes.guess).toEqual({
      question: 'Which?',
      choices: [
        { id: 'more', text: 'More' },
        { id: 'less', text: 'Less' },
      ],
      explanation: 'Because.',
    });
  });
});

describe('a broken lab names file and line, and what to do', () => {
  const yaml = (from: string, to: string, problem: string) =>
    ({ file: 'lab.yaml', from, to, problem }) as const;
  const text = (from: string, to: string, problem: string) => ({ file: 'ko.md', from, to, problem }) as const;
  it.each([
    yaml('id: sample', 'id: sample: x', 'lab.yaml:1: This is not valid YAML: '),
    yaml(
      'id: sample',
      'id: other',
      'lab.yaml:1: The id is other, but the folder is called sample. Make them the same.',
    ),
    yaml('minutes: 5', 'minutes: five', 'lab.yaml:2: minutes is "five", but must be a number.'),
    yaml('minutes: 5\n', '', 'lab.yaml:1: minutes is missing. It must be a number.'),
    yaml('minutes: 5', 'minutes: 0', 'lab.yaml:2: minutes is 0; at least 1 is allowed.'),
    yaml(
      YAML.slice(YAML.indexOf('    checks:'), YAML.indexOf('    solution:')),
      '    checks: []\n',
      'lab.yaml:7: steps[0].checks: the step has no check, so nobody could pass it. Add at least one, of a kind like topic, group, records or quiz.',
    ),
    yaml(
      YAML.slice(YAML.indexOf('    checks:'), YAML.indexOf('    solution:')),
      '',
      'lab.yaml:6: steps[0].checks: the step has no check, so nobody could pass it. Add at least one, of a kind like topic, group, records or quiz.',
    ),
    yaml(
      'minutes: 5',
      'minuten: 5\nminutes: 5',
      'lab.yaml:2: minuten is not known here. Did you mean minutes?',
    ),
    yaml(
      'kind: topic',
      'kind: topics',
      'lab.yaml:9: steps[0].checks[0].kind is "topics", which is no kind of check.',
    ),
    yaml('        kind: topic\n', '', 'steps[0].checks[0].kind is missing.'),
    yaml('partitions: 3', 'partition: 3', 'lab.yaml:11: steps[0].checks[0].partition is not known here.'),
    yaml(
      'partitions: 3',
      'partitions: three',
      'lab.yaml:11: steps[0].checks[0].partitions is "three", but must be a number',
    ),
    yaml('partitions: 3', 'partitions: { least: 3 }', 'lab.yaml:11: steps[0].checks[0].partitions'),
    yaml(
      'partitions: 3',
      'expect: always',
      'lab.yaml:11: steps[0].checks[0].expect is "always", but must be one of now, once, never.',
    ),
    yaml(
      '"{{topic}}"',
      '"{{topik}}"',
      'lab.yaml:10: {{topik}} is no parameter of this lab. There are topic.',
    ),
    yaml('oneOf: [orders, payments]', 'oneof: [orders]', 'lab.yaml:4: parameters.topic'),
    yaml('answer: more', 'answer: most', 'lab.yaml:16: The answer most is none of the choices more, less.'),
    yaml(
      'lab answer guess more',
      'lab status',
      'lab.yaml:17: The solution of create does not answer its quiz guess.',
    ),
    yaml(
      'lab answer guess less',
      'lab answer gues less',
      'lab.yaml:24: gues is no quiz of this step. There are guess.',
    ),
    yaml('there: { ko', 'their: { ko', 'lab.yaml:26: their is no check of the step create.'),
    yaml(
      'ko: 없어요, ',
      '',
      'lab.yaml:26: steps[0].wrongAnswers[0].fails.there.ko is missing. It must be a text.',
    ),
    yaml('id: guess', 'id: there', 'There are two checks there in this lab.'),
    yaml(
      'id: guess',
      'id: Guess it',
      'lab.yaml:12: steps[0].checks[1].id is "Guess it", but must be an id of lower-case',
    ),
    yaml(
      'partitions: 3',
      'partitions: 3\n        deleted: true',
      'lab.yaml:12: A deleted topic has no partitions',
    ),
    yaml(
      'partitions: 3',
      'cluster: second',
      'lab.yaml:11: There is no cluster second in this lab. There are main.',
    ),
    yaml(
      '  - id: create',
      '  - id: create\n    look: { cluster: second, broker: 1 }',
      'lab.yaml:7: There is no cluster second in this lab. There are main.',
    ),
    yaml('  - id: create', '  - id: create\n    look: { partition: 1 }', 'lab.yaml:7: steps[0].look'),
    text('# Title', 'Title', "ko.md:1: The file must begin with the lab's title"),
    text(
      '## create: Create',
      '## Create',
      "ko.md:5: A step's heading must name its id and title: ## step-id: Title.",
    ),
    text('## create: Create', '## crate: Create', 'ko.md:5: sample/lab.yaml has no step crate.'),
    text('Create {{topic}}', 'Create {{topics}}', 'ko.md:5: {{topics}} is no parameter of this lab.'),
    text('Do this.', 'Do {{topic|을을}}.', 'ko.md:7: {{topic|을을}}: 을을 is no filter.'),
    text(':::quiz guess', ':::quiz gues', 'ko.md:13: gues is no quiz of the step create.'),
    text('- less: Less\n', '', 'ko.md:13: The quiz guess offers more, but lab.yaml says more, less.'),
    text('---\nBecause.\n', '', 'ko.md:13: The quiz guess has no explanation.'),
    text('- there: It is there\n', '', 'ko.md:5: The check there has no line in :::checks.'),
    text(
      '- there: It is there',
      '- there It is there',
      'ko.md:22: A check\'s line must be "- check-id: what it asks"',
    ),
    text(
      '- there: It is there',
      '- there: It is there\n- extra: Extra',
      'ko.md:23: extra is no check of the step create.',
    ),
    text(
      ':::hint',
      ':::tip',
      'ko.md:26: :::tip is not known. There are note, quiz, figure, checks, hint and solution.',
    ),
    text('Why.\n:::', 'Why.', 'ko.md:30: This :::solution is never closed. End it with :::.'),
    text('```run', '```run terminal=x', 'ko.md:9: terminal=x is not known on a command.'),
    text('--create --topic', '--delete --topic', 'en.md:5: The step create runs other commands than'),
    { file: 'course.yaml', from: '- sample', to: '- simple', problem: 'course.yaml:3: ' },
    { file: 'course.yaml', from: 'labs:', to: 'lab:', problem: 'course.yaml:2: lab is not known here.' },
    {
      file: 'course.yaml',
      from: 'en: Course',
      to: 'english: Course',
      problem: 'course.yaml:1: title.en is missing.',
    },
  ] as const)('$file with "$to": $problem', ({ problem, ...change }) => {
    const told = problemsOf(writeCourse(change));
    expect(
      told
        .join('\n')
        .replaceAll(/course-\d+\//g, '')
        .replaceAll(/\S*\/(?=sample\/)/g, ''),
    ).toContain(problem);
  });

  it('tells a lab folder that the course does not list', () => {
    const dir = writeCourse();
    mkdirSync(join(dir, 'forgotten'));
    writeFileSync(join(dir, 'forgotten', 'lab.yaml'), YAML);
    expect(problemsOf(dir)).toEqual(['course.yaml:1: The lab forgotten is not listed. Add it to labs.']);
  });

  it('tells a folder without a course', () => {
    expect(problemsOf(join(root, 'nowhere'))[0]).toContain('course.yaml:1: There is no such file.');
  });

  it('survives an alias bomb', () => {
    const bomb =
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c]\nid: sample';
    expect(problemsOf(writeCourse({ file: 'lab.yaml', from: 'id: sample', to: bomb }))[0]).toContain(
      'lab.yaml:1: This YAML cannot be read',
    );
  });
});
