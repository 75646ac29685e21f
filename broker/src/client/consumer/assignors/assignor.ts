/** What every assignor is given and gives: pure, the same answer for the same question. */
import type { TopicPartition } from '../../types.ts';

export interface MemberSubscription {
  readonly memberId: string;
  /** Static members (KIP-345) are ordered by it, so that a restart keeps their place. */
  readonly instanceId: string | null;
  readonly topics: readonly string[];
  /** What the member holds now, as far as its protocol tells. */
  readonly owned: readonly TopicPartition[];
  /** The generation in which it held that; -1: unknown. */
  readonly generation: number;
}

export type Assignment = Map<string, TopicPartition[]>;

export type Assignor = (
  partitionCounts: ReadonlyMap<string, number>,
  members: readonly MemberSubscription[],
) => Assignment;

/** Static members first, by instance id; then the others by member id (Java's MemberInfo order). */
export function inOrder(members: readonly MemberSubscription[]): MemberSubscription[] {
  return [...members].sort((a, b) => {
    if (a.instanceId !== null && b.instanceId !== null) return compare(a.instanceId, b.instanceId);
    if (a.instanceId !== null) return -1;
    if (b.instanceId !== null) return 1;
    return compare(a.memberId, b.memberId);
  });
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function emptyAssignment(members: readonly MemberSubscription[]): Assignment {
  return new Map(members.map((member) => [member.memberId, []]));
}
