/** The kind `broker`: which brokers run, what is set on them, and how healthy their partitions are. */
import { withParticle } from '../lab/josa.ts';
import type { Bound, BrokerCheck, Localized } from '../lab/schema.ts';
import type { PartitionView, ReachableCluster } from '../observe/snapshot.ts';
import type { Condition, Judgement, Scene } from './judgement.ts';
import { allOf } from './judgement.ts';
import type { Noun } from './wording.ts';
import { boundText, code, counted, fits, join, PARTITION, say } from './wording.ts';

export function judgeBroker(check: BrokerCheck, { cluster }: Scene): Judgement {
  const conditions: Condition[] = [];
  const registered = cluster.registered ?? cluster.brokers.map(({ id }) => ({ id, fenced: false }));
  const down = registered.filter((broker) => broker.fenced).map(({ id }) => id);
  const running = cluster.brokers.map(({ id }) => id).filter((id) => !down.includes(id));
  if (check.running !== undefined) {
    conditions.push(
      countOf(check.running, running.length, say('실행 중인 브로커', 'running'), whoIsDown(down)),
    );
  }
  if (check.registered !== undefined)
    conditions.push(countOf(check.registered, registered.length, say('등록된 브로커', 'registered'), null));
  if (check.fenced !== undefined)
    conditions.push(countOf(check.fenced, down.length, say('펜싱된 브로커', 'fenced'), null));
  if (check.state !== undefined && check.broker !== undefined)
    conditions.push(stateOf(check.broker, check.state, running));
  for (const [name, value] of Object.entries(check.configs ?? {})) {
    conditions.push(configOf(check.broker, { name, value: value === null ? null : String(value) }, cluster));
  }
  conditions.push(...health(check, cluster));
  return allOf(conditions, check.broker === undefined ? say('브로커', 'Brokers') : brokerName(check.broker));
}

function brokerName(id: number): Localized {
  return say(`브로커 ${id}`, `broker ${id}`);
}

function whoIsDown(down: readonly number[]): Localized | null {
  if (down.length === 0) return null;
  const ids = down.join(', ');
  return say(
    `멈춰 있는 브로커: ${ids}. \`cluster\`로 상태를 보세요.`,
    `Down: broker ${ids}. See the states with \`cluster\`.`,
  );
}

function countOf(bound: Bound, count: number, what: Localized, why: Localized | null): Condition {
  const needed = boundText(bound, '개');
  return {
    holds: fits(bound, count),
    message: join(
      say(
        `${withParticle(what.ko, '이')} ${count}개예요. ${withParticle(needed.ko, '이')} 필요해요.`,
        `${count} ${count === 1 ? 'broker is' : 'brokers are'} ${what.en}, but it needs ${needed.en}.`,
      ),
      why,
    ),
    expected: say(`${what.ko} ${needed.ko}`, `${needed.en} ${what.en}`),
    seen: say(`${what.ko} ${count}개`, `${count} ${what.en}`),
  };
}

function stateOf(broker: number, wanted: 'running' | 'down', running: readonly number[]): Condition {
  const runs = running.includes(broker);
  const words = (up: boolean) => (up ? say('실행 중', 'running') : say('멈춤', 'down'));
  const [now, next] = [words(runs), words(wanted === 'running')];
  const how =
    wanted === 'running'
      ? say(
          `\`cluster start ${broker}\`로 다시 시작할 수 있어요.`,
          `Start it with \`cluster start ${broker}\`.`,
        )
      : say(
          '멈춘 브로커를 컨트롤러가 알아차리는 데 몇 초 걸릴 수 있어요.',
          'It may take the controller some seconds to notice that a broker is down.',
        );
  return {
    holds: runs === (wanted === 'running'),
    message: join(
      say(
        `브로커 ${withParticle(broker, '은')} 지금 ${now.ko} 상태예요. ${next.ko} 상태여야 해요.`,
        `Broker ${broker} is ${now.en}, but must be ${next.en}.`,
      ),
      how,
    ),
    expected: say(`브로커 ${broker} ${next.ko}`, `broker ${broker} ${next.en}`),
    seen: say(`브로커 ${broker} ${now.ko}`, `broker ${broker} ${now.en}`),
  };
}

