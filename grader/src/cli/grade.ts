/**
 * `labs grade ID --bootstrap …`: one look at any cluster. What only history can show (a topic that was deleted, something
 * that was once true) counts as not seen when everything else passed, and as missing otherwise. Quizzes and commands are
 * not in the cluster: they are told, and count neither way.
 */
import { writeFileSync } from 'node:fs';
import type { Client } from '@brokerlab/broker/client';
import { connectCluster } from '@brokerlab/broker/client';
import colors from 'picocolors';
import { evaluateStep } from '../checks/evaluate.ts';
import { clusterOf, neededObservations } from '../checks/needs.ts';
import type { Verdict } from '../checks/verdict.ts';
import { EMPTY_MEMORY, NO_EVIDENCE } from '../checks/verdict.ts';
import { particleAfter } from '../lab/josa.ts';
import { drawLab } from '../lab/load.ts';
import type { Check, Lab, Localized, TopicCheck } from '../lab/schema.ts';
import { observe } from '../observe/observe.ts';
import { findLab } from './find-lab.ts';
import { toJunit } from './junit.ts';
import { SEED_DEFAULT } from './show.ts';
import type { Surroundings } from './surroundings.ts';
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
}

const API_TIMEOUT_MS = 10_000;

export async function runGrade(call: Call, { labs, language, print }: Surroundings): Promise<number> {
  const id = requireId(call);
  const { bootstrap, seed = SEED_DEFAULT, junit } = call.options;
  if (bootstrap === undefined)
    throw new UsageError('Say which cluster: labs grade ID --bootstrap HOST:PORT.');
  const lab = drawLab(findLab(labs, id), seed);
  const grade = await gradeLab(lab, { seed, bootstrap: requireBootstrap(bootstrap) });
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

async function gradeLab(lab: Lab, { seed, bootstrap }: { seed: string; bootstrap: string }): Promise<Grade> {
  const client = connectCluster({ bootstrap, apiTimeoutMs: API_TIMEOUT_MS, connectTimeoutMs: 5000 });
  try {
    return gradeOf(lab, await judgeAll(lab, { client, bootstrap }), { seed, bootstrap });
  } finally {
    await client.close();
  }
}

async function judgeAll(
  lab: Lab,
  { client, bootstrap }: { client: Client; bootstrap: string },
): Promise<JudgedCheck[]> {
  const clients = Object.fromEntries(lab.clusters.map((cluster) => [cluster.id, client]));
  const judged: JudgedCheck[] = [];
  for (const step of lab.steps) {
    const snapshot = await observe(clients, neededObservations(lab, step));
    const unreachable = Object.values(snapshot.clusters).find((cluster) => !cluster.reachable);
    if (unreachable?.reachable === false) {
      throw new RefusalError(`The cluster at ${bootstrap} cannot be read: ${unreachable.reason}`);
    }
    const { verdicts } = evaluateStep({ lab, step, snapshot, evidence: NO_EVIDENCE, memory: EMPTY_MEMORY });
    for (const [index, verdict] of verdicts.entries()) {
      const check = step.checks[index];
      if (check === undefined) continue;
      const cluster = snapshot.clusters[clusterOf(lab, check)];
      const topicThere =
        cluster?.reachable === true && 'topic' in check && cluster.topics[check.topic ?? ''] !== undefined;
      judged.push({ stepId: step.id, check, verdict, topicThere });
    }
  }
  return judged;
}

export interface JudgedCheck {
  readonly stepId: string;
  readonly check: Check;
  readonly verdict: Verdict;
  /** The topic that the check is about is there now. */
  readonly topicThere: boolean;
}

/** What counts, and what one look cannot tell. */
function gradeOf(
  lab: Lab,
  judged: readonly JudgedCheck[],
  about: { seed: string; bootstrap: string },
): Grade {
  const deleted = new Set(judged.flatMap(({ check }) => (isDeletion(check) ? [check.topic] : [])));
  const isTold = (one: JudgedCheck) => isInCluster(one.check) && !isHistory(one, deleted);
  const told = judged.filter(isTold);
  const allToldPass = told.length > 0 && told.every(({ verdict }) => verdict.state === 'passed');
  const steps = lab.steps.map((step): GradedStep => {
    const mine = judged.filter(({ stepId }) => stepId === step.id);
    const checks = mine.map((one) => gradedCheck(lab, one, { told: isTold(one), allToldPass }));
    const title = textOf(lab, (text) => text.steps[step.id]?.title ?? step.id);
    const passed = checks.every(({ state }) => state === 'passed' || state === 'skipped');
    return { id: step.id, title, passed, checks };
  });
  const counted = steps.flatMap((step) => step.checks).filter(({ state }) => state !== 'skipped');
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

function isInCluster({ kind }: Check): boolean {
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
  { stepId, check, verdict }: JudgedCheck,
  { told, allToldPass }: { told: boolean; allToldPass: boolean },
): GradedCheck {
  const { state, message, expected, seen, points, pointsMax } = verdict;
  const title = textOf(lab, (text) => text.steps[stepId]?.checks[check.id] ?? check.id);
  const judged = { id: check.id, kind: check.kind, title, expected, seen, pointsMax };
  if (told || (isInCluster(check) && !allToldPass)) return { ...judged, state, message, points };
  // The rest of the lab is done, so a topic that is not there was made and deleted.
  if (isDeletion(check)) {
    return { ...judged, state: 'passed', message: absent(check.topic), points: pointsMax };
  }
  return { ...judged, state: 'skipped', message: whySkipped(check), points: 0 };
}

function absent(topic: string): Localized {
  return {
    ko: `토픽 \`${topic}\`${particleAfter(topic, '이')} 없어요.`,
    en: `The topic \`${topic}\` is not there.`,
  };
}

function whySkipped(check: Check): Localized {
  if (isInCluster(check)) {
    return {
      ko: '지나간 일이라 지금의 클러스터만 보고는 알 수 없어요.',
      en: 'This lies in the past and cannot be told from the cluster as it is now.',
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
