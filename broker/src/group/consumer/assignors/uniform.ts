/** The uniform assignor: as many partitions for everybody, moving as few as it can. */
import type { AssignableMember, AssignorInput } from './assignor.ts';
import { isHomogeneous } from './assignor.ts';
import { assignHeterogeneous } from './uniform-heterogeneous.ts';

export function assignUniform(input: AssignorInput): Map<string, Map<string, number[]>> {
  if (input.members.length === 0) return new Map();
  return isHomogeneous(input.members) ? assignHomogeneous(input) : assignHeterogeneous(input);
}

/** Everybody reads the same: each keeps what it has up to its quota, the rest fills up who has less. */
function assignHomogeneous({ members, partitionCount }: AssignorInput): Map<string, Map<string, number[]>> {
  const { topicIds } = members[0]!;
  const result = new Map<string, Map<string, number[]>>();
  const total = topicIds.reduce((sum, topicId) => sum + partitionCount(topicId), 0);
  const [quota, extra] = [Math.floor(total / members.length), total % members.length];
  const taken = new Map(topicIds.map((topicId) => [topicId, new Set<number>()]));
  const room = new Map<string, number>();
  for (const [index, member] of members.entries()) {
    const kept = keep(member, { quota: quota + (index < extra ? 1 : 0), taken, partitionCount });
    result.set(member.memberId, kept.assignment);
    room.set(member.memberId, kept.room);
  }
  const free = topicIds.flatMap((topicId) =>
    Array.from({ length: partitionCount(topicId) }, (_, partition) => ({ topicId, partition })).filter(
      ({ partition }) => !taken.get(topicId)!.has(partition),
    ),
  );
  let next = 0;
  for (const { memberId } of members) {
    for (let left = room.get(memberId)!; left > 0 && next < free.length; left--) {
      const { topicId, partition } = free[next++]!;
      const assignment = result.get(memberId)!;
      assignment.set(
        topicId,
        [...(assignment.get(topicId) ?? []), partition].sort((a, b) => a - b),
      );
    }
  }
  return result;
}

function keep(
  { before, topicIds }: AssignableMember,
  options: { quota: number; taken: Map<string, Set<number>>; partitionCount: (topicId: string) => number },
): { assignment: Map<string, number[]>; room: number } {
  const assignment = new Map<string, number[]>();
  let room = options.quota;
  for (const topicId of topicIds) {
    const taken = options.taken.get(topicId)!;
    const count = options.partitionCount(topicId);
    const kept: number[] = [];
    for (const partition of before.get(topicId) ?? []) {
      if (room === 0) break;
      if (partition >= count || taken.has(partition)) continue;
      taken.add(partition);
      kept.push(partition);
      room--;
    }
    if (kept.length > 0) assignment.set(topicId, kept);
  }
  return { assignment, room };
}
