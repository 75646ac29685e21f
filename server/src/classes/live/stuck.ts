/**
 * Who is stuck, and why: from what was noticed of a trainee to what an instructor should look at, the heaviest first. Pure.
 *
 * A weight of 3 alone, or several things together, make "stuck"; less is worth a look. Nothing here is held against anybody:
 * commands and output come out of the box and may be anything.
 */
import type { Localized, Reason } from '../../contract/main.ts';
import type { Activity, GroupSample, NoticedCommand } from './activity.ts';

export interface Situation {
  readonly now: number;
  readonly online: boolean;
  readonly environment: 'none' | 'asleep' | 'starting' | 'ready' | 'failed';
  /** Null: nothing is open. */
  readonly stepSince: number | null;
  /** What the author thinks a step takes. */
  readonly planMs: number;
  readonly activity: Activity | undefined;
  readonly checkTitle: (checkId: string) => Localized;
}

export interface Weighed {
  readonly reasons: readonly Reason[];
  readonly weight: number;
}

type Found = Omit<Reason, 'severity'> & { readonly weight: number };

export const STUCK_WEIGHT = 3;
const MINUTE_MS = 60_000;
const REPEATED_ERRORS = 3;
const FAILING_IN_A_ROW = 4;
const REPEATED_COMMANDS = 4;
const TRIES_MANY = 3;
const TRIES_VERY_MANY = 5;
const INACTIVE_MS = 5 * MINUTE_MS;
const INACTIVE_LONG_MS = 10 * MINUTE_MS;
const IDLE_CONSUMER_MS = 12_000;
const LAG_GROWS_MS = 20_000;
const LAG_MIN = 10;

export function weigh(situation: Situation): Weighed {
  const { activity } = situation;
  const found = [
    ...failedEnvironment(situation),
    ...(activity && situation.stepSince !== null
      ? [
          ...commandReasons(activity.commands),
          ...idleConsumer(activity),
          ...growingLag(activity),
          ...manyTries(situation, activity),
          ...inactivity(situation, activity),
        ]
      : []),
    ...longInStep(situation),
  ].sort((one, other) => other.weight - one.weight);
  const weight = found.reduce((sum, reason) => sum + reason.weight, 0);
  const stuck = weight >= STUCK_WEIGHT;
  return {
    weight,
    reasons: found.map(({ kind, text, since, weight: own }) => ({
      kind,
      text,
      since,
      severity: stuck && (own >= 2 || found[0]?.kind === kind) ? 'stuck' : 'look',
    })),
  };
}

function failedEnvironment({ environment, now }: Situation): Found[] {
  if (environment !== 'failed') return [];
  return [
    {
      kind: 'environmentFailed',
      weight: 3,
      since: now,
      text: { ko: '실습 환경이 멈췄어요', en: 'The environment has failed' },
    },
  ];
}

function commandReasons(commands: readonly NoticedCommand[]): Found[] {
  const last = commands.at(-1);
  if (!last) return [];
  const same = trailing(commands, (one) => normal(one.text) === normal(last.text));
  const failed = trailing(commands, isFailure);
  const sameFailed = trailing(commands, (one) => isFailure(one) && normal(one.text) === normal(last.text));
  if (sameFailed.length >= REPEATED_ERRORS) {
    const count = sameFailed.length;
    return [
      {
        kind: 'repeatedError',
        weight: 3,
        since: sameFailed[0]!.at,
        text: {
          ko: `같은 오류가 ${count}번 나왔어요${quoted(last.said)}`,
          en: `The same error ${count} times${quoted(last.said)}`,
        },
      },
    ];
  }
  if (failed.length >= FAILING_IN_A_ROW) {
    const count = failed.length;
    return [
      {
        kind: 'failingCommands',
        weight: 3,
        since: failed[0]!.at,
        text: {
          ko: `명령이 ${count}번 이어서 실패했어요${quoted(last.said)}`,
          en: `${count} commands failed in a row${quoted(last.said)}`,
        },
      },
    ];
  }
  if (same.length >= REPEATED_COMMANDS) {
    const count = same.length;
    return [
      {
        kind: 'repeatedCommand',
        weight: 1,
        since: same[0]!.at,
        text: { ko: `같은 명령을 ${count}번 실행했어요`, en: `Ran the same command ${count} times` },
      },
    ];
  }
  return [];
}

