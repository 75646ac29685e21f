/** Round robin: all partitions of all topics are dealt out one by one to the members that want them. */
import { type Assignor, emptyAssignment, inOrder } from './assignor.ts';

export const assignRoundRobin: Assignor = (partitionCounts, members) => {
  const assignment = emptyAssignment(members);
  const ordered = inOrder(members);
  const topics = [...new Set(members.flatMap((member) => member.topics))].sort();
  let next = 0;
  for (const topic of topics) {
    for (let partition = 0; partition < (partitionCounts.get(topic) ?? 0); partition++) {
      while (!ordered[next]!.topics.includes(topic)) next = (next + 1) % ordered.length;
      assignment.get(ordered[next]!.memberId)!.push({ topic, partition });
      next = (next + 1) % ordered.length;
    }
  }
  return assignment;
};
