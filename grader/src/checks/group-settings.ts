/** A group's settings as they show (assignor, static members, timeouts), and what changed since the step began. */
import { withParticle } from '../lab/josa.ts';
import type { Bound, GroupCheck } from '../lab/schema.ts';
import type { GroupView } from '../observe/snapshot.ts';
import type { Condition, LagSample, Scene } from './judgement.ts';
import { boundText, code, durationText, fits, number, say } from './wording.ts';

export function settingsOf(check: GroupCheck, group: GroupView): Condition[] {
  const conditions: Condition[] = [];
  if (check.protocol !== undefined)
    conditions.push(
      same(say('그룹 프로토콜', 'group protocol'), check.protocol, group.protocol ?? 'classic'),
    );
  if (check.strategy !== undefined)
    conditions.push(
      same(say('파티션 할당 전략', 'assignment strategy'), check.strategy, group.assignor ?? ''),
    );
  for (const id of check.instanceIds ?? []) conditions.push(staticMember(id, group));
  for (const id of check.clientIds ?? []) conditions.push(client(id, group));
  if (check.sessionTimeoutMs !== undefined)
    conditions.push(sessionTimeout(check.sessionTimeoutMs, group.sessionTimeoutsMs ?? []));
  return conditions;
}

function same(what: { ko: string; en: string }, wanted: string, actual: string): Condition {
  return {
    holds: actual === wanted,
    message: say(
      `${withParticle(what.ko, '이')} ${code(actual || '-', '이에요')}. ${code(wanted, '이')} 필요해요.`,
      `The ${what.en} is ${code(actual || '-')}, but must be ${code(wanted)}.`,
    ),
    expected: say(code(wanted), code(wanted)),
    seen: say(code(actual || '-'), code(actual || '-')),
  };
}

function staticMember(id: string, group: GroupView): Condition {
  const there = group.members.flatMap(({ instanceId }) => instanceId ?? []);
  return {
    holds: there.includes(id),
    message: say(
      `\`group.instance.id\`가 ${code(id)}인 멤버가 없어요. 지금 고정 멤버: ${there.map((one) => code(one)).join(', ') || '없음'}.`,
      `No member has the \`group.instance.id\` ${code(id)}. Static members now: ${there.map((one) => code(one)).join(', ') || 'none'}.`,
    ),
    expected: say(`고정 멤버 ${code(id)}`, `static member ${code(id)}`),
    seen: there.includes(id)
      ? say(`고정 멤버 ${code(id)}`, `static member ${code(id)}`)
      : say('없음', 'none'),
  };
}

function client(id: string, group: GroupView): Condition {
  const holds = group.members.some(({ clientId }) => clientId === id);
  return {
    holds,
    message: say(
      `\`client.id\`가 ${code(id)}인 멤버가 없어요.`,
      `No member has the \`client.id\` ${code(id)}.`,
    ),
    expected: say(`멤버 ${code(id)}`, `member ${code(id)}`),
    seen: holds ? say(`멤버 ${code(id)}`, `member ${code(id)}`) : say('없음', 'none'),
  };
}

function sessionTimeout(bound: Bound, timeouts: readonly number[]): Condition {
  const odd = timeouts.find((ms) => !fits(bound, ms)) ?? timeouts[0];
  const needed = boundText(bound, ' ms');
  const time = durationText(odd ?? 0);
  return {
    holds: timeouts.length > 0 && timeouts.every((ms) => fits(bound, ms)),
    message:
      odd === undefined
        ? say('멤버가 아직 없어요.', 'There are no members yet.')
        : say(
            `\`session.timeout.ms\`가 ${withParticle(`${number(odd)} ms(${time.ko})`, '이에요')}. ${withParticle(needed.ko, '이')} 필요해요.`,
            `\`session.timeout.ms\` is ${number(odd)} (${time.en}), but must be ${needed.en}.`,
          ),
    expected: say(`session.timeout.ms ${needed.ko}`, `session.timeout.ms ${needed.en}`),
    seen: odd === undefined ? say('멤버 없음', 'no members') : say(`${number(odd)} ms`, `${number(odd)} ms`),
  };
}

