/**
 * Snapshot × checks → verdicts, with what must be remembered between looks. Pure: the same look, evidence and memory
 * always give the same verdicts.
 *
 * A step passes when all of its checks pass at one look, and stays passed.
 *   now    passes while it holds.
 *   once   passes from the first look at which it holds.
 *   never  passes together with the others of its step, unless it ever held.
 */
import type { Check, Lab, Localized, Step } from '../lab/schema.ts';
import type { ClusterSnapshot, ReachableCluster, Snapshot } from '../observe/snapshot.ts';
import { judgeBroker } from './broker.ts';
import { judgeFile } from './file.ts';
import { judgeGroup } from './group.ts';
import type { Judgement, LagSample, Scene } from './judgement.ts';
import { judgeLeaders } from './leaders.ts';
import { lagKey, rememberLooks } from './looks.ts';
import { judgeMirror } from './mirror.ts';
import { clusterOf } from './needs.ts';
import { judgeProgram } from './program.ts';
import { judgeQuiz } from './quiz.ts';
import { judgeQuorum } from './quorum.ts';
import { judgeReassignment } from './reassignment.ts';
import { judgeRecords } from './records.ts';
import { judgeTerminal } from './terminal.ts';
import { judgeTopic } from './topic.ts';
import type { Evidence, Memory, StepMemory, Verdict } from './verdict.ts';
import { EMPTY_STEP_MEMORY } from './verdict.ts';
import { join, say } from './wording.ts';

export interface Evaluation {
  readonly lab: Lab;
  readonly step: Step;
  readonly snapshot: Snapshot;
  readonly evidence: Evidence;
  readonly memory: Memory;
}

export interface StepResult {
  /** In the order of the step's checks. */
  readonly verdicts: readonly Verdict[];
  /** To be kept, and given back at the next look. */
  readonly memory: Memory;
  readonly passed: boolean;
}

const TOPICS_SEEN_MAX = 1000;
const POINTS_DEFAULT = 10;
/** Whatever runs in the box can be made up there: worth nothing by itself. */
const FORGEABLE: readonly Check['kind'][] = ['terminal', 'file'];

export function evaluateStep(evaluation: Evaluation): StepResult {
  const { lab, step, snapshot, evidence, memory } = evaluation;
  const before = rememberLooks({ lab, step, snapshot }, memory.steps[step.id] ?? EMPTY_STEP_MEMORY);
  const onTime = predictionsOnTime(step, evidence, before);
  const lookWith = (check: Check, trueOnce: readonly string[]): Looked => {
    const id = clusterOf(lab, check);
    const cluster = snapshot.clusters[id] ?? { reachable: false, reason: `no cluster ${id}` };
    const sight = { id, clusters: snapshot.clusters, memory, now: before, evidence, onTime, trueOnce };
    return { check, judgement: judge(check, cluster, sight) };
  };
  // Predictions come last: what is said of them depends on whether their fact is known.
  const facts = step.checks
    .filter((check) => !isPrediction(check))
    .map((check) => lookWith(check, before.trueOnce));
  const known = [...before.trueOnce, ...facts.filter(holds).map(({ check }) => check.id)];
  const looked = step.checks.map(
    (check) => facts.find((fact) => fact.check === check) ?? lookWith(check, known),
  );
  const after = remember(looked, { ...before, onTime });
  const plain = looked.map(({ check, judgement }) => verdictOf(check, judgement, after));
  const othersPass = plain.every(
    (verdict, index) => step.checks[index]?.expect === 'never' || verdict.state === 'passed',
  );
  const verdicts = plain.map((verdict, index) =>
    step.checks[index]?.expect === 'never'
      ? settleNever(verdict, { othersPass, broken: after.broken[verdict.checkId] })
      : verdict,
  );
  const passed = before.passed || verdicts.every((verdict) => verdict.state === 'passed');
  const steps = { ...memory.steps, [step.id]: { ...after, passed } };
  return {
    verdicts,
    passed,
    memory: { ...memory, topicsSeen: seeTopics(memory.topicsSeen, snapshot), steps },
  };
}

const NOTHING_SEEN: ReachableCluster = {
  reachable: true,
  clusterId: '',
  brokers: [],
  topics: {},
  groups: {},
  records: {},
};

interface Looked {
  readonly check: Check;
  readonly judgement: Judgement | Unjudged;
}

interface Unjudged {
  readonly unjudged: Localized;
}

interface Sight {
  readonly id: string;
  readonly clusters: Snapshot['clusters'];
  /** Of the step, this look's beginnings and lags included. */
  readonly now: StepMemory;
  readonly memory: Memory;
  readonly evidence: Evidence;
  readonly onTime: readonly string[];
  readonly trueOnce: readonly string[];
}

function isPrediction(check: Check): boolean {
  return check.kind === 'quiz' && check.form === 'predict';
}

function holds({ judgement }: Looked): boolean {
  return 'holds' in judgement && judgement.holds;
}

const OUTSIDE: readonly Check['kind'][] = ['file', 'program', 'terminal', 'mirror'];

/** What stands outside the clusters can be judged while they are down. */
function isOutside(check: Check): boolean {
  return OUTSIDE.includes(check.kind) || (check.kind === 'quiz' && typeof check.answer !== 'object');
}

