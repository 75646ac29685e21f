/** Range: of each topic every member gets neighbouring partitions; the first ones get one more. */
import { type Assignor, emptyAssignment, inOrder } from './assignor.ts';

export const assignRange: Assignor = (partitionCounts, members) => {
  const assignment = emptyAssignment(members);
  const topics = [...new Set(members.flatMap((member) => member.topics))].sort();
  for (const topic of topics) {
    const count = partitionCounts.get(topic) ?? 0;
    const subscribed = inOrder(members.filter((member) => member.topics.includes(topic)));
    const share = Math.floor(count / subscribed.length);
    const extra = count % subscribed.length;
    let partition = 0;
    for (const [index, member] of subscribed.entries()) {
      const end = partition + share + (index < extra ? 1 : 0);
      for (; partition < end; partition++) assignment.get(member.memberId)!.push({ topic, partition });
    }
  }
  return assignment;
};
