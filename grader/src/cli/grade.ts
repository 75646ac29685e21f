/**
 * `labs grade ID --bootstrap …`: one look at any cluster. What only history can show (a topic that was deleted, something
 * that was once true) counts as not seen when everything else passed, and as missing otherwise. Quizzes and commands are
 * not in the cluster: they are told, and count neither way. Files and programs are looked for in --home.
 */
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Client } from '@brokerlab/broker/client';
import { connectCluster } from '@brokerlab/broker/client';
import colors from 'picocolors';
import { readGivenFile } from '../act/given-file.ts';
import { evaluateStep } from '../checks/evaluate.ts';
import { clusterOf, neededFiles, neededObservations } from '../checks/needs.ts';
import type { Evidence, ProgramRun, Verdict } from '../checks/verdict.ts';
import { EMPTY_MEMORY, NO_EVIDENCE } from '../checks/verdict.ts';
import { particleAfter } from '../lab/josa.ts';
import { drawLab } from '../lab/load.ts';
import type { Check, Lab, Localized, Step, TopicCheck } from '../lab/schema.ts';
import { observe } from '../observe/observe.ts';
import { runProgram } from '../program/run-program.ts';
import { findLab } from './find-lab.ts';
import { toJunit } from './junit.ts';
import { startProgram } from './program-process.ts';
import { SEED_DEFAULT } from './show.ts';
import type { Surroundings } from './surroundings.ts';
import { toolsFolder } from './tools-folder.ts';
import type { Call } from './usage.ts';
import { RefusalError, requireBootstrap, requireId, UsageError } from './usage.ts';

export interface Grade {
  readonly lab: string;
  readonly seed: string;
  readonly bootstrap: string;
  readonly passed: boolean;
  readonly points: number;
  readonly pointsMax: number;
  readonly steps: readonly GradedStep[];
}

export interface GradedStep {
  readonly id: string;
  readonly title: Localized;
  readonly passed: boolean;
  readonly checks: readonly GradedCheck[];
}

export interface GradedCheck extends Omit<Verdict, 'state' | 'checkId' | 'hint'> {
  readonly id: string;
  readonly kind: Check['kind'];
  readonly title: Localized;
  /** skipped: it cannot be told from the cluster alone; counts neither way. */
  readonly state: Verdict['state'] | 'skipped';
  /** What judging it took: its share of the look at the cluster, and the run of its own program. */
  readonly seconds: number;
}

const API_TIMEOUT_MS = 10_000;

export async function runGrade(call: Call, surroundings: Surroundings): Promise<number> {
  const { labs, language, print } = surroundings;
  const id = requireId(call);
  const { bootstrap, seed = SEED_DEFAULT, junit } = call.options;
  if (bootstrap === undefined)
    throw new UsageError('Say which cluster: labs grade ID --bootstrap HOST:PORT.');
  const lab = drawLab(findLab(labs, id), seed);
  const bootstraps = clusterAddresses(lab, requireBootstrap(bootstrap), call.clusters);
  const grade = await gradeLab(lab, { seed, bootstraps, workplace: workplaceOf(call, surroundings) });
  if (junit !== undefined) writeReport(junit, toJunit(grade, language));
  if (call.json) print(JSON.stringify(grade, null, 2));
  else print(gradeText(grade, language));
  return grade.passed ? 0 : 1;
}

function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new UsageError(
      `${file} cannot be written: ${(cause as Error).message}. Give --junit another file.`,
    );
  }
}

/** The first of the lab's clusters is at --bootstrap, each further one at its --cluster. */
function clusterAddresses(lab: Lab, first: string, further: readonly string[]): Record<string, string> {
  const [main, ...others] = lab.clusters.map(({ id }) => id);
  const given = new Map(
    further.map((text): [string, string] => {
      const at = text.indexOf('=');
      const id = text.slice(0, Math.max(0, at));
      if (!others.includes(id)) {
        const known = others.map((other) => `${other}=HOST:PORT`).join(', ') || 'none: it has one cluster';
        throw new UsageError(`--cluster ${text} is no further cluster of ${lab.id}. There are ${known}.`);
      }
      return [id, requireBootstrap(text.slice(at + 1))];
    }),
  );
  const missing = others.find((id) => !given.has(id));
  if (missing !== undefined) {
    throw new UsageError(
      `${lab.id} has a cluster ${missing}, too. Say where it is: --cluster ${missing}=HOST:PORT.`,
    );
  }
  return Object.fromEntries([[main ?? 'main', first], ...given]);
}