function judge(
  check: Check,
  cluster: ClusterSnapshot,
  { id, now, memory, ...sight }: Sight,
): Judgement | Unjudged {
  const broken = check.kind === 'program' ? sight.evidence.programs?.[check.id]?.broken : undefined;
  if (broken !== undefined) return { unjudged: broken };
  if (!cluster.reachable && !isOutside(check)) {
    return {
      unjudged: say(
        '지금은 클러스터가 답하지 않아서 확인할 수 없어요. 답하면 바로 다시 확인해요.',
        'The cluster does not answer right now, so this cannot be checked. It will be as soon as it does.',
      ),
    };
  }
  return judgeKind(check, {
    cluster: cluster.reachable ? cluster : NOTHING_SEEN,
    wasSeen: (topic) => memory.topicsSeen.includes(`${id}/${topic}`),
    atStart: (what) => now.atStart?.[`${id}/${what}`],
    lags: (group, topic): readonly LagSample[] => now.lags?.[lagKey(id, group, topic)] ?? [],
    ...sight,
  });
}

function judgeKind(check: Check, scene: Scene): Judgement {
  switch (check.kind) {
    case 'topic':
      return judgeTopic(check, scene);
    case 'records':
      return judgeRecords(check, scene);
    case 'group':
      return judgeGroup(check, scene);
    case 'broker':
      return judgeBroker(check, scene);
    case 'quorum':
      return judgeQuorum(check, scene);
    case 'leaders':
      return judgeLeaders(check, scene);
    case 'reassignment':
      return judgeReassignment(check, scene);
    case 'mirror':
      return judgeMirror(check, scene);
    case 'file':
      return judgeFile(check, scene);
    case 'program':
      return judgeProgram(check, scene);
    case 'terminal':
      return judgeTerminal(check, scene);
    case 'quiz':
      return judgeQuiz(check, scene);
  }
}

/** A prediction is on time when, at the look that first sees it, its fact was not yet remembered as true. */
function predictionsOnTime(step: Step, evidence: Evidence, before: StepMemory): string[] {
  const fresh = step.checks.filter(
    (check) =>
      check.kind === 'quiz' &&
      evidence.answers[check.id] !== undefined &&
      !before.onTime.includes(check.id) &&
      (check.before === undefined || !before.trueOnce.includes(check.before)),
  );
  return [...before.onTime, ...fresh.map((check) => check.id)];
}

function remember(looked: readonly Looked[], before: StepMemory): StepMemory {
  const holding = looked.filter(holds);
  const trueOnce = new Set([...before.trueOnce, ...holding.map(({ check }) => check.id)]);
  const broken = { ...before.broken };
  for (const { check, judgement } of holding) {
    if (check.expect === 'never' && 'holds' in judgement) broken[check.id] ??= judgement.message;
  }
  return { ...before, trueOnce: [...trueOnce], broken };
}

export function pointsMaxOf(check: Check): number {
  const isForgeable =
    FORGEABLE.includes(check.kind) || (check.kind === 'program' && check.script !== undefined);
  return check.points ?? (isForgeable ? 0 : POINTS_DEFAULT);
}

function verdictOf(check: Check, judgement: Judgement | Unjudged, memory: StepMemory): Verdict {
  const pointsMax = pointsMaxOf(check);
  const base = { checkId: check.id, pointsMax };
  const wasTrue = check.expect === 'once' && memory.trueOnce.includes(check.id);
  if ('unjudged' in judgement) {
    const nothing = say('확인 불가', 'not known');
    return {
      ...base,
      state: wasTrue ? 'passed' : 'brokenCheck',
      message: wasTrue ? wasTrueBefore() : judgement.unjudged,
      expected: nothing,
      seen: nothing,
      hint: null,
      points: wasTrue ? pointsMax : 0,
    };
  }
  const { message, expected, seen, hint = null } = judgement;
  const passed = wasTrue || (check.expect !== 'never' && judgement.holds);
  const share = judgement.share ?? (judgement.holds ? 1 : 0);
  const remembered = wasTrue && !judgement.holds;
  return {
    ...base,
    state: passed ? 'passed' : 'notYet',
    message: remembered ? wasTrueBefore() : message,
    expected,
    seen,
    hint: passed ? null : hint,
    points: remembered ? pointsMax : check.expect === 'never' ? 0 : Math.round(pointsMax * share),
  };
}

function wasTrueBefore(): Localized {
  return say('이 단계에서 해냈어요.', 'You did this during the step.');
}

/** What must never happen is kept only once the rest of the step is done. */
function settleNever(
  verdict: Verdict,
  { othersPass, broken }: { othersPass: boolean; broken: Localized | undefined },
): Verdict {
  if (broken !== undefined) {
    const message = join(
      say('일어나면 안 되는 일이 일어났어요.', 'What must not happen has happened.'),
      broken,
    );
    return { ...verdict, state: 'notYet', points: 0, message };
  }
  if (verdict.state === 'brokenCheck') return verdict;
  if (othersPass) {
    const message = say('끝까지 지켜졌어요.', 'It held to the end.');
    return { ...verdict, state: 'passed', points: verdict.pointsMax, message };
  }
  return { ...verdict, message: say('아직까지는 잘 지켜지고 있어요.', 'So far, so good.') };
}

function seeTopics(seen: readonly string[], snapshot: Snapshot): readonly string[] {
  const all = new Set(seen);
  for (const [id, cluster] of Object.entries(snapshot.clusters)) {
    if (!cluster.reachable) continue;
    for (const name of Object.keys(cluster.topics)) {
      if (all.size < TOPICS_SEEN_MAX && cluster.topics[name]?.internal === false) all.add(`${id}/${name}`);
    }
  }
  return all.size === seen.length ? seen : [...all];
}
