/** The kind `group`: a consumer group's state and members, how far it has read, and how far it is behind. */
import { withParticle } from '../lab/josa.ts';
import type { Bound, GroupCheck, Localized } from '../lab/schema.ts';
import type { GroupView, ReachableCluster } from '../observe/snapshot.ts';
import { changesOf, settingsOf } from './group-settings.ts';
import type { Condition, Judgement, Scene } from './judgement.ts';
import { allOf } from './judgement.ts';
import {
  boundText,
  code,
  countEn,
  counted,
  distance,
  fits,
  join,
  MEMBER,
  number,
  RECORD,
  say,
} from './wording.ts';

export function judgeGroup(check: GroupCheck, scene: Scene): Judgement {
  const { cluster } = scene;
  const group = cluster.groups[check.group] ?? null;
  if (check.deleted) return judgeDeleted(check.group, group === null);
  if (group === null) return missing(check.group);
  const conditions = conditionsOf(check, group, cluster);
  conditions.push(...settingsOf(check, group), ...changesOf(check, { group, scene }));
  if (conditions.length > 0) {
    const name = code(check.group);
    return allOf(conditions, say(`컨슈머 그룹 ${name}`, `Consumer group ${name}`));
  }
  return {
    holds: true,
    message: say(`컨슈머 그룹 ${code(check.group)}: 있음.`, `Consumer group ${code(check.group)}: there.`),
    expected: say(`컨슈머 그룹 ${code(check.group)}`, `consumer group ${code(check.group)}`),
    seen: say('있음', 'there'),
  };
}

function judgeDeleted(group: string, gone: boolean): Judgement {
  return {
    holds: gone,
    message: gone
      ? say(`컨슈머 그룹 ${code(group, '이')} 없어요.`, `There is no consumer group ${code(group)}.`)
      : say(
          `컨슈머 그룹 ${code(group, '이')} 아직 있어요. 멤버가 모두 나간 다음에 지울 수 있어요.`,
          `The consumer group ${code(group)} is still there. It can be deleted once every member has left.`,
        ),
    expected: say('그룹 없음', 'no group'),
    seen: gone ? say('없음', 'none') : say('아직 있음', 'still there'),
  };
}

function missing(group: string): Judgement {
  return {
    holds: false,
    message: say(
      `컨슈머 그룹 ${code(group, '이')} 아직 없어요. 컨슈머를 \`--group ${group}\` 옵션과 함께 실행해 보세요.`,
      `There is no consumer group ${code(group)} yet. Run a consumer with \`--group ${group}\`.`,
    ),
    expected: say(`컨슈머 그룹 ${code(group)}`, `consumer group ${code(group)}`),
    seen: say('없음', 'none'),
  };
}

function conditionsOf(check: GroupCheck, group: GroupView, cluster: ReachableCluster): Condition[] {
  const conditions: Condition[] = [];
  if (check.state !== undefined) conditions.push(judgeState(check.state, group));
  if (check.members !== undefined) conditions.push(judgeMembers(check.members, group));
  if (check.read !== undefined) conditions.push(judgeRead(check.read, progress(check.topic, group, cluster)));
  if (check.lag !== undefined) conditions.push(judgeLag(check.lag, progress(check.topic, group, cluster)));
  if (check.idle !== undefined) conditions.push(judgeIdle(check.idle, group));
  if (check.perMember !== undefined) conditions.push(judgePerMember(check.perMember, group, check.topic));
  for (const [partition, bound] of Object.entries(check.offsets ?? {}))
    conditions.push(judgeOffset(Number(partition), bound, { topic: check.topic, group }));
  return conditions;
}

export interface Progress {
  readonly read: number;
  /** null: the group has committed nothing there. */
  readonly lag: number | null;
}

/** Summed over the partitions the group has committed, and those of the topic it has not. */
export function progress(topic: string | undefined, group: GroupView, cluster: ReachableCluster): Progress {
  const committed = group.committed.filter((offset) => topic === undefined || offset.topic === topic);
  const read = committed.reduce((sum, offset) => {
    const partition = cluster.topics[offset.topic]?.partitions[offset.partition];
    return sum + Math.max(0, offset.offset - (partition?.startOffset ?? 0));
  }, 0);
  if (committed.length === 0) return { read, lag: null };
  const topics = topic === undefined ? [...new Set(committed.map((offset) => offset.topic))] : [topic];
  let lag = 0;
  for (const name of topics) {
    for (const partition of cluster.topics[name]?.partitions ?? []) {
      const at = committed.find(
        (offset) => offset.topic === name && offset.partition === partition.partition,
      );
      lag += Math.max(0, (partition.endOffset ?? 0) - (at?.offset ?? partition.startOffset ?? 0));
    }
  }
  return { read, lag };
}

function judgeState(state: string, group: GroupView): Condition {
  return {
    holds: group.state === state,
    message: say(
      `그룹의 상태가 ${code(group.state, '이에요')}. ${code(state, '이')} 되어야 해요.`,
      `The group's state is ${code(group.state)}, but must be ${code(state)}.`,
    ),
    expected: say(code(state), code(state)),
    seen: say(code(group.state), code(group.state)),
  };
}

