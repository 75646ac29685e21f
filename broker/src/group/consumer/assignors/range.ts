/** The range assignor: each topic cut into runs, one a member, so that members hold the same partitions of every topic. */
import type { AssignableMember, AssignorInput } from './assignor.ts';

export function assignRange({ members, partitionCount }: AssignorInput): Map<string, Map<string, number[]>> {
  const ordered = [...members].sort(byInstanceThenId);
  const subscribers = new Map<string, AssignableMember[]>();
  for (const member of ordered) {
    for (const topicId of member.topicIds) {
      subscribers.set(topicId, [...(subscribers.get(topicId) ?? []), member]);
    }
  }
  const result = new Map<string, Map<string, number[]>>(members.map(({ memberId }) => [memberId, new Map()]));
  for (const [topicId, of] of subscribers) {
    const count = partitionCount(topicId);
    const [quota, extra] = [Math.floor(count / of.length), count % of.length];
    let next = 0;
    for (const [index, { memberId }] of of.entries()) {
      const size = quota + (index < extra ? 1 : 0);
      if (size > 0)
        result.get(memberId)!.set(
          topicId,
          Array.from({ length: size }, (_, at) => next + at),
        );
      next += size;
    }
  }
  return result;
}

/** Static members first, by instance id: their places stay when they come back under a new member id. */
function byInstanceThenId(a: AssignableMember, b: AssignableMember): number {
  if (a.instanceId !== null && b.instanceId !== null) return compare(a.instanceId, b.instanceId);
  if (a.instanceId !== null) return -1;
  return b.instanceId !== null ? 1 : compare(a.memberId, b.memberId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
