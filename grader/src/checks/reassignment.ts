/** The kind `reassignment`: on which brokers the replicas are and in which order, whether any move, and throttles left behind. */
import { withParticle } from '../lab/josa.ts';
import type { Bound, ReassignmentCheck } from '../lab/schema.ts';
import type { PartitionView, ReachableCluster } from '../observe/snapshot.ts';
import { runningBrokers } from './broker.ts';
import type { Condition, Judgement, Scene } from './judgement.ts';
import { allOf } from './judgement.ts';
import { topicMissing } from './topic.ts';
import { boundText, code, fits, join, say } from './wording.ts';

export function judgeReassignment(check: ReassignmentCheck, { cluster }: Scene): Judgement {
  const { topic } = check;
  if (topic !== undefined && cluster.topics[topic] === undefined) return topicMissing(topic, cluster);
  const partitions = partitionsOf(cluster, topic);
  const conditions: Condition[] = [];
  if (check.replicas !== undefined) conditions.push(...replicasAre(check, check.replicas, partitions));
  if (check.onBroker !== undefined) conditions.push(onBroker(check.onBroker, partitions));
  if (check.replicasPerBroker !== undefined)
    conditions.push(replicasPerBroker(check.replicasPerBroker, cluster, partitions));
  if (check.firstReplicas !== undefined) conditions.push(firstReplicasSpread(cluster, partitions));
  if (check.ongoing !== undefined) conditions.push(ongoing(check.ongoing, cluster, topic));
  if (check.throttled !== undefined) conditions.push(throttled(check.throttled, cluster, topic));
  return allOf(
    conditions,
    topic === undefined ? say('파티션 배치', 'Placement') : say(code(topic), code(topic)),
  );
}

function partitionsOf(cluster: ReachableCluster, topic: string | undefined): PartitionView[] {
  return Object.entries(cluster.topics)
    .filter(([name, view]) => (topic === undefined ? !view.internal : name === topic))
    .flatMap(([, view]) => view.partitions);
}

function replicasAre(
  check: ReassignmentCheck,
  wanted: readonly (readonly number[])[],
  partitions: readonly PartitionView[],
): Condition[] {
  return wanted.map((replicas, index) => {
    const now = partitions.find(({ partition }) => partition === index)?.replicas ?? [];
    const ordered = now.join(',') === replicas.join(',');
    const sameSet = [...now].sort().join(',') === [...replicas].sort().join(',');
    const [have, need] = [now.join(','), replicas.join(',')];
    const why = sameSet
      ? say(
          '브로커는 맞지만 순서가 달라요. 맨 앞의 레플리카가 선호 리더예요.',
          'The brokers are right, but their order is not: the first replica is the preferred leader.',
        )
      : null;
    return {
      holds: check.anyOrder ? sameSet : ordered,
      message: join(
        say(
          `파티션 ${index}의 Replicas가 ${code(have || '-', '이에요')}. ${code(need, '이')} 필요해요.`,
          `The Replicas of partition ${index} are ${code(have || '-')}, but must be ${code(need)}.`,
        ),
        why,
      ),
      expected: say(`파티션 ${index}: ${need}`, `partition ${index}: ${need}`),
      seen: say(`파티션 ${index}: ${have || '-'}`, `partition ${index}: ${have || '-'}`),
    };
  });
}

function onBroker(
  { broker, replicas }: { broker: number; replicas: Bound },
  partitions: readonly PartitionView[],
): Condition {
  const count = partitions.filter((partition) => partition.replicas.includes(broker)).length;
  const needed = boundText(replicas, '개');
  return {
    holds: fits(replicas, count),
    message: join(
      say(
        `브로커 ${broker}에 레플리카가 ${count}개 있어요. ${withParticle(needed.ko, '이')} 필요해요.`,
        `Broker ${broker} holds ${count} ${count === 1 ? 'replica' : 'replicas'}, but should hold ${needed.en}.`,
      ),
      count === 0
        ? say(
            '새 브로커에는 파티션이 저절로 옮겨 가지 않아요. 재할당해야 해요.',
            'Partitions do not move to a new broker by themselves: they have to be reassigned.',
          )
        : null,
    ),
    expected: say(`브로커 ${broker}: 레플리카 ${needed.ko}`, `broker ${broker}: ${needed.en} replicas`),
    seen: say(`브로커 ${broker}: 레플리카 ${count}개`, `broker ${broker}: ${count} replicas`),
  };
}

function countPerBroker(
  cluster: ReachableCluster,
  partitions: readonly PartitionView[],
  of: (partition: PartitionView) => readonly number[],
): [number, number][] {
  return runningBrokers(cluster).map((broker) => [
    broker,
    partitions.filter((partition) => of(partition).includes(broker)).length,
  ]);
}