/** Where the files and programs of whoever is graded are. */
interface Workplace {
  readonly home: string;
  readonly tools: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

function workplaceOf({ options }: Call, { root, environment, signal }: Surroundings): Workplace | null {
  if (options.home === undefined) return null;
  const home = resolve(options.home);
  if (!existsSync(home)) throw new UsageError(`There is no folder ${home}. Give --home another one.`);
  return { home, tools: toolsFolder(options.tools, root), environment, signal };
}

interface Grounds {
  readonly seed: string;
  readonly bootstraps: Readonly<Record<string, string>>;
  readonly workplace: Workplace | null;
}

async function gradeLab(lab: Lab, grounds: Grounds): Promise<Grade> {
  const clients = Object.fromEntries(
    Object.entries(grounds.bootstraps).map(([id, bootstrap]) => [
      id,
      connectCluster({ bootstrap, apiTimeoutMs: API_TIMEOUT_MS, connectTimeoutMs: 5000 }),
    ]),
  );
  try {
    const judged = await judgeAll(lab, { ...grounds, clients });
    const bootstrap = Object.values(grounds.bootstraps).join(' ');
    return gradeOf(lab, judged, { seed: grounds.seed, bootstrap, withHome: grounds.workplace !== null });
  } finally {
    await Promise.all(Object.values(clients).map((client) => client.close()));
  }
}

async function judgeAll(
  lab: Lab,
  { clients, bootstraps, workplace }: Grounds & { clients: Readonly<Record<string, Client>> },
): Promise<JudgedCheck[]> {
  const judged: JudgedCheck[] = [];
  for (const step of lab.steps) {
    const beganAt = performance.now();
    const snapshot = await observe(clients, neededObservations(lab, step));
    const lookMs = performance.now() - beganAt;
    for (const [id, cluster] of Object.entries(snapshot.clusters)) {
      if (cluster.reachable) continue;
      throw new RefusalError(`The cluster at ${bootstraps[id]} cannot be read: ${cluster.reason}`);
    }
    const { programMs, ...evidence } = await evidenceOf(lab, step, { clients, bootstraps, workplace });
    const { verdicts } = evaluateStep({ lab, step, snapshot, evidence, memory: EMPTY_MEMORY });
    for (const [index, verdict] of verdicts.entries()) {
      const check = step.checks[index];
      if (check === undefined) continue;
      const cluster = snapshot.clusters[clusterOf(lab, check)];
      const topicThere =
        cluster?.reachable === true && 'topic' in check && cluster.topics[check.topic ?? ''] !== undefined;
      const ms = lookMs / step.checks.length + (programMs.get(check.id) ?? 0);
      judged.push({ stepId: step.id, check, verdict, topicThere, seconds: ms / 1000 });
    }
  }
  return judged;
}

/** Files as they are in the home; programs tried there, against the cluster. */
async function evidenceOf(
  lab: Lab,
  step: Step,
  { clients, bootstraps, workplace }: Omit<Grounds, 'seed'> & { clients: Readonly<Record<string, Client>> },
): Promise<Evidence & { readonly programMs: ReadonlyMap<string, number> }> {
  const programMs = new Map<string, number>();
  if (workplace === null) return { ...NO_EVIDENCE, programMs };
  const { home, tools, environment, signal } = workplace;
  const read = (path: string): string | null => {
    const file = resolve(home, path);
    return !relative(home, file).startsWith('..') && existsSync(file) ? readFileSync(file, 'utf8') : null;
  };
  const programs: Record<string, ProgramRun> = {};
  for (const check of step.checks) {
    if (check.kind !== 'program') continue;
    const id = clusterOf(lab, check);
    const [client, bootstrap = ''] = [clients[id], bootstraps[id]];
    if (client === undefined) continue;
    const beganAt = performance.now();
    programs[check.id] = await runProgram(check, {
      client,
      connection: { bootstrap },
      bootstrap,
      exists: (path) => Promise.resolve(read(path) !== null),
      readGiven: (from) => Promise.resolve(readGivenFile(lab, from, { raw: true })),
      start: (command, given) =>
        startProgram(command, { home, tools, environment: { ...environment, ...given } }),
      random: (bound) => randomInt(bound),
      signal,
    });
    programMs.set(check.id, performance.now() - beganAt);
  }
  const files = Object.fromEntries(neededFiles(step).map((path) => [path, read(path)]));
  return { ...NO_EVIDENCE, files, programs, programMs };
}

export interface JudgedCheck {
  readonly stepId: string;
  readonly check: Check;
  readonly verdict: Verdict;
  /** The topic that the check is about is there now. */
  readonly topicThere: boolean;
  readonly seconds: number;
}

/** What counts, and what one look cannot tell. */
function gradeOf(
  lab: Lab,
  judged: readonly JudgedCheck[],
  { withHome, ...about }: { seed: string; bootstrap: string; withHome: boolean },
): Grade {
  const deleted = new Set(judged.flatMap(({ check }) => (isDeletion(check) ? [check.topic] : [])));
  const isTold = (one: JudgedCheck) =>
    isThere(one.check, withHome) && one.verdict.state !== 'brokenCheck' && !isHistory(one, deleted);
  const told = judged.filter(isTold);
  const allToldPass = told.length > 0 && told.every(({ verdict }) => verdict.state === 'passed');
  const steps = lab.steps.map((step): GradedStep => {
    const mine = judged.filter(({ stepId }) => stepId === step.id);
    const checks = mine.map((one) => gradedCheck(lab, one, { told: isTold(one), allToldPass, withHome }));
    const title = textOf(lab, (text) => text.steps[step.id]?.title ?? step.id);
    // What could not be judged counts neither way.
    const passed = checks.every(({ state }) => state !== 'notYet');
    return { id: step.id, title, passed, checks };
  });
  const counted = steps
    .flatMap((step) => step.checks)
    .filter(({ state }) => state === 'passed' || state === 'notYet');
  return {
    lab: lab.id,
    ...about,
    passed: allToldPass && steps.every((step) => step.passed),
    points: counted.reduce((sum, { points }) => sum + points, 0),
    pointsMax: counted.reduce((sum, { pointsMax }) => sum + pointsMax, 0),
    steps,
  };
}

function textOf(lab: Lab, read: (text: Lab['text']['ko']) => string): Localized {
  return { ko: read(lab.text.ko), en: read(lab.text.en) };
}

function isDeletion(check: Check): check is TopicCheck {
  return check.kind === 'topic' && check.deleted === true;
}

/** It can be seen here: in the cluster, or in the home where one was given. */
function isThere({ kind }: Check, withHome: boolean): boolean {
  if (kind === 'file' || kind === 'program') return withHome;
  return kind !== 'quiz' && kind !== 'terminal';
}

/** Not passed at this look, but may have been before: only someone who looked all along can tell. */
function isHistory({ check, verdict, topicThere }: JudgedCheck, deleted: ReadonlySet<string>): boolean {
  if (verdict.state === 'passed') return false;
  if (check.expect === 'once') return true;
  return 'topic' in check && check.topic !== undefined && deleted.has(check.topic) && !topicThere;
}

function gradedCheck(
  lab: Lab,
  { stepId, check, verdict, seconds }: JudgedCheck,
  { told, allToldPass, withHome }: { told: boolean; allToldPass: boolean; withHome: boolean },
): GradedCheck {
  const { state, message, expected, seen, points, pointsMax } = verdict;
  const title = textOf(lab, (text) => text.steps[stepId]?.checks[check.id] ?? check.id);
  const judged = { id: check.id, kind: check.kind, title, expected, seen, pointsMax, seconds };
  const there = isThere(check, withHome);
  if (told || (there && (state === 'brokenCheck' || !allToldPass)))
    return { ...judged, state, message, points };
  // The rest of the lab is done, so a topic that is not there was made and deleted.
  if (isDeletion(check)) {
    return { ...judged, state: 'passed', message: absent(check.topic), points: pointsMax };
  }
  return { ...judged, state: 'skipped', message: whySkipped(check, there), points: 0 };
}

function absent(topic: string): Localized {
  return {
    ko: `토픽 \`${topic}\`${particleAfter(topic, '이')} 없어요.`,
    en: `The topic \`${topic}\` is not there.`,
  };
}

function whySkipped({ kind }: Check, there: boolean): Localized {
  if (there) {
    return {
      ko: '지나간 일이라 지금의 클러스터만 보고는 알 수 없어요.',
      en: 'This lies in the past and cannot be told from the cluster as it is now.',
    };
  }
  if (kind === 'file' || kind === 'program') {
    return {
      ko: '파일이 어디에 있는지 몰라요. `--home DIR`로 알려 주면 채점해요.',
      en: 'Where the files are is not known. Say so with `--home DIR`, and it is graded.',
    };
  }
  return {
    ko: '클러스터에 남지 않는 확인이라 여기서는 채점하지 않아요.',
    en: 'This leaves no trace in the cluster and is not graded here.',
  };
}

const MARKS: Readonly<Record<GradedCheck['state'], string>> = {
  passed: colors.green('✓'),
  notYet: colors.red('✗'),
  brokenCheck: colors.yellow('!'),
  skipped: colors.dim('–'),
};

function gradeText(grade: Grade, language: 'ko' | 'en'): string {
  const lines = grade.steps.flatMap((step) => [
    `${step.passed ? MARKS.passed : MARKS.notYet} ${step.title[language]} (${step.id})`,
    ...step.checks.map((check) => {
      const why = check.state === 'passed' ? '' : `\n      ${check.message[language]}`;
      return `    ${MARKS[check.state]} ${check.title[language]}${why}`;
    }),
  ]);
  return [...lines, `${grade.points} / ${grade.pointsMax}`].join('\n');
}
