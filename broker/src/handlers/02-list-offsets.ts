/**
 * ListOffsets, versions 1 to 11: offsets by time, the ends of a log, the record with the largest timestamp (KIP-734).
 * A new leader that does not know yet what is committed says so, rather than an end that goes back later (KIP-207).
 * Tiered storage is not there: its questions (-5, -6) are answered "none", and the local start (-4) is the start.
 */
import type { ListOffsetsRequest, ListOffsetsResponse } from '../messages/02-list-offsets.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import type { LeaderReplica } from './replicas.ts';

type Response = Input<typeof ListOffsetsResponse>;
type PartitionEntry = NonNullable<NonNullable<Response['topics']>[number]['partitions']>[number];

const latest = -1;
const earliest = -2;
const maxTimestamp = -3;
const earliestLocal = -4;
const latestTiered = -5;
const earliestPendingUpload = -6;
/** The first version that knows each of the special times. */
const sinceVersion = new Map([
  [maxTimestamp, 7],
  [earliestLocal, 8],
  [latestTiered, 9],
  [earliestPendingUpload, 11],
]);

interface Found {
  readonly timestamp: number;
  readonly offset: number;
  readonly leaderEpoch: number;
}

const offsetNotAvailableSince = 5;
const nothing: Found = { timestamp: -1, offset: -1, leaderEpoch: -1 };

export function listOffsets(request: ListOffsetsRequest, context: RequestContext): Response {
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, currentLeaderEpoch, timestamp }): PartitionEntry => {
        const time = Number(timestamp);
        if (time < earliestPendingUpload || context.apiVersion < (sinceVersion.get(time) ?? 0)) {
          return { partitionIndex, errorCode: ErrorCode.UNSUPPORTED_VERSION };
        }
        const replica = context.node.replicas.leader(name, partitionIndex, currentLeaderEpoch);
        if (typeof replica === 'number') return { partitionIndex, errorCode: replica };
        const found = find(replica, time, endVisibleTo(replica, request));
        if (found === 'unreadable') return { partitionIndex, errorCode: ErrorCode.KAFKA_STORAGE_ERROR };
        const isEnd = time === latest || (found === nothing && (time >= 0 || time === maxTimestamp));
        if (isEnd && replica.highWatermarkLags && request.replicaId < 0)
          return { partitionIndex, errorCode: unknownEnd(context.apiVersion) };
        return {
          partitionIndex,
          timestamp: BigInt(found.timestamp),
          offset: BigInt(found.offset),
          leaderEpoch: found.leaderEpoch,
        };
      }),
    })),
  };
}

function unknownEnd(apiVersion: number): number {
  return apiVersion >= offsetNotAvailableSince
    ? ErrorCode.OFFSET_NOT_AVAILABLE
    : ErrorCode.LEADER_NOT_AVAILABLE;
}

function endVisibleTo(replica: LeaderReplica, request: ListOffsetsRequest): number {
  if (request.replicaId >= 0) return replica.logEndOffset;
  return request.isolationLevel === 1 ? replica.lastStableOffset : replica.highWatermark;
}

function find(replica: LeaderReplica, time: number, end: number): Found | 'unreadable' {
  switch (time) {
    case latest:
      return { timestamp: -1, offset: end, leaderEpoch: replica.leaderEpoch };
    case earliest:
    case earliestLocal: {
      const offset = replica.logStartOffset;
      return { timestamp: -1, offset, leaderEpoch: replica.epochAt(offset) };
    }
    case latestTiered:
    case earliestPendingUpload:
      return nothing;
    case maxTimestamp:
      return visible(replica.offsetOfMaxTimestamp(), end);
    default:
      return visible(replica.offsetForTimestamp(time), end);
  }
}

function visible(found: Found | 'unreadable' | undefined, end: number): Found | 'unreadable' {
  if (found === 'unreadable') return found;
  return found !== undefined && found.offset < end ? found : nothing;
}