/** A group in which somebody has had nothing to read for some looks. */
function idleConsumer({ groups }: Activity): Found[] {
  const latest = groups.at(-1);
  for (const group of latest?.groups ?? []) {
    if (group.idleMembers === 0 || group.partitions === 0) continue;
    const since = sinceWhen(groups, group.id, (sample) => sample.idleMembers > 0);
    if (latest!.at - since < IDLE_CONSUMER_MS) continue;
    const { id, members, partitions, idleMembers } = group;
    return [
      {
        kind: 'idleConsumer',
        weight: 2,
        since,
        text: {
          ko: `컨슈머 ${idleMembers}개가 놀고 있어요 (그룹 ${id}: 파티션 ${partitions}개에 컨슈머 ${members}개)`,
          en: `${idleMembers} idle consumer${idleMembers > 1 ? 's' : ''} (group ${id}: ${members} consumers for ${partitions} partitions)`,
        },
      },
    ];
  }
  return [];
}

function growingLag({ groups }: Activity): Found[] {
  const latest = groups.at(-1);
  for (const group of latest?.groups ?? []) {
    if (group.lag === null || group.lag < LAG_MIN) continue;
    const first = growthBegan(groups, group);
    if (!first || latest!.at - first.at < LAG_GROWS_MS) continue;
    return [
      {
        kind: 'growingLag',
        weight: 1,
        since: first.at,
        text: {
          ko: `랙이 계속 늘어요 (그룹 ${group.id}: ${first.lag} → ${group.lag})`,
          en: `Lag keeps growing (group ${group.id}: ${first.lag} → ${group.lag})`,
        },
      },
    ];
  }
  return [];
}

function manyTries({ checkTitle, now }: Situation, { tries }: Activity): Found[] {
  const most = [...tries].sort(([, one], [, other]) => other - one)[0];
  if (!most || most[1] < TRIES_MANY) return [];
  const [checkId, count] = most;
  const title = checkTitle(checkId);
  return [
    {
      kind: 'wrongAnswers',
      weight: count >= TRIES_VERY_MANY ? 3 : 2,
      since: now,
      text: { ko: `${count}번 해 봤지만 아직이에요: ${title.ko}`, en: `${count} tries so far: ${title.en}` },
    },
  ];
}

function inactivity({ online, environment, now }: Situation, { lastAt }: Activity): Found[] {
  const idleMs = now - lastAt;
  if (!online || environment !== 'ready' || idleMs < INACTIVE_MS) return [];
  const minutes = Math.floor(idleMs / MINUTE_MS);
  return [
    {
      kind: 'inactive',
      weight: idleMs >= INACTIVE_LONG_MS ? 3 : 2,
      since: lastAt,
      text: { ko: `${minutes}분째 입력이 없어요`, en: `No activity for ${minutes} minutes` },
    },
  ];
}

function longInStep({ online, now, stepSince, planMs }: Situation): Found[] {
  if (!online || stepSince === null || now - stepSince < Math.max(3 * planMs, 10 * MINUTE_MS)) return [];
  const minutes = Math.floor((now - stepSince) / MINUTE_MS);
  const plan = Math.max(1, Math.round(planMs / MINUTE_MS));
  return [
    {
      kind: 'longInStep',
      weight: 1,
      since: stepSince,
      text: {
        ko: `이 단계에 ${minutes}분째 있어요 (계획 ${plan}분)`,
        en: `${minutes} minutes in this step (planned: ${plan})`,
      },
    },
  ];
}

/** Ended by Ctrl-C is no failure: that is how consumers are ended. */
function isFailure({ exitCode }: NoticedCommand): boolean {
  return exitCode !== 0 && exitCode !== 130;
}

function trailing<T>(items: readonly T[], holds: (item: T) => boolean): T[] {
  const end = items.findLastIndex((item) => !holds(item));
  return items.slice(end + 1);
}

function normal(command: string): string {
  return command.trim().replace(/\s+/g, ' ');
}

function quoted(said: string): string {
  return said === '' ? '' : `: ${said.slice(0, 120)}`;
}

function sinceWhen(groups: Activity['groups'], id: string, holds: (sample: GroupSample) => boolean): number {
  const latest = groups.at(-1)!.at;
  const found = trailing(groups, ({ groups: all }) => all.some((one) => one.id === id && holds(one)));
  return found[0]?.at ?? latest;
}

/** The look from which on the group's lag has only grown. */
function growthBegan(
  groups: Activity['groups'],
  { id }: GroupSample,
): { readonly at: number; readonly lag: number } | undefined {
  const lags = groups.map(({ at, groups: all }) => ({
    at,
    lag: all.find((one) => one.id === id)?.lag ?? null,
  }));
  let begin = lags.length - 1;
  while (begin > 0) {
    const [before, here] = [lags[begin - 1]!.lag, lags[begin]!.lag];
    if (before === null || here === null || before >= here) break;
    begin -= 1;
  }
  const first = lags[begin];
  // Three looks at least: two say nothing about what keeps happening.
  if (!first || first.lag === null || lags.length - begin < 3) return undefined;
  return { at: first.at, lag: first.lag };
}
