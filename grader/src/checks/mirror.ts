/** The kind `mirror`: what flows from one cluster to another: topics, records, configs, groups' places. */
import { withParticle } from '../lab/josa.ts';
import type { Bound, Localized, MirrorCheck } from '../lab/schema.ts';
import type { ReachableCluster, TopicView } from '../observe/snapshot.ts';
import type { Condition, Judgement, Scene } from './judgement.ts';
import { allOf, notThere } from './judgement.ts';
import { checkpointsTopicOf, remoteTopicOf } from './needs.ts';
import { boundText, code, fits, number, say } from './wording.ts';

interface Flow {
  readonly check: MirrorCheck;
  readonly source: ReachableCluster;
  readonly target: ReachableCluster;
}

export function judgeMirror(check: MirrorCheck, { clusters }: Scene): Judgement {
  const [source, target] = [clusters[check.from], clusters[check.to]];
  if (!source?.reachable || !target?.reachable) {
    const down = source?.reachable ? check.to : check.from;
    return notThere(
      say(`클러스터 ${code(down, '이')} 답하지 않아요.`, `The cluster ${code(down)} does not answer.`),
      say('두 클러스터', 'both clusters'),
    );
  }
  const flow: Flow = { check, source, target };
  const conditions: Condition[] = [];
  if (check.topic !== undefined) {
    const ofTopic = topicConditions(flow, check.topic);
    if (!Array.isArray(ofTopic)) return ofTopic;
    conditions.push(...ofTopic);
  }
  if (check.group !== undefined) conditions.push(...groupConditions(flow, check.group));
  if (check.absent !== undefined) conditions.push(absent(flow, check.absent));
  if (check.noCycles) conditions.push(noCycles(flow));
  return allOf(conditions, say(`${check.from} → ${check.to}`, `${check.from} → ${check.to}`));
}

function topicConditions(flow: Flow, topic: string): Condition[] | Judgement {
  const { check, source, target } = flow;
  const remote = remoteTopicOf(check, topic);
  const [own, copy] = [source.topics[topic], target.topics[remote]];
  if (own === undefined) {
    return notThere(
      say(
        `${check.from}에 토픽 ${code(topic, '이')} 없어요.`,
        `There is no topic ${code(topic)} in ${check.from}.`,
      ),
      say(`토픽 ${code(topic)}`, `topic ${code(topic)}`),
    );
  }
  if (copy === undefined) return notMirrored(flow, remote);
  const conditions: Condition[] = [there(flow, remote)];
  if (check.partitions) conditions.push(samePartitions(own, copy, remote));
  if (check.records !== undefined) conditions.push(recordsFollow(flow, { own, copy, remote }));
  for (const name of check.configs ?? []) conditions.push(sameConfig(name, { own, copy, remote }));
  return conditions;
}

function notMirrored({ check, target }: Flow, remote: string): Judgement {
  const names = Object.keys(target.topics).filter((name) => target.topics[name]?.internal === false);
  const shown = names
    .slice(0, 6)
    .map((name) => code(name))
    .join(', ');
  return {
    holds: false,
    message: say(
      `${check.to}에 토픽 ${code(remote, '이')} 아직 없어요. MirrorMaker가 실행 중인지, \`${check.from}->${check.to}.topics\`에 이 토픽이 들어 있는지 보세요.`,
      `There is no topic ${code(remote)} in ${check.to} yet. See whether MirrorMaker runs, and whether \`${check.from}->${check.to}.topics\` covers the topic.`,
    ),
    expected: say(`${check.to}의 ${code(remote)}`, `${code(remote)} in ${check.to}`),
    seen: names.length === 0 ? say('토픽 없음', 'no topics') : say(shown, shown),
  };
}

function there({ check }: Flow, remote: string): Condition {
  const text = say(`${check.to}에 ${code(remote)} 있음`, `${code(remote)} in ${check.to}`);
  return { holds: true, message: text, expected: text, seen: text };
}

