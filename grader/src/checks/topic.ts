/** The kind `topic`: is it there, with these partitions, this replication and these configs; or was it deleted. */

import { withParticle } from '../lab/josa.ts';
import type { Localized, TopicCheck } from '../lab/schema.ts';
import type { ReachableCluster, TopicView } from '../observe/snapshot.ts';
import { closestName } from './closest-name.ts';
import type { Judgement, Scene } from './judgement.ts';
import { judgeLog } from './topic-log.ts';
import { boundText, code, counted, distance, durationText, fits, join, PARTITION, say } from './wording.ts';

export function judgeTopic(check: TopicCheck, { cluster, wasSeen }: Scene): Judgement {
  const topic = cluster.topics[check.topic];
  if (check.deleted)
    return judgeDeleted(check.topic, { there: topic !== undefined, seen: wasSeen(check.topic) });
  if (topic === undefined) return topicMissing(check.topic, cluster);
  const conditions = conditionsOf(check, topic);
  const failed = conditions.filter((condition) => !condition.holds);
  const first = failed[0] ?? conditions.at(-1) ?? topicThere(check.topic);
  if (failed.length === 0) return { ...first, message: allGood(check.topic, conditions) };
  return { ...first, share: (conditions.length - failed.length) / conditions.length };
}

/** Shared with other kinds: nothing can be said about a topic that is not there. */
export function topicMissing(topic: string, cluster: ReachableCluster): Judgement {
  const names = Object.keys(cluster.topics).filter((name) => cluster.topics[name]?.internal === false);
  const close = closestName(topic, names);
  const why =
    close === undefined
      ? say(
          '`kafka-topics.sh --list`로 지금 있는 토픽을 볼 수 있어요.',
          'See which topics there are with `kafka-topics.sh --list`.',
        )
      : say(
          `비슷한 이름의 ${code(close, '은')} 있어요. 이름의 철자와 대소문자를 다시 보세요.`,
          `There is ${code(close)}, though: look at the spelling and at capital letters.`,
        );
  return {
    holds: false,
    message: join(
      say(`토픽 ${code(topic, '이')} 아직 없어요.`, `There is no topic ${code(topic)} yet.`),
      why,
    ),
    expected: say(`토픽 ${code(topic)}`, `topic ${code(topic)}`),
    seen: names.length === 0 ? say('토픽 없음', 'no topics') : list(names),
  };
}

function list(names: readonly string[]): Localized {
  const shown = [...names].sort().slice(0, 8);
  const text = shown.map((name) => code(name)).join(', ');
  const more = names.length - shown.length;
  return more === 0 ? say(text, text) : say(`${text} 외 ${more}개`, `${text} and ${more} more`);
}

function topicThere(topic: string): Judgement {
  return {
    holds: true,
    message: say(`토픽 ${code(topic, '이')} 있어요.`, `The topic ${code(topic)} is there.`),
    expected: say(`토픽 ${code(topic)}`, `topic ${code(topic)}`),
    seen: say('있음', 'there'),
  };
}

function judgeDeleted(topic: string, { there, seen }: { there: boolean; seen: boolean }): Judgement {
  const expected = say(`토픽 ${code(topic)} 삭제됨`, `topic ${code(topic)} deleted`);
  if (there) {
    return {
      holds: false,
      message: say(
        `토픽 ${code(topic, '이')} 아직 있어요. \`--delete\`로 지우고, \`--list\`로 사라졌는지 보세요.`,
        `The topic ${code(topic)} is still there. Remove it with \`--delete\` and see with \`--list\` that it is gone.`,
      ),
      expected,
      seen: say('아직 있음', 'still there'),
    };
  }
  if (!seen) {
    return {
      holds: false,
      message: say(
        `토픽 ${code(topic, '이')} 아직 만들어진 적이 없어요. 만든 다음에 지워 보세요.`,
        `The topic ${code(topic)} has not existed yet. Create it first, then delete it.`,
      ),
      expected,
      seen: say('있었던 적 없음', 'never there'),
    };
  }
  return {
    holds: true,
    message: say(
      `토픽 ${code(topic, '이')} 지워졌어요. 안에 있던 레코드도 함께 사라졌어요.`,
      `The topic ${code(topic)} is deleted, and every record in it with it.`,
    ),
    expected,
    seen: say('지워짐', 'deleted'),
  };
}

function allGood(topic: string, conditions: readonly Judgement[]): Localized {
  if (conditions.length === 0) return topicThere(topic).message;
  const seen = conditions.map((condition) => condition.seen);
  return say(
    `${code(topic)}: ${seen.map((part) => part.ko).join(', ')}.`,
    `${code(topic)}: ${seen.map((part) => part.en).join(', ')}.`,
  );
}

function conditionsOf(check: TopicCheck, topic: TopicView): Judgement[] {
  const conditions: Judgement[] = [];
  if (check.partitions !== undefined) conditions.push(judgePartitions(check.partitions, topic));
  if (check.replicationFactor !== undefined)
    conditions.push(judgeReplication(check.replicationFactor, topic));
  if (check.inSync) conditions.push(judgeInSync(topic));
  conditions.push(...judgeLog(check, topic));
  for (const [name, value] of Object.entries(check.configs ?? {})) {
    conditions.push(judgeConfig({ name, value: value === null ? null : String(value) }, topic));
  }
  return conditions;
}

