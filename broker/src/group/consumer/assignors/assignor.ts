/** What an assignor of the consumer protocol takes and gives. Assignors run here, on the coordinator (KIP-848). */
import type { Partitions } from '../partitions.ts';

export interface AssignableMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  /** Ids of topics that are there, sorted. */
  readonly topicIds: readonly string[];
  /** Its target so far. */
  readonly before: Partitions;
}

export interface AssignorInput {
  /** Sorted by member id. */
  readonly members: readonly AssignableMember[];
  readonly partitionCount: (topicId: string) => number;
}

export type Assignor = (input: AssignorInput) => Map<string, Partitions>;

export function isHomogeneous(members: readonly AssignableMember[]): boolean {
  const [first] = members;
  return members.every(
    ({ topicIds }) =>
      topicIds.length === first!.topicIds.length &&
      topicIds.every((id, index) => id === first!.topicIds[index]),
  );
}
