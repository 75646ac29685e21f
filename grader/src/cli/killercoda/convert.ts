/**
 * A scenario → a lab: the introduction opens the first step, every step keeps its text, its scripts start when it opens
 * (background) or stand on top of it (foreground), its verify.sh is run in the box by a check that is worth no points.
 * Texts are in one language; both of the lab's files get them.
 */
import { escapeTemplates } from '../../lab/template.ts';
import { convertAssets } from './assets.ts';
import type { Converted } from './markdown.ts';
import { convertMarkdown } from './markdown.ts';
import type { Scenario, ScenarioFile, ScenarioPage } from './scenario.ts';
import { atHome, commandsOf, tellForeign } from './shell.ts';

export interface ImportedLab {
  readonly yaml: { readonly steps: readonly unknown[] } & Readonly<Record<string, unknown>>;
  readonly text: { readonly ko: string; readonly en: string };
  /** Path below files/ → content. */
  readonly files: ReadonlyMap<string, string>;
}

interface Draft {
  readonly id: string;
  readonly title: string;
  readonly setup: Record<string, unknown>[];
  readonly checks: Record<string, unknown>[];
  readonly fails: Record<string, unknown>;
  readonly answer: readonly string[];
  readonly page: Converted;
  readonly foreground: string[];
}

const COMMANDS_MAX = 30;
const MINUTES_DEFAULT = 20;
const NOTHING: Converted = { body: '', commands: [], hints: [], solution: '' };

export function convertScenario(scenario: Scenario, id: string): ImportedLab {
  const { data } = scenario;
  const assets = convertAssets(scenario);
  const files = new Map(assets.files);
  const scripts = new Scripts(scenario, files);
  tellBackend(scenario);
  const intro = pageOf(scenario, data.details.intro, ['details', 'intro']);
  const introScripts = scripts.of(data.details.intro, { name: 'intro', path: ['details', 'intro'] });
  const steps = data.details.steps.map((step, index) => readStep({ scenario, scripts, files }, step, index));
  if (steps.length === 0) steps.push(onlyIntro(data.title));
  const [first] = steps;
  if (first !== undefined) {
    steps[0] = {
      ...first,
      setup: [...introScripts.setup, ...first.setup],
      foreground: [...introScripts.foreground, ...first.foreground],
      page: {
        ...first.page,
        body: [intro.body, first.page.body].filter(Boolean).join('\n\n'),
        commands: [...intro.commands, ...first.page.commands],
      },
    };
  }
  const finish = pageOf(scenario, data.details.finish, ['details', 'finish']);
  tellFinish(scenario);
  const yaml = {
    id,
    origin: 'killercoda',
    minutes: minutesOf(data.time),
    clusters: [{ id: 'main', brokers: 1 }],
    setup: assets.acts,
    steps: steps.map((step) => stepYaml(scenario, step)),
  };
  const text = (language: 'ko' | 'en') => labText(data, { steps, finish: finish.body, language });
  return { yaml, text: { ko: text('ko'), en: text('en') }, files };
}

function readStep(
  { scenario, scripts, files }: { scenario: Scenario; scripts: Scripts; files: Map<string, string> },
  step: Scenario['data']['details']['steps'][number],
  index: number,
): Draft {
  const number = index + 1;
  const path = ['details', 'steps', index];
  const { setup, foreground } = scripts.of(step, { name: `step-${number}`, path });
  const page = pageOf(scenario, step, path);
  const base = { id: `step-${number}`, title: step.title ?? `Step ${number}`, setup, foreground, page };
  const verify = scenario.read(step.verify, [...path, 'verify']);
  if (verify === null) return { ...base, ...done(number) };
  const id = `verify-${number}`;
  files.set(`${id}.sh`, scripts.script(verify));
  if (page.commands.length === 0) {
    scenario.tellOf(
      verify.shown,
      1,
      `The text of step ${number} runs nothing, so no solution is known. Write what passes this script under steps: ${base.id}: solution in lab.yaml.`,
    );
  }
  return {
    ...base,
    checks: [{ id, kind: 'program', script: `${id}.sh`, result: { exit: 'success' } }],
    fails: { [id]: { ko: '아직 통과하지 않았어요', en: 'did not pass yet' } },
    answer: [`lab run ${id}`],
  };
}

/** A step without a script of its own passes once the trainee says that it is done. */
function done(number: number): Pick<Draft, 'checks' | 'fails' | 'answer'> {
  const id = `done-${number}`;
  return {
    checks: [{ id, kind: 'quiz', form: 'predict', choices: ['done', 'skipped'], answer: 'done', points: 0 }],
    fails: { [id]: { ko: '골라 보세요', en: 'Choose' } },
    answer: [`lab answer ${id} done`],
  };
}

function onlyIntro(title: string): Draft {
  return { id: 'step-1', title, setup: [], foreground: [], page: NOTHING, ...done(1) };
}

function pageOf(
  scenario: Scenario,
  page: ScenarioPage | undefined,
  path: readonly (string | number)[],
): Converted {
  const file = scenario.read(page?.text, [...path, 'text']);
  return file === null ? NOTHING : convertMarkdown(scenario, file);
}

/** Scripts of pages, as files of the lab. */
class Scripts {
  readonly #scenario: Scenario;
  readonly #files: Map<string, string>;

  constructor(scenario: Scenario, files: Map<string, string>) {
    this.#scenario = scenario;
    this.#files = files;
  }

