/**
 * What a leader does: serve Fetch and FetchSnapshot, hold what has nothing to return yet, commit what a majority has,
 * and resign when no majority fetches any more (KIP-595, KIP-630).
 */
import {
  type Core,
  commitTo,
  leaderAndEpoch,
  peerAnswered,
  reply,
  replyFetchError,
  ZERO_UUID,
} from './core.ts';
import { becomeResigned, checkQuorumDeadline } from './elections.ts';
import { appended, checkFetchPosition } from './log-index.ts';
import { type HeldFetch, type Leader, majority, type Progress } from './state.ts';
import type {
  FetchRequestMessage,
  FetchResponseMessage,
  FetchSnapshotRequestMessage,
  Proposal,
  QuorumDescription,
  RaftError,
  ReplicaProgress,
  RequestId,
} from './types.ts';

/** Observers that have not fetched for this long are no longer shown or remembered. */
const OBSERVER_FORGET_MS = 300_000;
const OBSERVERS_MAX = 1000;

export function propose(core: Core, state: Leader, { values, isIdle }: Proposal): number {
  const baseOffset = core.log.endOffset;
  if (values.length === 0) return baseOffset;
  const { epoch } = state;
  core.out.append.push({ kind: 'records', baseOffset, epoch, timestampMs: core.nowMs, values });
  appended(core.log, epoch, baseOffset, baseOffset + values.length - 1);
  if (isIdle !== true) state.urgentOffset = core.log.endOffset;
  if (core.voterIds.length === 1) commitTo(core, core.log.endOffset);
  return core.log.endOffset;
}

export function onFetchRequest(core: Core, requestId: RequestId, request: FetchRequestMessage): void {
  const error = leaderError(core, request.currentLeaderEpoch);
  if (error !== null || core.state.role !== 'leader') {
    replyFetchError(core, requestId, error ?? 'NOT_LEADER_OR_FOLLOWER');
    return;
  }
  const { state } = core;
  heardFrom(core, state, request.replicaId);
  const position = checkFetchPosition(core.log, request.fetchOffset, request.lastFetchedEpoch);
  if (position.kind !== 'valid') {
    reply(core, requestId, {
      ...fetchAnswer(core),
      divergingEpoch: position.kind === 'diverging' ? position.end : null,
      snapshotId: position.kind === 'snapshot' ? position.id : null,
    });
    return;
  }
  recordProgress(core, state, request);
  supersede(core, state, request.replicaId);
  state.heldFetches.push({
    requestId,
    replicaId: request.replicaId,
    fetchOffset: request.fetchOffset,
    highWatermark: request.highWatermark,
    maxBytes: request.maxBytes,
    deadlineMs: core.nowMs + request.maxWaitMs,
  });
}

/** Why this node cannot serve a request meant for the leader of `requestEpoch` (-1: of any epoch); null if it can. */
function leaderError(core: Core, requestEpoch: number): RaftError | null {
  const { epoch, role } = core.state;
  if (requestEpoch >= 0 && requestEpoch < epoch) return 'FENCED_LEADER_EPOCH';
  if (requestEpoch > epoch) return 'UNKNOWN_LEADER_EPOCH';
  return role === 'leader' ? null : 'NOT_LEADER_OR_FOLLOWER';
}

/** A replica waits with one Fetch at a time: a newer one answers the older. */
function supersede(core: Core, state: Leader, replicaId: number): void {
  const index = state.heldFetches.findIndex((held) => held.replicaId === replicaId);
  if (index >= 0) answerHeld(core, state.heldFetches.splice(index, 1)[0]!);
}

function heardFrom(core: Core, state: Leader, replicaId: number): void {
  peerAnswered(core, replicaId);
  const progress = state.replicas.get(replicaId);
  if (progress !== undefined) progress.lastHeardMs = core.nowMs;
  if (!core.voterIds.includes(replicaId)) return;
  state.fetchedVoters.add(replicaId);
  if (state.fetchedVoters.size + 1 < majority(core.voterIds.length)) return;
  state.fetchedVoters.clear();
  state.checkQuorumDeadlineMs = checkQuorumDeadline(core);
}

function recordProgress(core: Core, state: Leader, request: FetchRequestMessage): void {
  const progress = progressOf(core, state, request);
  if (progress === null) return;
  const end = core.log.endOffset;
  // Caught up now, or at the time of its last fetch if it has by now all that the log held then.
  if (request.fetchOffset >= end) progress.lastCaughtUpMs = core.nowMs;
  else if (request.fetchOffset >= progress.leaderEndAtLastFetch && progress.lastFetchMs >= 0) {
    progress.lastCaughtUpMs = Math.max(progress.lastCaughtUpMs, progress.lastFetchMs);
  }
  if (!core.voterIds.includes(progress.id)) progress.directoryId = request.replicaDirectoryId;
  progress.endOffset = request.fetchOffset;
  progress.lastFetchMs = core.nowMs;
  progress.leaderEndAtLastFetch = end;
  maybeCommit(core, state);
}

