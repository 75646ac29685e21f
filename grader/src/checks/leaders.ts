/** The kind `leaders`: how the leaders of partitions are spread over the brokers. */
import { withParticle } from '../lab/josa.ts';
import type { Bound, LeadersCheck, Localized } from '../lab/schema.ts';
import type { PartitionView, ReachableCluster } from '../observe/snapshot.ts';
import { runningBrokers } from './broker.ts';
import type { Condition, Judgement, Scene } from './judgement.ts';
import { allOf } from './judgement.ts';
import { topicMissing } from './topic.ts';
import { boundText, code, counted, fits, join, PARTITION, say } from './wording.ts';

interface Placed extends PartitionView {
  readonly topic: string;
}

export function judgeLeaders(check: LeadersCheck, { cluster }: Scene): Judgement {
  const { topic } = check;
  if (topic !== undefined && cluster.topics[topic] === undefined) return topicMissing(topic, cluster);
  const partitions = partitionsOf(cluster, topic);
  const conditions: Condition[] = [];
  if (check.leader !== undefined || check.leaderNot !== undefined)
    conditions.push(...leaderOf(check, partitions));
  if (check.preferred) conditions.push(preferred(partitions));
  if (check.preferredShare !== undefined) conditions.push(preferredShare(check.preferredShare, partitions));
  const counts = leaderCounts(cluster, partitions);
  if (check.perBroker !== undefined) conditions.push(perBroker(check.perBroker, counts));
  if (check.skew !== undefined) conditions.push(skew(check.skew, counts));
  for (const [broker, bound] of Object.entries(check.leads ?? {}))
    conditions.push(leads(Number(broker), bound, counts));
  return allOf(conditions, topic === undefined ? say('리더', 'Leaders') : say(code(topic), code(topic)));
}

function partitionsOf(cluster: ReachableCluster, topic: string | undefined): Placed[] {
  return Object.entries(cluster.topics)
    .filter(([name, view]) => (topic === undefined ? !view.internal : name === topic))
    .flatMap(([name, view]) => view.partitions.map((partition) => ({ ...partition, topic: name })));
}

function leaderCounts(cluster: ReachableCluster, partitions: readonly Placed[]): Map<number, number> {
  const counts = new Map(runningBrokers(cluster).map((id) => [id, 0]));
  for (const { leader } of partitions)
    if (counts.has(leader)) counts.set(leader, (counts.get(leader) ?? 0) + 1);
  return counts;
}

function spreadText(counts: ReadonlyMap<number, number>): Localized {
  const all = [...counts];
  return say(
    all.map(([broker, count]) => `브로커 ${broker}: ${count}개`).join(', '),
    all.map(([broker, count]) => `broker ${broker}: ${count}`).join(', '),
  );
}

function leaderOf(
  { partition, leader, leaderNot }: LeadersCheck,
  partitions: readonly Placed[],
): Condition[] {
  return partitions
    .filter((one) => partition === undefined || one.partition === partition)
    .map((one) => {
      const now =
        one.leader < 0 ? say('리더 없음', 'no leader') : say(`브로커 ${one.leader}`, `broker ${one.leader}`);
      const holds =
        (leader === undefined || one.leader === leader) &&
        (leaderNot === undefined || one.leader !== leaderNot);
      const wanted =
        leader === undefined
          ? say(`브로커 ${leaderNot} 말고 다른 브로커`, `a broker other than ${leaderNot}`)
          : say(`브로커 ${leader}`, `broker ${leader}`);
      return {
        holds: holds && one.leader >= 0,
        message: say(
          `${code(one.topic)} 파티션 ${one.partition}의 리더는 지금 ${now.ko}, 필요한 것은 ${withParticle(wanted.ko, '이에요')}.`,
          `Partition ${one.partition} of ${code(one.topic)} is led by ${now.en}; it should be ${wanted.en}.`,
        ),
        expected: say(
          `파티션 ${one.partition}의 리더 ${wanted.ko}`,
          `partition ${one.partition} led by ${wanted.en}`,
        ),
        seen: say(`파티션 ${one.partition}의 리더 ${now.ko}`, `partition ${one.partition} led by ${now.en}`),
      };
    });
}

