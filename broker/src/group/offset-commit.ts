/** Who may commit offsets to a group, and what a commit writes. */
import { ErrorCode } from '../messages/errors.ts';
import { validateMember } from './classic-calls.ts';
import type { ClassicGroup } from './classic-group.ts';
import type { Moment } from './classic-rebalance.ts';
import { commitClaim, type PartitionClaim } from './consumer/offset-claims.ts';
import type { Group } from './consumer/world.ts';
import type { GroupRecord } from './effects.ts';

export interface OffsetToCommit {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string;
}

export interface CommitCall {
  readonly groupId: string;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** -1: no member, a "simple" consumer or an administrator's reset. */
  readonly generationId: number;
  readonly version: number;
  /** OffsetCommit before version 5; -1: the broker's own. */
  readonly retentionTimeMs: number;
  /** Part of a transaction: a producer that names no member may commit to a group that has some (KIP-447). */
  readonly transactional?: boolean;
  readonly offsets: readonly OffsetToCommit[];
}

export interface CommitResult {
  /** Of the whole request; 0 when it is decided per partition. */
  readonly errorCode: number;
  /** In the order of `offsets`. */
  readonly partitionErrors: readonly number[];
  readonly records: readonly GroupRecord[];
}

/** From this version on an unknown group has an error of its own (KIP-848). */
const GROUP_NOT_FOUND_SINCE = 9;

export interface CommitMoment extends Moment {
  readonly topicId: (topic: string) => string | undefined;
}

export function commitOffsets(group: Group | undefined, call: CommitCall, at: CommitMoment): CommitResult {
  const claim = claimOf(group, call);
  if (typeof claim === 'number') return { errorCode: claim, partitionErrors: [], records: [] };
  const partitionErrors: number[] = [];
  const records: GroupRecord[] = [];
  for (const { topic, partition, topicId, offset, leaderEpoch, metadata } of call.offsets) {
    const refused = claim(at.topicId(topic), partition);
    if (refused !== ErrorCode.NONE) {
      partitionErrors.push(refused);
      continue;
    }
    if (Buffer.byteLength(metadata) > at.config.offsetMetadataBytesMax) {
      partitionErrors.push(ErrorCode.OFFSET_METADATA_TOO_LARGE);
      continue;
    }
    partitionErrors.push(ErrorCode.NONE);
    const expireTimestampMs = call.retentionTimeMs < 0 ? null : at.wallMs + call.retentionTimeMs;
    records.push({
      kind: 'offset',
      groupId: call.groupId,
      topic,
      partition,
      value: { offset, leaderEpoch, metadata, commitTimestampMs: at.wallMs, expireTimestampMs, topicId },
    });
  }
  return { errorCode: ErrorCode.NONE, partitionErrors, records };
}

/** The error of the whole commit, or what decides for each partition. */
function claimOf(group: Group | undefined, call: CommitCall): number | PartitionClaim {
  if (group?.type === 'Consumer') return commitClaim(group, call);
  const errorCode = validateCommit(group, call);
  return errorCode === ErrorCode.NONE ? () => ErrorCode.NONE : errorCode;
}

function validateCommit(group: ClassicGroup | undefined, call: CommitCall): number {
  if (group === undefined) {
    if (call.generationId < 0) return ErrorCode.NONE;
    return call.version >= GROUP_NOT_FOUND_SINCE
      ? ErrorCode.GROUP_ID_NOT_FOUND
      : ErrorCode.ILLEGAL_GENERATION;
  }
  if (group.state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE;
  if (call.generationId < 0 && group.state === 'Empty') return ErrorCode.NONE;
  if (call.generationId < 0 && call.memberId === '' && call.groupInstanceId === null) {
    // The group has members: nobody else may move its offsets.
    return call.transactional ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
  }
  const invalid = validateMember(group, call);
  if (invalid !== ErrorCode.NONE) return invalid;
  return group.state === 'CompletingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
}
