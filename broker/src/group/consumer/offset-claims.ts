/** Who may commit and fetch offsets of a group of the consumer protocol (KIP-848; KIP-1251 for late commits). */
import { ErrorCode } from '../../messages/errors.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import type { ConsumerMember } from './member.ts';

/** Members of the consumer protocol must know of stale epochs. */
const STALE_EPOCH_SINCE = 9;

export interface CommitClaim {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly generationId: number;
  readonly version: number;
  readonly transactional?: boolean;
}

/** The error of each partition, by topic id; 0: may be committed. */
export type PartitionClaim = (topicId: string | undefined, partition: number) => number;

/** The error of the whole commit, or what decides for each partition. */
export function commitClaim(group: ConsumerGroup, claim: CommitClaim): number | PartitionClaim {
  const { memberId, generationId, transactional } = claim;
  if (generationId < 0 && group.members.size === 0) return anything;
  const isAnonymous = generationId === -1 && memberId === '' && claim.groupInstanceId === null;
  if (transactional && isAnonymous) return anything;
  const member = group.members.get(memberId);
  if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
  if (!transactional && member.classic === null && claim.version < STALE_EPOCH_SINCE) {
    return ErrorCode.UNSUPPORTED_VERSION;
  }
  if (generationId === member.memberEpoch) return anything;
  if (generationId > member.memberEpoch) return staleError(member);
  // Behind, and right all the same where it has had the partition since.
  return (topicId, partition) => {
    const id = topicId ?? '';
    const since = member.assigned.get(id)?.get(partition) ?? member.pendingRevocation.get(id)?.get(partition);
    return since === undefined || generationId < since ? staleError(member) : ErrorCode.NONE;
  };
}

export function fetchProblem(
  group: ConsumerGroup,
  claim: { memberId: string | null; memberEpoch: number },
): number {
  if (claim.memberId === null && claim.memberEpoch < 0) return ErrorCode.NONE;
  const member = group.members.get(claim.memberId ?? '');
  if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
  return claim.memberEpoch === member.memberEpoch ? ErrorCode.NONE : staleError(member);
}

function anything(): number {
  return ErrorCode.NONE;
}

function staleError({ classic }: ConsumerMember): number {
  return classic === null ? ErrorCode.STALE_MEMBER_EPOCH : ErrorCode.ILLEGAL_GENERATION;
}