function replicasPerBroker(
  bound: Bound,
  cluster: ReachableCluster,
  partitions: readonly PartitionView[],
): Condition {
  const counts = countPerBroker(cluster, partitions, ({ replicas }) => replicas);
  const odd = counts.find(([, count]) => !fits(bound, count));
  const needed = boundText(bound, '개');
  const spread = say(
    counts.map(([broker, count]) => `브로커 ${broker}: ${count}개`).join(', '),
    counts.map(([broker, count]) => `broker ${broker}: ${count}`).join(', '),
  );
  return {
    holds: odd === undefined,
    message: say(
      `브로커마다 레플리카가 ${withParticle(needed.ko, '이')} 되어야 해요. 지금: ${spread.ko}.`,
      `Each broker should hold ${needed.en} replicas. Now: ${spread.en}.`,
    ),
    expected: say(`브로커마다 레플리카 ${needed.ko}`, `${needed.en} replicas on each broker`),
    seen: spread,
  };
}

function firstReplicasSpread(cluster: ReachableCluster, partitions: readonly PartitionView[]): Condition {
  const counts = countPerBroker(cluster, partitions, ({ replicas }) => replicas.slice(0, 1));
  const values = counts.map(([, count]) => count);
  const spread = say(
    counts.map(([broker, count]) => `브로커 ${broker}: ${count}개`).join(', '),
    counts.map(([broker, count]) => `broker ${broker}: ${count}`).join(', '),
  );
  return {
    holds: values.length > 0 && Math.max(...values) - Math.min(...values) <= 1,
    message: say(
      `Replicas의 맨 앞(선호 리더)이 고르게 퍼져 있지 않아요. 지금: ${spread.ko}. 리더만 옮기면 브로커가 다시 시작할 때 또 몰려요.`,
      `The first replicas (preferred leaders) are not spread evenly: ${spread.en}. Moving only the leaders does not last beyond the next restart.`,
    ),
    expected: say('선호 리더가 고르게 퍼짐', 'preferred leaders spread evenly'),
    seen: spread,
  };
}

function ongoing(bound: Bound, cluster: ReachableCluster, topic: string | undefined): Condition {
  const moving = (cluster.reassignments ?? []).filter((move) => topic === undefined || move.topic === topic);
  const needed = boundText(bound, '개');
  const shown = moving
    .slice(0, 4)
    .map((move) => `${move.topic}-${move.partition}`)
    .join(', ');
  return {
    holds: fits(bound, moving.length),
    message: join(
      say(
        `지금 재할당 중인 파티션이 ${moving.length}개예요. ${withParticle(needed.ko, '이')} 되어야 해요.`,
        `${moving.length} partitions are being reassigned; there should be ${needed.en}.`,
      ),
      moving.length === 0 ? null : say(`진행 중: ${shown}.`, `Under way: ${shown}.`),
    ),
    expected: say(`재할당 중 ${needed.ko}`, `${needed.en} moving`),
    seen: say(`재할당 중 ${moving.length}개`, `${moving.length} moving`),
  };
}

const THROTTLES = [
  'leader.replication.throttled.rate',
  'follower.replication.throttled.rate',
  'leader.replication.throttled.replicas',
  'follower.replication.throttled.replicas',
];

function throttled(wanted: boolean, cluster: ReachableCluster, topic: string | undefined): Condition {
  const onBrokers = Object.entries(cluster.brokerConfigs ?? {}).flatMap(([broker, configs]) =>
    THROTTLES.filter((name) => configs[name] !== undefined).map((name) => [
      `브로커 ${broker}`,
      `broker ${broker}`,
      name,
    ]),
  );
  const own = topic === undefined ? {} : (cluster.topics[topic]?.configs ?? {});
  const onTopic = THROTTLES.filter((name) => own[name] !== undefined).map((name) => [
    `토픽 ${topic}`,
    `topic ${topic}`,
    name,
  ]);
  const found = [...onBrokers, ...onTopic];
  const first = found[0];
  return {
    holds: found.length > 0 === wanted,
    message:
      first === undefined
        ? say(
            '복제 속도 제한(throttle)이 없어요. `--execute`에 `--throttle`을 함께 쓰면 정해져요.',
            'There is no replication throttle. `--throttle` with `--execute` sets one.',
          )
        : say(
            `재할당할 때 건 속도 제한이 남아 있어요: ${first[0]}의 ${code(first[2] ?? '')}. \`--verify\`가 끝난 재할당의 제한을 지워요.`,
            `A throttle of the reassignment is left: ${code(first[2] ?? '')} on ${first[1]}. \`--verify\` removes it once the move is done.`,
          ),
    expected: wanted ? say('속도 제한 있음', 'a throttle') : say('속도 제한 없음', 'no throttle left'),
    seen:
      found.length > 0 ? say('속도 제한 있음', 'a throttle is set') : say('속도 제한 없음', 'no throttle'),
  };
}