function samePartitions(own: TopicView, copy: TopicView, remote: string): Condition {
  const [from, to] = [own.partitions.length, copy.partitions.length];
  return {
    holds: from === to,
    message: say(
      `원본은 파티션이 ${from}개인데 ${code(remote, '은')} ${to}개예요. MirrorMaker가 새 파티션을 알아차릴 때까지 기다려 보세요.`,
      `The source has ${from} partitions, ${code(remote)} has ${to}. MirrorMaker notices new partitions when it refreshes topics.`,
    ),
    expected: say(`파티션 ${from}개`, `${from} partitions`),
    seen: say(`파티션 ${to}개`, `${to} partitions`),
  };
}

interface Pair {
  readonly own: TopicView;
  readonly copy: TopicView;
  readonly remote: string;
}

function held(topic: TopicView): number {
  return topic.partitions.reduce(
    (sum, { startOffset = 0, endOffset = 0 }) => sum + Math.max(0, endOffset - startOffset),
    0,
  );
}

function recordsFollow({ check }: Flow, { own, copy, remote }: Pair): Condition {
  const [from, to] = [held(own), held(copy)];
  const holds = check.records === 'some' ? to > 0 : to >= from && to > 0;
  return {
    holds,
    message: say(
      `원본에는 레코드가 ${number(from)}개, ${code(remote)}에는 ${number(to)}개 있어요. ${check.records === 'some' ? '하나라도' : '모두'} 건너와야 해요.`,
      `The source holds ${number(from)} records, ${code(remote)} ${number(to)}. ${check.records === 'some' ? 'At least one' : 'All'} must come over.`,
    ),
    expected: say(`레코드 ${number(from)}개`, `${number(from)} records`),
    seen: say(`레코드 ${number(to)}개`, `${number(to)} records`),
  };
}

function sameConfig(name: string, { own, copy, remote }: Pair): Condition {
  const [from, to] = [own.configs?.[name] ?? null, copy.configs?.[name] ?? null];
  const show = (value: string | null) =>
    value === null ? say('기본값', 'the default') : say(code(value), code(value));
  return {
    holds: from === to,
    message: say(
      `${code(name, '이')} 원본에서는 ${show(from).ko}, ${code(remote)}에서는 ${withParticle(show(to).ko, '이에요')}. 설정은 주기적으로 맞춰져요.`,
      `${code(name)} is ${show(from).en} on the source and ${show(to).en} on ${code(remote)}. Configs are synced from time to time.`,
    ),
    expected: say(`${code(name)}: ${show(from).ko}`, `${code(name)}: ${show(from).en}`),
    seen: say(`${code(name)}: ${show(to).ko}`, `${code(name)}: ${show(to).en}`),
  };
}

function groupConditions(flow: Flow, group: string): Condition[] {
  const { check } = flow;
  const conditions: Condition[] = [];
  if (check.checkpoint) conditions.push(checkpointed(flow, group));
  if (check.groupOffsets) conditions.push(translated(flow, group));
  if (check.groupLag !== undefined) conditions.push(groupLag(flow, group, check.groupLag));
  return conditions;
}

/** A checkpoint's key begins with the group's name, behind two bytes of version and two of length. */
function checkpointed({ check, target }: Flow, group: string): Condition {
  const topic = checkpointsTopicOf(check);
  const records = target.records[topic]?.records ?? [];
  const holds = records.some(({ key }) => (key ?? '').includes(group));
  return {
    holds,
    message: say(
      `${code(topic)}에 그룹 ${code(group)}의 체크포인트가 아직 없어요. 그룹이 원본에서 커밋했는지, \`emit.checkpoints.enabled\`가 켜져 있는지 보세요.`,
      `${code(topic)} holds no checkpoint of the group ${code(group)} yet. See whether it committed on the source, and \`emit.checkpoints.enabled\`.`,
    ),
    expected: say(`${code(group)}의 체크포인트`, `a checkpoint of ${code(group)}`),
    seen: holds ? say('체크포인트 있음', 'a checkpoint') : say('없음', 'none'),
  };
}

function remoteTopics({ check, target }: Flow): string[] {
  if (check.topic !== undefined) return [remoteTopicOf(check, check.topic)];
  const prefix = `${check.alias ?? check.from}.`;
  return Object.keys(target.topics).filter((name) => check.policy === 'identity' || name.startsWith(prefix));
}

