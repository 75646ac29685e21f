/**
 * An exam's paper: steps of many labs, each able to stand alone, drawn by a seed into one lab. What helps is left out: commands
 * to run, notes, hints, solutions, predictions, and checks of what was typed. Pure but for the files that labs give.
 *
 * A step can stand alone when every topic its checks name is made by its lab's setup, its own, or its own solution. Steps of
 * several clusters stay out; the others share one cluster, so no two steps of a paper name the same thing.
 */
import { createHash } from 'node:crypto';
import { readGivenFile } from '../act/given-file.ts';
import { pointsMaxOf } from '../checks/evaluate.ts';
import type { LabSource } from './load.ts';
import { drawLab } from './load.ts';
import type { Act, Block, Check, Lab, LabCluster, LabText, Step, StepText } from './schema.ts';

export const EXAM_ID = 'exam';
export const EXAM_STEPS_MAX = 10;

export interface Paper {
  readonly steps: number;
  readonly minutes: number;
}

/** The seed holds all that a paper is. */
export function examSeed({ steps, minutes }: Paper, secret: string): string {
  return `${steps}.${minutes}.${secret}`;
}

interface Task {
  readonly lab: Lab;
  readonly step: Step;
  readonly checks: readonly Check[];
  readonly names: ReadonlySet<string>;
}

/** Also gives the solutions, which the paper itself has not: for proofs. */
export function drawExam(sources: readonly LabSource[], seed: string): { lab: Lab; tasks: readonly Task[] } {
  const [, steps = '5', minutes = '30'] = /^(\d+)\.(\d+)\./.exec(seed) ?? [];
  const labs = sources.map((source) => drawLab(source, `${seed}/${source.id}`));
  const tasks = chosen(
    labs.filter((lab) => lab.clusters.length === 1 && lab.origin === undefined).flatMap(tasksOf),
    { steps: Number(steps), seed },
  );
  const texts = (locale: 'ko' | 'en'): LabText => ({
    title: locale === 'ko' ? '시험' : 'Exam',
    summary: '',
    realLife: '',
    summaryCard: '',
    steps: Object.fromEntries(
      tasks.map((task) => [idOf(task), bareText(task, task.lab.text[locale].steps[task.step.id])]),
    ),
  });
  const lab: Lab = {
    id: EXAM_ID,
    minutes: Number(minutes),
    exam: { minutes: Number(minutes) },
    parameters: {},
    clusters: [sharedCluster(labs)],
    setup: [],
    steps: tasks.map((task, index) => examStep(task, tasks.slice(0, index))),
    dir: '',
    text: { ko: texts('ko'), en: texts('en') },
  };
  return { lab, tasks };
}

function idOf({ lab, step }: Task): string {
  return `${lab.id}-${step.id}`;
}

function tasksOf(lab: Lab): Task[] {
  return lab.steps.flatMap((step) => {
    const checks = step.checks.filter(isExamined);
    const points = checks.reduce((sum, check) => sum + pointsMaxOf(check), 0);
    const acts = [...lab.setup, ...step.setup];
    if (
      points === 0 ||
      acts.some(changesCluster) ||
      checks.some(isOfAllTopics) ||
      !standsAlone({ lab, step, checks })
    )
      return [];
    return [{ lab, step, checks, names: namesIn([acts, step.checks, step.needs]) }];
  });
}

/** A prediction is right whatever it is, and what was typed can be made up. */
function isExamined(check: Check): boolean {
  if (check.kind === 'quiz') return check.form === 'answer';
  return pointsMaxOf(check) > 0;
}

/** Other tasks have topics in the same cluster. */
function isOfAllTopics(check: Check): boolean {
  if (check.kind === 'leaders') return check.topic === undefined;
  return JSON.stringify(check).includes('"leadersOn"') && topicNames(check).length === 0;
}

/** Whoever comes after would find another cluster. */
function changesCluster(act: Act): boolean {
  return 'brokerConfigs' in act || ('broker' in act && act.broker.add === true);
}

function standsAlone({ lab, step, checks }: { lab: Lab; step: Step; checks: readonly Check[] }): boolean {
  if (lab.steps[0] === step) return true;
  const typed = step.solution.commands.map(({ run }) => run);
  if (typed.some((run) => /\bcluster (?:add|remove)\b/.test(run))) return false;
  const given = [...lab.setup, ...step.setup];
  const made = new Set([
    ...given.flatMap((act) => ('createTopic' in act ? [act.createTopic.topic] : [])),
    ...typed.filter((run) => run.includes('--create')).flatMap(topicsIn),
  ]);
  // What the lab's earlier steps have changed is not so here, unless this step makes it anew.
  const own = new Set([
    ...step.setup.flatMap((act) => ('deleteTopic' in act ? [act.deleteTopic.topic] : [])),
    ...typed.filter((run) => run.includes('--create')).flatMap(topicsIn),
  ]);
  const wanted = [...checks.flatMap((check) => [...topicNames(check)]), ...typed.flatMap(topicsIn)];
  const asked = new Set(wanted);
  const earlier = lab.steps.slice(0, lab.steps.indexOf(step));
  const isChanged = (topic: string) =>
    !own.has(topic) && earlier.some((before) => JSON.stringify(before.solution).includes(topic));
  return (
    asked.size > 0 &&
    [...asked].every((topic) => made.has(topic) && !isChanged(topic)) &&
    step.solution.commands.every(({ run }) => !/\$[A-Z]|\.solution|lab run/.test(run))
  );
}