function configOf(
  broker: number | undefined,
  { name, value }: { name: string; value: string | null },
  cluster: ReachableCluster,
): Condition {
  const actual = cluster.brokerConfigs?.[String(broker ?? '')]?.[name] ?? null;
  const whose =
    broker === undefined ? say('모든 브로커의 기본값', 'the default of all brokers') : brokerName(broker);
  const show = (set: string | null) =>
    set === null
      ? say(`${code(name)} 설정 없음`, `${code(name)} not set`)
      : say(code(`${name}=${set}`), code(`${name}=${set}`));
  const message =
    value === null
      ? say(
          `${whose.ko}에 ${code(name, '이')} 아직 ${code(actual ?? '', '으로')} 정해져 있어요. \`--delete-config\`로 지우세요.`,
          `${code(name)} is still ${code(actual ?? '')} on ${whose.en}. Remove it with \`--delete-config\`.`,
        )
      : actual === null
        ? say(
            `${whose.ko}에 ${code(name, '이')} 정해져 있지 않아요. ${code(value, '이')} 필요해요.`,
            `${code(name)} is not set on ${whose.en}. It needs ${code(value)}.`,
          )
        : say(
            `${whose.ko}의 ${code(name, '이')} ${code(actual, '이에요')}. ${code(value, '이')} 필요해요.`,
            `${code(name)} is ${code(actual)} on ${whose.en}, but must be ${code(value)}.`,
          );
  return { holds: actual === value, message, expected: show(value), seen: show(actual) };
}

interface Found {
  readonly topic: string;
  readonly partition: number;
}

function health(check: BrokerCheck, cluster: ReachableCluster): Condition[] {
  const found = (is: (partition: PartitionView, minInSync: number) => boolean): Found[] =>
    Object.entries(cluster.topics).flatMap(([topic, view]) =>
      view.partitions
        .filter((partition) => is(partition, view.minInSync ?? 1))
        .map(({ partition }) => ({ topic, partition })),
    );
  const conditions: Condition[] = [];
  if (check.offline !== undefined) {
    const none = found(({ leader }) => leader < 0);
    conditions.push(partitionsOf(check.offline, none, say('리더가 없는 파티션', 'without a leader')));
  }
  if (check.underReplicated !== undefined) {
    const behind = found(({ isr, replicas }) => isr.length < replicas.length);
    conditions.push(
      partitionsOf(check.underReplicated, behind, say('동기화가 덜 된 파티션', 'under-replicated')),
    );
  }
  if (check.underMinIsr !== undefined) {
    const few = found(({ isr }, minInSync) => isr.length < minInSync);
    const what = say('`min.insync.replicas`에 못 미치는 파티션', 'under `min.insync.replicas`');
    conditions.push(partitionsOf(check.underMinIsr, few, what));
  }
  return conditions;
}

function partitionsOf(bound: Bound, found: readonly Found[], what: Localized): Condition {
  const needed = boundText(bound, '개');
  const shown = found
    .slice(0, 4)
    .map(({ topic, partition }) => code(`${topic}-${partition}`))
    .join(', ');
  const noun: Noun = PARTITION;
  return {
    holds: fits(bound, found.length),
    message: join(
      say(
        `${withParticle(what.ko, '이')} ${found.length}개예요. ${withParticle(needed.ko, '이')} 되어야 해요.`,
        `${counted(noun, found.length).en} ${found.length === 1 ? 'is' : 'are'} ${what.en}; it should be ${needed.en}.`,
      ),
      found.length === 0 ? null : say(`예: ${shown}.`, `For instance ${shown}.`),
    ),
    expected: say(`${what.ko} ${needed.ko}`, `${needed.en} ${what.en}`),
    seen: say(`${what.ko} ${found.length}개`, `${found.length} ${what.en}`),
  };
}

/** Shared with other kinds: the brokers that run, ascending. */
export function runningBrokers(cluster: ReachableCluster): number[] {
  const fenced = (cluster.registered ?? []).filter((broker) => broker.fenced).map(({ id }) => id);
  return cluster.brokers
    .map(({ id }) => id)
    .filter((id) => !fenced.includes(id))
    .sort((a, b) => a - b);
}