function translated(flow: Flow, group: string): Condition {
  const remotes = remoteTopics(flow);
  const offsets = (flow.target.groups[group]?.committed ?? []).filter(({ topic }) => remotes.includes(topic));
  return {
    holds: offsets.length > 0,
    message: say(
      `${flow.check.to}에는 그룹 ${code(group)}의 옮겨진 오프셋이 아직 없어요. \`sync.group.offsets.enabled\`를 보세요. 그룹이 대상에서 실행 중이면 덮어쓰지 않아요.`,
      `${flow.check.to} has no translated offsets of the group ${code(group)} yet. See \`sync.group.offsets.enabled\`; a group active on the target is left alone.`,
    ),
    expected: say('옮겨진 오프셋', 'translated offsets'),
    seen: offsets.length > 0 ? say('오프셋 있음', 'offsets are there') : say('없음', 'none'),
  };
}

function groupLag(flow: Flow, group: string, bound: Bound): Condition {
  const remotes = remoteTopics(flow);
  const committed = flow.target.groups[group]?.committed ?? [];
  let lag = 0;
  for (const name of remotes) {
    for (const { partition, startOffset = 0, endOffset = 0 } of flow.target.topics[name]?.partitions ?? []) {
      const at = committed.find((offset) => offset.topic === name && offset.partition === partition);
      lag += Math.max(0, endOffset - (at?.offset ?? startOffset));
    }
  }
  const needed = boundText(bound, '');
  return {
    holds: committed.length > 0 && fits(bound, lag),
    message: say(
      `${flow.check.to}에서 그룹 ${code(group)}의 랙(lag)이 ${withParticle(number(lag), '이에요')}. 필요한 랙은 ${withParticle(needed.ko, '이에요')}.`,
      `The lag of the group ${code(group)} on ${flow.check.to} is ${number(lag)}; it should be ${needed.en}.`,
    ),
    expected: say(`랙 ${needed.ko}`, `lag ${needed.en}`),
    seen: say(`랙 ${number(lag)}`, `lag ${number(lag)}`),
  };
}

function absent({ check, target }: Flow, topic: string): Condition {
  const is = target.topics[topic] !== undefined;
  return {
    holds: !is,
    message: say(
      `${check.to}에 ${code(topic, '이')} 있어요. 없어야 해요.`,
      `${code(topic)} is in ${check.to}, where it must not be.`,
    ),
    expected: say(`${code(topic)} 없음`, `no ${code(topic)}`),
    seen: is ? say('있음', 'there') : say(`${code(topic)} 없음`, `no ${code(topic)}`),
  };
}

/** `A.B.topic` anywhere, or a cluster's own topics come home under its own alias. */
function noCycles({ check, source, target }: Flow): Condition {
  const aliases = [check.alias ?? check.from, check.to];
  const cyclic = (name: string) => {
    const parts = name.split('.');
    return parts.length >= 3 && aliases.includes(parts[0] ?? '') && aliases.includes(parts[1] ?? '');
  };
  const home = Object.keys(source.topics).filter(
    (name) => name.startsWith(`${aliases[0]}.`) && !name.endsWith('.internal'),
  );
  const found = [...Object.keys(source.topics), ...Object.keys(target.topics)].filter(cyclic);
  const all: string[] = [...new Set([...found, ...home])];
  const shown: Localized = say(
    all.map((name) => code(name)).join(', '),
    all.map((name) => code(name)).join(', '),
  );
  return {
    holds: all.length === 0,
    message: say(
      `미러링이 돌고 있어요: ${shown.ko}. 이름 앞에 원본의 별칭이 붙으므로, 한 번 건너온 토픽은 다시 돌아가지 않아야 해요.`,
      `Mirroring goes round: ${shown.en}. Since the source's alias is put in front of the name, what came over must not go back.`,
    ),
    expected: say('돌고 도는 토픽 없음', 'no topic goes round'),
    seen: all.length === 0 ? say('돌고 도는 토픽 없음', 'no topic goes round') : shown,
  };
}