function topicsIn(command: string): string[] {
  return [...command.matchAll(/--topic[ =]([\w.-]+)/g)].map(([, topic = '']) => topic);
}

function topicNames(check: Check): string[] {
  const found: string[] = [];
  visit(check, (key, value) => {
    if (key === 'topic' && typeof value === 'string') found.push(value);
  });
  return found;
}

const NAMING = ['topic', 'group', 'path', 'id', 'stopLoad'];

/** Topics, groups, files, loads and checks: what two steps of one paper must not both mean. */
function namesIn(parts: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  visit(parts, (key, value) => {
    if (typeof value === 'string' && NAMING.includes(key)) names.add(value);
  });
  return names;
}

function visit(value: unknown, see: (key: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    see(key, inner);
    visit(inner, see);
  }
}

/** By the seed: from as many labs as there are, and no two that share a name. */
function chosen(tasks: readonly Task[], { steps, seed }: { steps: number; seed: string }): Task[] {
  const drawn = [...tasks].sort((one, other) => (rank(seed, one) < rank(seed, other) ? -1 : 1));
  const paper: Task[] = [];
  for (const again of [false, true]) {
    for (const task of drawn) {
      if (paper.length >= steps) break;
      const isNew = !paper.some(({ lab }) => lab.id === task.lab.id);
      if (paper.includes(task) || isNew === again) continue;
      if (paper.some(({ names }) => [...names].some((name) => task.names.has(name)))) continue;
      paper.push(task);
    }
  }
  return paper;
}

function rank(seed: string, task: Task): string {
  return createHash('sha256')
    .update(`${seed}/${idOf(task)}`)
    .digest('hex');
}

/** Every step begins with whole brokers, and without the load of those before it. */
function examStep(task: Task, before: readonly Task[]): Step {
  const { lab, step, checks } = task;
  const loads = before.flatMap((other) =>
    [...other.lab.setup, ...other.step.setup].flatMap((act) => ('load' in act ? [act.load.id] : [])),
  );
  const setup: Act[] = [
    { broker: { restore: true } },
    ...loads.map((id): Act => ({ stopLoad: id })),
    ...[...lab.setup, ...step.setup].map((act) => withContent(lab, act)),
  ];
  const { look: _pointer, ...rest } = step;
  return {
    ...rest,
    id: idOf(task),
    concepts: [],
    setup,
    checks: checks.map((check) => ({ ...check, cluster: undefined })),
    solution: { commands: [] },
    wrongAnswers: [],
  };
}

function withContent(lab: Lab, act: Act): Act {
  if (!('file' in act) || act.file.from === undefined) return act;
  const { from, raw, ...file } = act.file;
  return { file: { ...file, content: readGivenFile(lab, from, { raw: raw === true }) } };
}

/** What is asked, without how. */
function bareText({ checks }: Task, text: StepText | undefined): StepText {
  const kept = new Set(checks.map(({ id }) => id));
  const only = <T>(values: Readonly<Record<string, T>> = {}): Record<string, T> =>
    Object.fromEntries(Object.entries(values).filter(([id]) => kept.has(id)));
  const isKept = (block: Block): boolean =>
    block.kind === 'prose' || block.kind === 'output' || (block.kind === 'quiz' && kept.has(block.check));
  const quizzes = only(text?.quizzes);
  return {
    title: text?.title ?? '',
    blocks: (text?.blocks ?? []).filter(isKept),
    checks: only(text?.checks),
    quizzes: Object.fromEntries(
      Object.entries(quizzes).map(([id, quiz]) => [id, { ...quiz, explanation: '' }]),
    ),
    hints: [],
    solution: '',
  };
}

/** Three brokers with what any of the labs asks of its cluster: of two times the shorter. */
function sharedCluster(labs: readonly Lab[]): LabCluster {
  const configs: Record<string, string | number> = {};
  for (const { clusters } of labs) {
    if (clusters.length !== 1) continue;
    for (const [key, value] of Object.entries(clusters[0]?.configs ?? {})) {
      const known = configs[key];
      configs[key] = known !== undefined && Number(known) < Number(value) ? known : value;
    }
  }
  return { id: 'main', brokers: 3, firstPort: 9092, configs };
}
