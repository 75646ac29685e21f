/** The kind `quorum`: who leads the metadata quorum, and who votes. Changes are told against the step's first look. */
import { withParticle } from '../lab/josa.ts';
import type { Bound, Localized, QuorumCheck } from '../lab/schema.ts';
import type { Condition, Judgement, Scene } from './judgement.ts';
import { allOf, notThere } from './judgement.ts';
import { boundText, fits, number, say } from './wording.ts';

/** A voter that is up fetches at least every few seconds, even in a quiet cluster. */
const LAGGING_MS = 12_000;

export function judgeQuorum(check: QuorumCheck, scene: Scene): Judgement {
  const quorum = scene.cluster.quorum;
  if (quorum === undefined || quorum.leader === null) {
    return notThere(
      say(
        '지금은 쿼럼에 리더가 없어요. 투표권이 있는 컨트롤러의 과반이 실행 중이어야 리더를 뽑을 수 있어요.',
        'The quorum has no leader right now. A majority of its voters must run to elect one.',
      ),
      say('쿼럼의 리더', 'a leader of the quorum'),
    );
  }
  const { leader, epoch, voters, observers } = quorum;
  const conditions: Condition[] = [];
  if (check.leader !== undefined) conditions.push(leaderIs(check.leader, leader));
  if (check.leaderNot !== undefined) conditions.push(leaderIsNot(check.leaderNot, leader));
  if (check.leaderChanged) conditions.push(leaderChanged(scene.atStart('quorum/leader'), leader));
  if (check.epochRose !== undefined) conditions.push(epochRose(check.epochRose, scene, epoch));
  if (check.voters !== undefined)
    conditions.push(countOf(check.voters, voters.length, say('투표자(voter)', 'voters')));
  if (check.observers !== undefined)
    conditions.push(countOf(check.observers, observers.length, say('관찰자(observer)', 'observers')));
  if (check.lagging !== undefined) {
    const behind = voters.filter(({ sinceFetchMs }) => sinceFetchMs !== null && sinceFetchMs > LAGGING_MS);
    conditions.push(
      countOf(check.lagging, behind.length, say('따라오지 못하는 투표자', 'voters fallen behind')),
    );
  }
  return allOf(conditions, say('메타데이터 쿼럼', 'The metadata quorum'));
}

function nowLeads(leader: number): Localized {
  return say(`컨트롤러 ${leader}`, `controller ${leader}`);
}

function leaderIs(wanted: number, leader: number): Condition {
  return {
    holds: leader === wanted,
    message: say(
      `지금 쿼럼의 리더는 ${withParticle(leader, '이에요')}. ${withParticle(wanted, '이')} 리더여야 해요.`,
      `The quorum is led by ${leader}, but ${wanted} should lead.`,
    ),
    expected: nowLeads(wanted),
    seen: nowLeads(leader),
  };
}

function leaderIsNot(unwanted: number, leader: number): Condition {
  return {
    holds: leader !== unwanted,
    message: say(
      `아직 ${withParticle(leader, '이')} 쿼럼의 리더예요. 다른 컨트롤러가 이어받아야 해요.`,
      `${leader} still leads the quorum. Another controller has to take over.`,
    ),
    expected: say(`${withParticle(unwanted, '이')} 아닌 리더`, `a leader other than ${unwanted}`),
    seen: nowLeads(leader),
  };
}

function leaderChanged(before: string | number | undefined, leader: number): Condition {
  return {
    holds: before !== undefined && Number(before) !== leader,
    message: say(
      `이 단계를 시작할 때처럼 ${withParticle(leader, '이')} 쿼럼의 리더예요. 리더가 멈추면 남은 컨트롤러가 새로 뽑아요.`,
      `${leader} leads the quorum, as it did when the step began. When the leader stops, the others elect a new one.`,
    ),
    expected: say('새 컨트롤러', 'a new controller'),
    seen: nowLeads(leader),
  };
}

function epochRose(bound: Bound, { atStart }: Scene, epoch: number): Condition {
  const rose = epoch - Number(atStart('quorum/epoch') ?? epoch);
  const needed = boundText(bound, '번');
  return {
    holds: fits(bound, rose),
    message: say(
      `이 단계에서 쿼럼의 에포크가 ${number(rose)} 올랐어요(지금 ${epoch}). ${needed.ko} 올라야 해요. 에포크는 리더를 새로 뽑을 때마다 올라요.`,
      `The quorum's epoch rose by ${rose} in this step (it is ${epoch}), but should by ${needed.en}. It rises with each election.`,
    ),
    expected: say(`에포크 ${needed.ko} 오름`, `epoch up by ${needed.en}`),
    seen: say(`에포크 ${epoch}`, `epoch ${epoch}`),
  };
}

function countOf(bound: Bound, count: number, what: Localized): Condition {
  const needed = boundText(bound, '개');
  return {
    holds: fits(bound, count),
    message: say(
      `${withParticle(what.ko, '이')} ${count}개예요. ${withParticle(needed.ko, '이')} 되어야 해요. \`kafka-metadata-quorum.sh\`로 볼 수 있어요.`,
      `There are ${count} ${what.en}, but there should be ${needed.en}. See \`kafka-metadata-quorum.sh\`.`,
    ),
    expected: say(`${what.ko} ${needed.ko}`, `${needed.en} ${what.en}`),
    seen: say(`${what.ko} ${count}개`, `${count} ${what.en}`),
  };
}
