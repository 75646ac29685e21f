/**
 * Sticky and cooperative-sticky (KIP-54, KIP-429): as even as can be, and with as few moves as can be.
 *
 * Every member first keeps what it held, as far as it still wants it and nobody holds it by a newer generation.
 * Partitions without an owner go to the member with least. Then a partition moves from a member to another that
 * wants it and has at least two less, until no such pair is left. The cooperative form leaves a moving partition
 * without an owner for one round, so that its old owner has given it up before the new one begins.
 */
import type { TopicPartition } from '../../types.ts';
import { type Assignment, type Assignor, compare, inOrder, type MemberSubscription } from './assignor.ts';

export const assignSticky: Assignor = (partitionCounts, members) => balance(partitionCounts, members);

export const assignCooperativeSticky: Assignor = (partitionCounts, members) => {
  const assignment = balance(partitionCounts, members);
  const owners = currentOwners(partitionCounts, members);
  for (const [memberId, partitions] of assignment) {
    const staying = partitions.filter((partition) => {
      const owner = owners.get(keyOf(partition));
      return owner === undefined || owner === memberId;
    });
    assignment.set(memberId, staying);
  }
  return assignment;
};

function balance(
  partitionCounts: ReadonlyMap<string, number>,
  members: readonly MemberSubscription[],
): Assignment {
  const ordered = inOrder(members);
  const assignment: Assignment = new Map(ordered.map((member) => [member.memberId, []]));
  const wants = new Map(ordered.map((member) => [member.memberId, new Set(member.topics)]));
  const owners = currentOwners(partitionCounts, members);
  const free: TopicPartition[] = [];
  for (const [topic, count] of [...partitionCounts].sort(([a], [b]) => compare(a, b))) {
    for (let partition = 0; partition < count; partition++) {
      const owner = owners.get(keyOf({ topic, partition }));
      if (owner === undefined) free.push({ topic, partition });
      else assignment.get(owner)!.push({ topic, partition });
    }
  }
  for (const partition of free) {
    const least = leastLoaded(assignment, (memberId) => wants.get(memberId)!.has(partition.topic));
    if (least !== null) assignment.get(least)!.push(partition);
  }
  evenOut(assignment, wants);
  for (const partitions of assignment.values()) partitions.sort(byTopicAndPartition);
  return assignment;
}

/** Owner by partition; of two that claim it, the one of the newer generation. */
function currentOwners(
  partitionCounts: ReadonlyMap<string, number>,
  members: readonly MemberSubscription[],
): Map<string, string> {
  const claims = new Map<string, { memberId: string; generation: number }>();
  for (const { memberId, owned, topics, generation } of inOrder(members)) {
    for (const partition of owned) {
      const exists = partition.partition < (partitionCounts.get(partition.topic) ?? 0);
      if (!exists || !topics.includes(partition.topic)) continue;
      const key = keyOf(partition);
      const other = claims.get(key);
      if (other === undefined || generation > other.generation) claims.set(key, { memberId, generation });
    }
  }
  return new Map([...claims].map(([key, { memberId }]) => [key, memberId]));
}

function evenOut(assignment: Assignment, wants: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (;;) {
    const move = findMove(assignment, wants);
    if (move === null) return;
    const from = assignment.get(move.from)!;
    const [partition] = from.splice(move.index, 1);
    assignment.get(move.to)!.push(partition!);
  }
}

/** Each move makes a difference of two or more smaller, so there is an end. */
function findMove(
  assignment: Assignment,
  wants: ReadonlyMap<string, ReadonlySet<string>>,
): { from: string; to: string; index: number } | null {
  const byLoad = [...assignment].sort(([, a], [, b]) => b.length - a.length);
  for (const [from, partitions] of byLoad) {
    for (let index = partitions.length - 1; index >= 0; index--) {
      const { topic } = partitions[index]!;
      const to = leastLoaded(assignment, (memberId) => wants.get(memberId)!.has(topic));
      if (to !== null && assignment.get(to)!.length + 2 <= partitions.length) return { from, to, index };
    }
  }
  return null;
}

function leastLoaded(assignment: Assignment, isEligible: (memberId: string) => boolean): string | null {
  let least: string | null = null;
  for (const [memberId, partitions] of assignment) {
    if (!isEligible(memberId)) continue;
    if (least === null || partitions.length < assignment.get(least)!.length) least = memberId;
  }
  return least;
}

function byTopicAndPartition(a: TopicPartition, b: TopicPartition): number {
  return compare(a.topic, b.topic) || a.partition - b.partition;
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
