/** Leader epoch checks every replica makes before it serves (KIP-320), and where a fetcher's log leaves the leader's. */
import { ErrorCode } from '../messages/errors.ts';

/** Kafka's error code for a request made in `requested` epoch; -1 means the requester does not know one. */
export function checkLeaderEpoch(
  replica: { readonly leaderEpoch: number; readonly isLeader: boolean },
  requested: number,
  options: { readonly leaderRequired: boolean },
): number {
  if (requested >= 0 && requested < replica.leaderEpoch) return ErrorCode.FENCED_LEADER_EPOCH;
  if (requested > replica.leaderEpoch) return ErrorCode.UNKNOWN_LEADER_EPOCH;
  if (options.leaderRequired && !replica.isLeader) return ErrorCode.NOT_LEADER_OR_FOLLOWER;
  return ErrorCode.NONE;
}

export type Divergence =
  | { readonly kind: 'none' }
  | { readonly kind: 'diverging'; readonly epoch: number; readonly endOffset: number }
  /** The fetcher's epoch is not known here: OFFSET_OUT_OF_RANGE. */
  | { readonly kind: 'unknown' };

/** Whether a log that ends at `fetchOffset` in `lastFetchedEpoch` is a prefix of the leader's (KIP-595). */
export function divergenceOf(
  log: { endOffsetForEpoch(epoch: number): { readonly epoch: number; readonly endOffset: number } },
  fetch: { readonly fetchOffset: number; readonly lastFetchedEpoch: number },
): Divergence {
  if (fetch.lastFetchedEpoch < 0) return { kind: 'none' };
  const { epoch, endOffset } = log.endOffsetForEpoch(fetch.lastFetchedEpoch);
  if (epoch < 0 || endOffset < 0) return { kind: 'unknown' };
  const isPrefix = epoch >= fetch.lastFetchedEpoch && endOffset >= fetch.fetchOffset;
  return isPrefix ? { kind: 'none' } : { kind: 'diverging', epoch, endOffset };
}