function preferred(partitions: readonly Placed[]): Condition {
  const others = partitions.filter(({ leader, replicas }) => leader !== replicas[0]);
  const first = others[0];
  const shown = others
    .slice(0, 5)
    .map(({ topic, partition }) => `${topic}-${partition}`)
    .join(', ');
  return {
    holds: others.length === 0,
    message: join(
      say(
        `파티션 ${others.length}개의 리더가 선호 리더가 아니에요: ${shown}.`,
        `${counted(PARTITION, others.length).en} ${others.length === 1 ? 'is' : 'are'} not led by the preferred leader: ${shown}.`,
      ),
      first === undefined
        ? null
        : say(
            `예를 들어 ${first.topic}-${first.partition}의 선호 리더는 Replicas의 맨 앞인 ${first.replicas[0]}인데, 지금 리더는 ${withParticle(first.leader, '이에요')}.`,
            `The preferred leader of ${first.topic}-${first.partition} is ${first.replicas[0]}, first in Replicas, but ${first.leader} leads.`,
          ),
    ),
    expected: say('모든 리더가 선호 리더', 'every leader preferred'),
    seen:
      others.length === 0
        ? say('모든 리더가 선호 리더', 'every leader is the preferred one')
        : say(`${others.length}개가 아님`, `${others.length} not`),
  };
}

function preferredShare(bound: Bound, partitions: readonly Placed[]): Condition {
  const led = partitions.filter(({ leader, replicas }) => leader === replicas[0]).length;
  const share = partitions.length === 0 ? 100 : Math.floor((100 * led) / partitions.length);
  const needed = boundText(bound, '%');
  return {
    holds: fits(bound, share),
    message: say(
      `선호 리더가 이끄는 파티션이 ${share}%예요. ${withParticle(needed.ko, '이')} 필요해요. \`kafka-leader-election.sh\`로 되돌릴 수 있어요.`,
      `${share} % of the partitions are led by their preferred leader; it should be ${needed.en} %. \`kafka-leader-election.sh\` brings them back.`,
    ),
    expected: say(`선호 리더 ${needed.ko}`, `${needed.en} % preferred leaders`),
    seen: say(`선호 리더 ${share}%`, `${share} % preferred leaders`),
  };
}

function perBroker(bound: Bound, counts: ReadonlyMap<number, number>): Condition {
  const needed = boundText(bound, '개');
  const odd = [...counts].find(([, count]) => !fits(bound, count));
  const spread = spreadText(counts);
  return {
    holds: odd === undefined && counts.size > 0,
    message: join(
      odd === undefined
        ? null
        : say(
            `브로커 ${odd[0]}의 리더가 ${odd[1]}개예요. 브로커마다 ${withParticle(needed.ko, '이')} 필요해요.`,
            `Broker ${odd[0]} leads ${counted(PARTITION, odd[1]).en}; every broker should lead ${needed.en}.`,
          ),
      say(`지금: ${spread.ko}.`, `Now: ${spread.en}.`),
    ),
    expected: say(`브로커마다 리더 ${needed.ko}`, `${needed.en} leaders on each broker`),
    seen: spread,
  };
}

function skew(bound: Bound, counts: ReadonlyMap<number, number>): Condition {
  const all = [...counts.values()];
  const difference = all.length === 0 ? 0 : Math.max(...all) - Math.min(...all);
  const needed = boundText(bound, '개');
  const spread = spreadText(counts);
  return {
    holds: fits(bound, difference),
    message: say(
      `리더가 고르게 퍼져 있지 않아요(${spread.ko}). 가장 많은 브로커와 가장 적은 브로커의 차이가 ${difference}개예요. ${withParticle(needed.ko, '이')} 되어야 해요.`,
      `The leaders are not spread evenly (${spread.en}): the most and the least differ by ${difference}, but should by ${needed.en}.`,
    ),
    expected: say(`리더 수 차이 ${needed.ko}`, `leaders differ by ${needed.en}`),
    seen: spread,
  };
}

function leads(broker: number, bound: Bound, counts: ReadonlyMap<number, number>): Condition {
  const count = counts.get(broker) ?? 0;
  const needed = boundText(bound, '개');
  return {
    holds: fits(bound, count),
    message: say(
      `브로커 ${broker}의 리더가 ${count}개예요. ${withParticle(needed.ko, '이')} 필요해요.`,
      `Broker ${broker} leads ${counted(PARTITION, count).en}, but should lead ${needed.en}.`,
    ),
    expected: say(`브로커 ${broker}: 리더 ${needed.ko}`, `broker ${broker} leads ${needed.en}`),
    seen: say(`브로커 ${broker}: 리더 ${count}개`, `broker ${broker} leads ${count}`),
  };
}