function judgeMembers(bound: Bound, group: GroupView): Condition {
  const count = group.members.length;
  const needed = boundText(bound, '명');
  return {
    holds: fits(bound, count),
    message: say(
      `그룹에 멤버가 ${count}명이에요. ${withParticle(needed.ko, '이')} 필요해요. 컨슈머 하나가 멤버 하나예요.`,
      `The group has ${countEn(MEMBER, count)}, but needs ${needed.en}. Each running consumer is one member.`,
    ),
    expected: say(`멤버 ${needed.ko}`, `${needed.en} members`),
    seen: counted(MEMBER, count),
  };
}

function judgeRead(bound: Bound, { read }: Progress): Condition {
  const needed = boundText(bound, '개');
  const off = distance(bound, read);
  const why: Localized | null =
    off < 0
      ? say(
          '처음부터 읽으려면 그룹이 처음 읽을 때 `--from-beginning`이 있어야 해요.',
          'To start at the beginning, the group needs `--from-beginning` the first time it reads.',
        )
      : null;
  return {
    holds: off === 0,
    message: join(
      say(
        `이 그룹은 레코드를 ${number(read)}개까지 읽었어요. 필요한 것은 ${withParticle(needed.ko, '이에요')}.`,
        `The group has read ${countEn(RECORD, read)}, but should have read ${needed.en}.`,
      ),
      why,
    ),
    expected: say(`레코드 ${needed.ko} 읽음`, `${needed.en} records read`),
    seen: say(`${number(read)}개 읽음`, `${countEn(RECORD, read)} read`),
  };
}

function judgeLag(bound: Bound, { lag }: Progress): Condition {
  const needed = boundText(bound, '');
  if (lag === null) {
    return {
      holds: false,
      message: say(
        '이 그룹은 아직 어디까지 읽었는지 커밋하지 않았어요. 컨슈머가 읽고 나서 잠시 뒤, 또는 끝날 때 커밋해요.',
        'The group has not committed yet how far it read. A consumer commits a little after reading, or when it ends.',
      ),
      expected: say(`랙 ${needed.ko}`, `lag ${needed.en}`),
      seen: say('커밋 없음', 'nothing committed'),
    };
  }
  return {
    holds: fits(bound, lag),
    message: say(
      `랙(lag)이 ${withParticle(number(lag), '이에요')}. 아직 읽지 않은 레코드가 ${number(lag)}개 있어요. 필요한 랙은 ${withParticle(needed.ko, '이에요')}.`,
      `The lag is ${number(lag)}: so many records are still to be read. It should be ${needed.en}.`,
    ),
    expected: say(`랙 ${needed.ko}`, `lag ${needed.en}`),
    seen: say(`랙 ${number(lag)}`, `lag ${number(lag)}`),
  };
}

function judgeIdle(bound: Bound, group: GroupView): Condition {
  const idle = group.members.filter(({ assigned }) => assigned.length === 0).length;
  const needed = boundText(bound, '명');
  return {
    holds: fits(bound, idle) && group.members.length > 0,
    message: say(
      `파티션 없이 노는 멤버가 ${idle}명이에요(멤버 ${group.members.length}명). ${withParticle(needed.ko, '이')} 필요해요. 한 파티션은 그룹에서 한 멤버만 읽어요.`,
      `${idle} of ${countEn(MEMBER, group.members.length)} ${idle === 1 ? 'has' : 'have'} no partition; it should be ${needed.en}. In a group, a partition has one reader.`,
    ),
    expected: say(`노는 멤버 ${needed.ko}`, `${needed.en} idle members`),
    seen: say(`노는 멤버 ${idle}명`, `${countEn(MEMBER, idle)} idle`),
  };
}

function judgePerMember(bound: Bound, group: GroupView, topic: string | undefined): Condition {
  const counts = group.members.map(
    ({ assigned }) => assigned.filter((one) => topic === undefined || one.topic === topic).length,
  );
  const shown = [...counts].sort((a, b) => b - a).join(', ');
  const needed = boundText(bound, '개');
  return {
    holds: counts.length > 0 && counts.every((count) => fits(bound, count)),
    message: say(
      `멤버마다 파티션이 ${shown || '0'}개예요. 멤버마다 ${withParticle(needed.ko, '이')} 되어야 해요.`,
      `The members have ${shown || 'no'} partitions; each should have ${needed.en}.`,
    ),
    expected: say(`멤버마다 파티션 ${needed.ko}`, `${needed.en} partitions for each member`),
    seen: say(`멤버마다 ${shown || '0'}개`, `${shown || '0'} partitions`),
  };
}

function judgeOffset(
  partition: number,
  bound: Bound,
  { topic, group }: { topic: string | undefined; group: GroupView },
): Condition {
  const at = group.committed.find(
    (offset) => (topic === undefined || offset.topic === topic) && offset.partition === partition,
  );
  const needed = boundText(bound, '');
  const now =
    at === undefined
      ? say('커밋 없음', 'nothing committed')
      : say(`오프셋 ${at.offset}`, `offset ${at.offset}`);
  return {
    holds: at !== undefined && fits(bound, at.offset),
    message: say(
      `파티션 ${partition}: ${now.ko}. 커밋된 오프셋이 ${withParticle(needed.ko, '이어야')} 해요.`,
      `Partition ${partition}: ${now.en}. The committed offset should be ${needed.en}.`,
    ),
    expected: say(`파티션 ${partition}: ${needed.ko}`, `partition ${partition}: ${needed.en}`),
    seen: say(`파티션 ${partition}: ${now.ko}`, `partition ${partition}: ${now.en}`),
  };
}