  of(
    page: ScenarioPage | undefined,
    { name, path }: { name: string; path: readonly (string | number)[] },
  ): Pick<Draft, 'setup' | 'foreground'> {
    const setup: Record<string, unknown>[] = [];
    const foreground: string[] = [];
    const behind = this.#scenario.read(page?.background, [...path, 'background']);
    if (behind !== null) {
      const from = `${name}-background.sh`;
      this.#files.set(from, this.script(behind));
      setup.push({ script: { from } });
    }
    const before = this.#scenario.read(page?.foreground, [...path, 'foreground']);
    if (before !== null) {
      const from = `${name}-foreground.sh`;
      this.#files.set(from, this.script(before));
      setup.push({ file: { path: `.scenario/${from}`, from, raw: true, executable: true } });
      foreground.push(`bash ~/.scenario/${from}`);
    }
    return { setup, foreground };
  }

  script({ shown, content }: ScenarioFile): string {
    const interpreter = /^#!.*/.exec(content)?.[0];
    if (interpreter !== undefined && !/\b(?:ba)?sh\b/.test(interpreter))
      this.#scenario.tellOf(
        shown,
        1,
        `Scripts are run by bash here, not by ${interpreter.slice(2)}. Call it in a bash script.`,
      );
    tellForeign(this.#scenario, { file: shown, line: 1, script: content });
    return atHome(content);
  }
}

function stepYaml(scenario: Scenario, step: Draft): Record<string, unknown> {
  const shown = step.page.commands.flatMap(commandsOf);
  const room = COMMANDS_MAX - step.answer.length;
  if (shown.length > room) {
    scenario.tellOf(
      `${step.id}`,
      1,
      `The step runs ${shown.length} commands, and a solution has at most ${room}. Put some of them into one script.`,
    );
  }
  return {
    id: step.id,
    ...(step.setup.length > 0 ? { setup: step.setup } : {}),
    checks: step.checks,
    solution: { commands: [...shown.slice(0, room), ...step.answer].map(escapeTemplates) },
    wrongAnswers: [
      {
        id: `${step.id}-untouched`,
        commands: [step.answer[0]?.startsWith('lab run') ? step.answer[0] : 'true'],
        fails: step.fails,
      },
    ],
  };
}

/* Texts */

type Language = 'ko' | 'en';

const WORDS = {
  started: {
    ko: '이 단계가 준비되는 것을 보려면 실행해 보세요.',
    en: 'Run this to see the step being prepared.',
  },
  verify: { ko: '확인 스크립트가 통과해요', en: 'The check script passes' },
  done: { ko: '이 단계를 마쳤어요', en: 'You are done with this step' },
  asked: { ko: '다 했나요?', en: 'Done?' },
  yes: { ko: '다 했어요', en: 'Done' },
  no: { ko: '건너뛸래요', en: 'I skip it' },
  noted: { ko: '다음 단계로 가요.', en: 'On to the next step.' },
  hint: {
    ko: '위의 글을 다시 읽고, 나온 명령을 하나씩 실행해 보세요.',
    en: 'Read the text above again, and run its commands one by one.',
  },
  solution: { ko: '본문에 나온 명령이에요.', en: 'These are the commands of the text.' },
} as const;

function labText(
  { title, description }: Scenario['data'],
  { steps, finish, language }: { steps: readonly Draft[]; finish: string; language: Language },
): string {
  const parts = [
    `# ${oneLine(title)}`,
    oneLine(description) || oneLine(title),
    ...steps.map((step) => stepText(step, language)),
    ...(finish === '' ? [] : [`## !summary\n\n${finish}`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function stepText(step: Draft, language: Language): string {
  const say = (key: keyof typeof WORDS): string => WORDS[key][language];
  const parts = [`## ${step.id}: ${oneLine(step.title)}`];
  for (const command of step.foreground) parts.push(`${say('started')}\n\n\`\`\`run\n${command}\n\`\`\``);
  if (step.page.body !== '') parts.push(step.page.body);
  const lines: string[] = [];
  for (const { id, kind } of step.checks) {
    lines.push(`- ${id}: ${kind === 'quiz' ? say('done') : say('verify')}`);
    if (kind !== 'quiz') continue;
    parts.push(
      `:::quiz ${id}\n${say('asked')}\n- done: ${say('yes')}\n- skipped: ${say('no')}\n---\n${say('noted')}\n:::`,
    );
  }
  if (step.page.body === '' && step.foreground.length === 0) parts.push(oneLine(step.title));
  parts.push(`:::checks\n${lines.join('\n')}\n:::`);
  for (const hint of step.page.hints.length > 0 ? step.page.hints.slice(0, 3) : [say('hint')])
    parts.push(`:::hint\n${hint}\n:::`);
  parts.push(`:::solution\n${step.page.solution || say('solution')}\n:::`);
  return parts.join('\n\n');
}

function oneLine(text: string): string {
  return escapeTemplates(text.replace(/\s+/g, ' ').trim());
}

/* What a lab has no place for */

function tellBackend(scenario: Scenario): void {
  const image = scenario.data.backend.imageid;
  if (image === undefined || image === 'ubuntu') return;
  scenario.tell(
    ['backend', 'imageid'],
    `The machine ${image} is not there: a trainee has a box with bash, Node.js and the Kafka tools. Do what the steps need with these.`,
  );
}

function tellFinish(scenario: Scenario): void {
  const { finish } = scenario.data.details;
  for (const key of ['foreground', 'background'] as const) {
    if (finish?.[key] === undefined) continue;
    scenario.tell(
      ['details', 'finish', key],
      'Nothing runs after the last step of a lab. Put it into the last step, or leave it out.',
    );
  }
}

function minutesOf(time: string | undefined): number {
  const minutes = Number(/\d+/.exec(time ?? '')?.[0] ?? MINUTES_DEFAULT);
  return Math.min(240, Math.max(1, minutes));
}
