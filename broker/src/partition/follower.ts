/**
 * A partition as its follower sees it: where to fetch, and what an answer of the leader means (KIP-595's
 * truncation by the leader's diverging epoch, Fetch version 12 and later). Pure functions; the log is passed as
 * the few facts that matter.
 */
import { ErrorCode } from '../messages/errors.ts';

/** The follower's log, as far as this file needs it. */
export interface FollowerLog {
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  /** -1 when it has no epoch. */
  readonly latestEpoch: number;
  endOffsetForEpoch(epoch: number): { readonly epoch: number; readonly endOffset: number };
}

export interface FetchPosition {
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: number;
}

/** One partition of a Fetch answer. */
export interface FetchAnswer {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  /** epoch -1: the logs do not diverge. */
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number };
  readonly recordsBytes: number;
}

export type FollowerStep =
  /** Store the records, then `highWatermarkAfter` the new end; take over the leader's log start when higher. */
  | { readonly kind: 'append' }
  | { readonly kind: 'truncate'; readonly offset: number }
  /** Ask the leader's earliest and latest offsets, then `resolveOutOfRange`. */
  | { readonly kind: 'askOffsets' }
  /** The leader or the partition has moved: no more fetching from here until newer metadata says where. */
  | { readonly kind: 'awaitMetadata' }
  /** Try again after the fetch back-off. */
  | { readonly kind: 'retry' };

/**
 * Where a replica that becomes a follower begins: at its end; a log that has no epochs cannot be compared with
 * the leader's, so it is first cut to what is known to be committed.
 */
export function startFollowing(log: FollowerLog, highWatermark: number): { truncateTo?: number } {
  if (log.latestEpoch >= 0 || log.logEndOffset <= highWatermark) return {};
  return { truncateTo: Math.max(highWatermark, log.logStartOffset) };
}

export function fetchPosition(log: FollowerLog): FetchPosition {
  return {
    fetchOffset: log.logEndOffset,
    lastFetchedEpoch: log.latestEpoch,
    logStartOffset: log.logStartOffset,
  };
}

export function stepFollower(answer: FetchAnswer, log: FollowerLog, highWatermark: number): FollowerStep {
  switch (answer.errorCode) {
    case ErrorCode.NONE:
      if (answer.divergingEpoch.epoch < 0 && answer.divergingEpoch.endOffset < 0) return { kind: 'append' };
      return { kind: 'truncate', offset: truncationOffset(answer.divergingEpoch, log, highWatermark) };
    case ErrorCode.OFFSET_OUT_OF_RANGE:
      return { kind: 'askOffsets' };
    case ErrorCode.FENCED_LEADER_EPOCH:
    case ErrorCode.NOT_LEADER_OR_FOLLOWER:
    case ErrorCode.UNKNOWN_TOPIC_ID:
    case ErrorCode.INCONSISTENT_TOPIC_ID:
      return { kind: 'awaitMetadata' };
    default:
      return { kind: 'retry' };
  }
}

/** How far the follower's log agrees with the leader's, given where the leader's log leaves the follower's epoch. */
export function truncationOffset(
  leaderEnd: { readonly epoch: number; readonly endOffset: number },
  log: FollowerLog,
  highWatermark: number,
): number {
  const end = log.logEndOffset;
  if (leaderEnd.endOffset < 0) return Math.min(highWatermark, end);
  if (leaderEnd.epoch < 0) return Math.min(leaderEnd.endOffset, end);
  const own = log.endOffsetForEpoch(leaderEnd.epoch);
  if (own.endOffset < 0) return Math.min(leaderEnd.endOffset, end);
  if (own.epoch !== leaderEnd.epoch) return Math.min(own.endOffset, end);
  return Math.min(leaderEnd.endOffset, own.endOffset, end);
}

export type OutOfRangeStep =
  | { readonly kind: 'truncate'; readonly offset: number }
  | { readonly kind: 'startAt'; readonly offset: number }
  | { readonly kind: 'retry' };

/** The leader does not have the fetched offset: its log is shorter (unclean election) or begins later (retention). */
export function resolveOutOfRange(
  leader: { readonly logStartOffset: number; readonly logEndOffset: number },
  log: FollowerLog,
): OutOfRangeStep {
  if (leader.logEndOffset < log.logEndOffset) return { kind: 'truncate', offset: leader.logEndOffset };
  if (leader.logStartOffset > log.logEndOffset) return { kind: 'startAt', offset: leader.logStartOffset };
  return { kind: 'retry' };
}

/** A follower never claims more to be committed than it has. */
export function highWatermarkAfter(
  leaderHighWatermark: number,
  log: { readonly logStartOffset: number; readonly logEndOffset: number },
): number {
  return Math.max(log.logStartOffset, Math.min(leaderHighWatermark, log.logEndOffset));
}