export function changesOf(
  check: GroupCheck,
  { group, scene }: { group: GroupView; scene: Scene },
): Condition[] {
  const conditions: Condition[] = [];
  if (check.rebalances !== undefined)
    conditions.push(
      rebalances(check.rebalances, group.generation ?? null, scene.atStart(`generation/${check.group}`)),
    );
  if (check.lagTrend !== undefined) conditions.push(lagTrend(check, scene.lags(check.group, check.topic)));
  return conditions;
}

function rebalances(bound: Bound, now: number | null, before: string | number | undefined): Condition {
  // A group that did not exist when the step began counts from its first generation.
  const count = now === null ? 0 : Math.max(0, now - Number(before ?? 0));
  const needed = boundText(bound, '번');
  return {
    holds: fits(bound, count),
    message: say(
      `이 단계에서 리밸런스가 ${count}번 일어났어요. ${withParticle(needed.ko, '이')} 되어야 해요.`,
      `There ${count === 1 ? 'was 1 rebalance' : `were ${count} rebalances`} in this step; there should be ${needed.en}.`,
    ),
    expected: say(`리밸런스 ${needed.ko}`, `${needed.en} rebalances`),
    seen: say(`리밸런스 ${count}번`, count === 1 ? '1 rebalance' : `${count} rebalances`),
  };
}

/** Below this many records a second, a lag that rises and falls with commits counts as still. */
const STILL_PER_SECOND = 2;

function lagTrend(
  { lagTrend: wanted = 'steady', trendSeconds }: GroupCheck,
  samples: readonly LagSample[],
): Condition {
  const slope = slopeOf(samples, trendSeconds * 1000);
  const words = {
    growing: say('늘어남', 'growing'),
    steady: say('늘지 않음', 'not growing'),
    falling: say('줄어듦', 'falling'),
  };
  const last = samples.at(-1)?.lag ?? 0;
  if (slope === null) {
    return {
      holds: false,
      message: say(
        `랙(lag)이 어떻게 움직이는지 보고 있어요. ${trendSeconds}초쯤 걸려요. 지금 랙은 ${withParticle(number(last), '이에요')}.`,
        `Watching how the lag moves; that takes about ${trendSeconds} s. It is ${number(last)} now.`,
      ),
      expected: words[wanted],
      seen: say(`랙 ${number(last)}`, `lag ${number(last)}`),
    };
  }
  const now = slope > STILL_PER_SECOND ? 'growing' : slope < -STILL_PER_SECOND ? 'falling' : 'steady';
  const rate = number(Math.abs(Math.round(slope)));
  const holds = wanted === now || (wanted === 'steady' && now === 'falling');
  return {
    holds,
    message: say(
      `랙(lag)이 ${number(last)}이고, 1초에 ${rate}씩 ${slope >= 0 ? '늘고' : '줄고'} 있어요. 들어오는 양과 처리하는 양을 견주어 보세요.`,
      `The lag is ${number(last)} and ${slope >= 0 ? 'grows' : 'falls'} by ${rate} a second. Compare what comes in with what is handled.`,
    ),
    expected: say(`랙 ${words[wanted].ko}`, `lag ${words[wanted].en}`),
    seen: say(`랙 ${words[now].ko}`, `lag ${words[now].en}`),
  };
}

/** Records a second, from the mean of the window's first third to that of its last; null: not watched long enough. */
function slopeOf(samples: readonly LagSample[], windowMs: number): number | null {
  const end = samples.at(-1)?.atMs ?? 0;
  const window = samples.filter(({ atMs }) => atMs >= end - windowMs - 1000);
  const begin = window[0]?.atMs ?? end;
  if (end - begin < windowMs * 0.95 || window.length < 3) return null;
  const third = (end - begin) / 3;
  const mean = (list: readonly LagSample[]) =>
    list.reduce((sum, { lag }) => sum + lag, 0) / Math.max(1, list.length);
  const early = window.filter(({ atMs }) => atMs <= begin + third);
  const late = window.filter(({ atMs }) => atMs >= end - third);
  return (mean(late) - mean(early)) / ((2 * third) / 1000);
}