function progressOf(core: Core, state: Leader, request: FetchRequestMessage): Progress | null {
  const { replicaId } = request;
  const known = state.replicas.get(replicaId);
  if (known !== undefined) return known;
  if (replicaId < 0 || state.replicas.size >= OBSERVERS_MAX) return null;
  const progress: Progress = {
    id: replicaId,
    directoryId: request.replicaDirectoryId,
    endOffset: -1,
    lastFetchMs: -1,
    lastCaughtUpMs: -1,
    leaderEndAtLastFetch: -1,
    lastHeardMs: core.nowMs,
  };
  state.replicas.set(replicaId, progress);
  return progress;
}

/** Raft's commit rule: on a majority, and of this leader's own epoch. */
function maybeCommit(core: Core, state: Leader): void {
  const ends = core.voterIds.map((id) =>
    id === core.options.nodeId ? core.log.endOffset : (state.replicas.get(id)?.endOffset ?? -1),
  );
  ends.sort((a, b) => b - a);
  const onMajority = ends[majority(core.voterIds.length) - 1]!;
  if (onMajority > state.epochStartOffset) commitTo(core, onMajority);
}

/** It has committed something of its own epoch, so it knows everything that was committed before. */
export function isActiveLeader(core: Core): boolean {
  return core.state.role === 'leader' && core.highWatermark > core.state.epochStartOffset;
}

/** What followers may take for committed: nothing until this leader knows it all, so that nobody trusts an old mark. */
function knownHighWatermark(core: Core): number {
  return isActiveLeader(core) ? core.highWatermark : -1;
}

/** Answers held fetches that have something to hear, or have waited long enough. */
export function releaseHeldFetches(core: Core, state: Leader): void {
  // Nobody waits for what only marks time.
  const newsOffset = Math.min(knownHighWatermark(core), state.urgentOffset);
  const ready = state.heldFetches.filter(
    (held) =>
      held.fetchOffset < core.log.endOffset ||
      held.highWatermark < newsOffset ||
      held.deadlineMs <= core.nowMs,
  );
  if (ready.length === 0) return;
  for (const held of ready) {
    state.heldFetches.splice(state.heldFetches.indexOf(held), 1);
    answerHeld(core, held);
  }
}

function answerHeld(core: Core, held: HeldFetch): void {
  const toOffset = core.log.endOffset;
  const { fetchOffset: fromOffset, maxBytes } = held;
  core.out.replies.push({
    requestId: held.requestId,
    response: fetchAnswer(core),
    fetchRead: fromOffset < toOffset ? { fromOffset, toOffset, maxBytes } : null,
    snapshotRead: null,
  });
}

function fetchAnswer(core: Core): FetchResponseMessage {
  return {
    kind: 'fetchResponse',
    error: 'NONE',
    ...leaderAndEpoch(core),
    highWatermark: knownHighWatermark(core),
    logStartOffset: core.log.startOffset,
    divergingEpoch: null,
    snapshotId: null,
    batches: [],
  };
}

export function onFetchSnapshotRequest(
  core: Core,
  requestId: RequestId,
  request: FetchSnapshotRequestMessage,
): void {
  const { snapshotId, position, maxBytes } = request;
  const known = core.log.snapshots.some(
    (id) => id.offset === snapshotId.offset && id.epoch === snapshotId.epoch,
  );
  const error = leaderError(core, request.currentLeaderEpoch) ?? (known ? null : 'SNAPSHOT_NOT_FOUND');
  if (core.state.role === 'leader') heardFrom(core, core.state, request.replicaId);
  core.out.replies.push({
    requestId,
    response: {
      kind: 'fetchSnapshotResponse',
      error: error ?? 'NONE',
      ...leaderAndEpoch(core),
      snapshotId,
      sizeBytes: 0,
      position,
      bytes: Buffer.alloc(0),
    },
    fetchRead: null,
    snapshotRead: error === null ? { snapshotId, position, maxBytes } : null,
  });
}

export function driveLeader(core: Core, state: Leader): void {
  if (core.nowMs >= state.checkQuorumDeadlineMs) {
    becomeResigned(core);
    return;
  }
  releaseHeldFetches(core, state);
}

export function describeQuorum(core: Core, state: Leader): QuorumDescription {
  for (const [id, replica] of state.replicas) {
    const silentMs = core.nowMs - replica.lastFetchMs;
    if (!core.voterIds.includes(id) && silentMs > OBSERVER_FORGET_MS) state.replicas.delete(id);
  }
  const own: ReplicaProgress = {
    id: core.options.nodeId,
    // As the voter set has it: unknown while kraft.version is 0, as in Apache Kafka.
    directoryId:
      core.options.voters.find((voter) => voter.id === core.options.nodeId)?.directoryId ?? ZERO_UUID,
    logEndOffset: core.log.endOffset,
    lastFetchMs: core.nowMs,
    lastCaughtUpMs: core.nowMs,
  };
  const rows = [...state.replicas.values()].map(describeReplica);
  const isVoter = (row: ReplicaProgress) => core.voterIds.includes(row.id);
  return {
    ...leaderAndEpoch(core),
    highWatermark: core.highWatermark,
    voters: [own, ...rows.filter(isVoter)].sort((a, b) => a.id - b.id),
    observers: rows.filter((row) => !isVoter(row)),
  };
}

function describeReplica(progress: Progress): ReplicaProgress {
  return {
    id: progress.id,
    directoryId: progress.directoryId,
    logEndOffset: progress.endOffset,
    lastFetchMs: progress.lastFetchMs,
    lastCaughtUpMs: progress.lastCaughtUpMs,
  };
}