function judgePartitions(bound: NonNullable<TopicCheck['partitions']>, topic: TopicView): Judgement {
  const count = topic.partitions.length;
  const off = distance(bound, count);
  const needed = boundText(bound, '개');
  const next =
    off > 0
      ? say(
          '파티션은 늘릴 수만 있어요. 줄이려면 토픽을 지우고 다시 만들어야 해요.',
          'Partitions can be added but never removed: delete the topic and create it again.',
        )
      : say(
          '토픽을 만들 때는 `--create --partitions`, 이미 있으면 `--alter --partitions`로 정해요.',
          'Give `--partitions` with `--create`, or with `--alter` for a topic that exists.',
        );
  return {
    holds: off === 0,
    message: join(
      say(
        `파티션이 ${count}개예요. ${withParticle(needed.ko, '이')} 필요해요.`,
        `It has ${count} ${count === 1 ? 'partition' : 'partitions'}, but needs ${needed.en}.`,
      ),
      next,
    ),
    expected: say(`파티션 ${needed.ko}`, `${needed.en} ${bound === 1 ? 'partition' : 'partitions'}`),
    seen: counted(PARTITION, count),
  };
}

function judgeReplication(bound: NonNullable<TopicCheck['replicationFactor']>, topic: TopicView): Judgement {
  const factors = topic.partitions.map((partition) => partition.replicas.length);
  const lowest = Math.min(...factors);
  const odd = factors.find((factor) => !fits(bound, factor)) ?? lowest;
  const needed = boundText(bound, '');
  const why =
    odd === 1
      ? say(
          '사본이 하나뿐이라, 그 브로커가 멈추면 읽을 수도 쓸 수도 없어요.',
          'With a single copy, nothing can be read or written while its broker is down.',
        )
      : null;
  return {
    holds: factors.every((factor) => fits(bound, factor)),
    message: join(
      say(
        `복제 계수가 ${withParticle(odd, '이에요')}. ${withParticle(needed.ko, '이')} 필요해요.`,
        `The replication factor is ${odd}, but must be ${needed.en}.`,
      ),
      why,
      say(
        '복제 계수는 토픽을 만들 때 `--replication-factor`로 정해요. 토픽을 지우고 다시 만들어 보세요.',
        'It is set by `--replication-factor` at creation: delete the topic and create it again.',
      ),
    ),
    expected: say(`복제 계수 ${needed.ko}`, `replication factor ${needed.en}`),
    seen: say(`복제 계수 ${odd}`, `replication factor ${odd}`),
  };
}

function judgeInSync(topic: TopicView): Judgement {
  const behind = topic.partitions.filter((partition) => partition.isr.length < partition.replicas.length);
  const shown = behind.map((partition) => partition.partition).join(', ');
  return {
    holds: behind.length === 0,
    message: say(
      `파티션 ${shown}에 아직 동기화되지 않은 레플리카가 있어요. \`--describe\`에서 Replicas와 Isr를 견주어 보세요.`,
      `Partition ${shown} has replicas that are not in sync. Compare Replicas and Isr in \`--describe\`.`,
    ),
    expected: say('모든 레플리카가 ISR에 있음', 'every replica in sync'),
    seen:
      behind.length === 0
        ? say('모든 레플리카가 동기화됨', 'every replica in sync')
        : say(`파티션 ${shown} 동기화 안 됨`, `partition ${shown} not in sync`),
  };
}

function judgeConfig({ name, value }: { name: string; value: string | null }, topic: TopicView): Judgement {
  const actual = topic.configs?.[name] ?? null;
  const expected =
    value === null
      ? say(`${code(name)} 없음`, `no ${code(name)}`)
      : say(code(`${name}=${value}`), code(`${name}=${value}`));
  const seen =
    actual === null
      ? say(`${code(name)} 기본값`, `${code(name)} left at its default`)
      : say(code(`${name}=${actual}`), code(`${name}=${actual}`));
  return { holds: actual === value, message: configMessage(name, { value, actual }), expected, seen };
}

function configMessage(
  name: string,
  { value, actual }: { value: string | null; actual: string | null },
): Localized {
  if (value === null) {
    return say(
      `${code(name, '이')} ${code(actual ?? '', '으로')} 정해져 있어요. \`kafka-configs.sh\`의 \`--delete-config\`로 기본값으로 돌려놓으세요.`,
      `${code(name)} is set to ${code(actual ?? '')}. Return it to its default with \`--delete-config\`.`,
    );
  }
  if (actual === null) {
    return say(
      `${code(name, '이')} 이 토픽에 정해져 있지 않아서 기본값을 써요. ${code(value, '이')} 필요해요.`,
      `${code(name)} is not set on this topic, so the default applies. It needs ${code(value)}.`,
    );
  }
  return join(
    say(
      `${code(name, '이')} ${code(actual, '이에요')}. ${code(value, '이')} 필요해요.`,
      `${code(name)} is ${code(actual)}, but must be ${code(value)}.`,
    ),
    name.endsWith('.ms') ? inTime(actual, value) : null,
  );
}

function inTime(actual: string, value: string): Localized | null {
  const [now, wanted] = [Number(actual), Number(value)];
  if (!(now >= 0) || !(wanted >= 0)) return null;
  const [a, b] = [durationText(now), durationText(wanted)];
  return say(
    `단위가 밀리초라서 지금 값은 ${a.ko}, 필요한 값은 ${withParticle(b.ko, '이에요')}.`,
    `The unit is milliseconds: that is ${a.en} now, and ${b.en} is wanted.`,
  );
}
