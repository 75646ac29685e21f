/**
 * What a follower does with the leader's answers: append, cut back where the logs part, load a snapshot when it is too
 * far behind (KIP-595, KIP-630).
 */
import { type Core, commitTo, peerFailed } from './core.ts';
import { fetchDeadline, leaderAbdicated, learnLeader } from './elections.ts';
import { appended, endOffsetForEpoch, restored, truncated } from './log-index.ts';
import type { Follower } from './state.ts';
import type { FetchResponseMessage, FetchSnapshotResponseMessage, OffsetAndEpoch } from './types.ts';

export function onFetchResponse(core: Core, from: number, response: FetchResponseMessage): void {
  if (learnLeader(core, response)) return;
  const { state } = core;
  if (state.role !== 'follower' || from !== state.leaderId || response.leaderEpoch !== state.epoch) return;
  if (response.error !== 'NONE') {
    if (response.error === 'NOT_LEADER_OR_FOLLOWER') leaderAbdicated(core);
    else peerFailed(core, from);
    return;
  }
  state.fetchDeadlineMs = fetchDeadline(core);
  state.hasFetched = true;
  if (response.divergingEpoch !== null) truncate(core, response.divergingEpoch);
  else if (response.snapshotId !== null) state.download = { snapshotId: response.snapshotId, position: 0 };
  else append(core, response);
}

/**
 * The connection to the leader broke or is refused: it most likely died, so its silence need not be waited out in full.
 * One that lives is safe: the others still hear it and refuse the pre-vote.
 */
export function leaderUnreachable(core: Core, to: number): void {
  const { state } = core;
  if (state.role !== 'follower' || to !== state.leaderId) return;
  const soonMs = core.nowMs + core.options.config.electionTimeoutMs;
  state.fetchDeadlineMs = Math.min(state.fetchDeadlineMs, soonMs);
}

/** Only what was never committed can differ, so a cut below the high watermark means that the log is damaged. */
function truncate(core: Core, leaderEnd: OffsetAndEpoch): void {
  const own = endOffsetForEpoch(core.log, leaderEnd.epoch);
  const endOffset = Math.min(own.offset, leaderEnd.offset);
  if (endOffset < core.highWatermark) {
    throw new Error(
      `the leader's log ends epoch ${leaderEnd.epoch} at ${leaderEnd.offset}, below what is committed here (${core.highWatermark})`,
    );
  }
  if (endOffset >= core.log.endOffset) return;
  truncated(core.log, endOffset);
  core.out.truncateTo = endOffset;
}

function append(core: Core, response: FetchResponseMessage): void {
  const { batches } = response;
  const baseOffset = core.log.endOffset;
  if (batches.length > 0) {
    for (const batch of batches) appended(core.log, batch.epoch, batch.baseOffset, batch.lastOffset);
    core.out.append.push({ kind: 'batches', baseOffset, batches });
  }
  commitTo(core, response.highWatermark);
  if (core.caughtUp || response.highWatermark < 0 || core.highWatermark < response.highWatermark) return;
  core.caughtUp = true;
  // Even if the mark did not move: whoever waited for `isCaughtUp` is told now.
  core.out.committedTo = core.highWatermark;
}

export function onFetchSnapshotResponse(
  core: Core,
  from: number,
  response: FetchSnapshotResponseMessage,
): void {
  if (learnLeader(core, response)) return;
  const { state } = core;
  if (state.role !== 'follower' || from !== state.leaderId || response.leaderEpoch !== state.epoch) return;
  const { download } = state;
  if (download === null || !sameSnapshot(download.snapshotId, response.snapshotId)) return;
  if (response.error !== 'NONE' || response.position !== download.position) {
    // The leader has a newer snapshot by now, or the answer is not the one asked for: ask it where to begin.
    state.download = null;
    peerFailed(core, from);
    return;
  }
  state.fetchDeadlineMs = fetchDeadline(core);
  state.hasFetched = true;
  takePart(core, state, response);
}

function takePart(core: Core, state: Follower, response: FetchSnapshotResponseMessage): void {
  const { snapshotId, position, bytes, sizeBytes } = response;
  const next = position + bytes.length;
  const last = next >= sizeBytes;
  core.out.snapshotParts.push({ snapshotId, position, bytes, last });
  if (!last) {
    state.download = { snapshotId, position: next };
    return;
  }
  state.download = null;
  restored(core.log, snapshotId);
  core.out.restoreSnapshot = snapshotId;
  commitTo(core, snapshotId.offset);
}

function sameSnapshot(a: OffsetAndEpoch, b: OffsetAndEpoch): boolean {
  return a.offset === b.offset && a.epoch === b.epoch;
}
