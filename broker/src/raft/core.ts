/**
 * The mutable heart of one Raft node and the small operations all its parts share: sending, replying, changing state.
 */
import { type LogIndex, logEnd } from './log-index.ts';
import { leaderOf, type State, type Vote } from './state.ts';
import { untilCommonMoment } from './together.ts';
import type {
  Append,
  LeaderAndEpoch,
  Leadership,
  OutgoingReply,
  OutgoingRequest,
  QuorumState,
  RaftError,
  RaftOptions,
  RaftRequest,
  RaftResponse,
  Ready,
  RequestId,
  SnapshotPart,
} from './types.ts';

export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

/** Retries of a failing peer grow from `retryBackoffMs` to this. */
const RETRY_BACKOFF_MAX_MS = 1000;

export interface Core {
  readonly options: RaftOptions;
  readonly voterIds: readonly number[];
  readonly isVoter: boolean;
  /** Time of the call being served. */
  nowMs: number;
  state: State;
  readonly log: LogIndex;
  /** Everything before it is committed. Never decreases. */
  highWatermark: number;
  /** The high watermark has once since the start reached what a leader said is committed. */
  caughtUp: boolean;
  readonly peers: Map<number, Peer>;
  readonly inFlight: Map<RequestId, InFlight>;
  nextRequestId: RequestId;
  /** Elections lost in a row, for the backoff. */
  electionsLost: number;
  /** Latest epoch whose leader is known to have stopped leading: nobody leads in it any more, whatever others say. */
  endedEpoch: number;
  persisted: QuorumState;
  announced: Leadership;
  out: Output;
}

/** At most one request per peer is on its way. */
export interface Peer {
  readonly id: number;
  inFlight: RequestId | null;
  failureCount: number;
  retryAtMs: number;
}

export interface InFlight {
  readonly to: number;
  readonly request: RaftRequest;
  readonly deadlineMs: number;
}

export interface Output {
  truncateTo: number | null;
  snapshotParts: SnapshotPart[];
  restoreSnapshot: Ready['restoreSnapshot'];
  append: Append[];
  logStartOffset: number | null;
  requests: OutgoingRequest[];
  replies: OutgoingReply[];
  committedTo: number | null;
}

export function emptyOutput(): Output {
  return {
    truncateTo: null,
    snapshotParts: [],
    restoreSnapshot: null,
    append: [],
    logStartOffset: null,
    requests: [],
    replies: [],
    committedTo: null,
  };
}

export function ownVote(core: Core): Vote {
  return { id: core.options.nodeId, directoryId: core.options.directoryId };
}

export function otherVoters(core: Core): number[] {
  return core.voterIds.filter((id) => id !== core.options.nodeId);
}

export function peerOf(core: Core, id: number): Peer {
  let peer = core.peers.get(id);
  if (peer === undefined) {
    peer = { id, inFlight: null, failureCount: 0, retryAtMs: 0 };
    core.peers.set(id, peer);
  }
  return peer;
}

export function send(core: Core, to: number, request: RaftRequest): void {
  const requestId = core.nextRequestId++;
  const deadlineMs = core.nowMs + core.options.config.requestTimeoutMs;
  peerOf(core, to).inFlight = requestId;
  core.inFlight.set(requestId, { to, request, deadlineMs });
  core.out.requests.push({ requestId, to, request });
}

/** Takes a request off the list; undefined when it was given up before. */
export function settle(core: Core, requestId: RequestId): InFlight | undefined {
  const flight = core.inFlight.get(requestId);
  if (flight === undefined) return undefined;
  core.inFlight.delete(requestId);
  const peer = peerOf(core, flight.to);
  if (peer.inFlight === requestId) peer.inFlight = null;
  return flight;
}

export function peerAnswered(core: Core, id: number): void {
  const peer = peerOf(core, id);
  peer.failureCount = 0;
  peer.retryAtMs = 0;
}

export function peerFailed(core: Core, id: number): void {
  const peer = peerOf(core, id);
  const exponent = Math.min(peer.failureCount, 10);
  peer.failureCount += 1;
  peer.retryAtMs =
    core.nowMs + Math.min(core.options.config.retryBackoffMs * 2 ** exponent, RETRY_BACKOFF_MAX_MS);
}

/** Enters a state: requests of the old one are forgotten, their late answers ignored. */
export function enter(core: Core, state: State): void {
  if (state.epoch < core.state.epoch) {
    throw new Error(`epoch may not go back from ${core.state.epoch} to ${state.epoch}`);
  }
  dismissHeldFetches(core);
  for (const requestId of core.inFlight.keys()) settle(core, requestId);
  core.state = state;
}

/** A leader that stops leading answers those who wait, so that they look for the next one at once. */
function dismissHeldFetches(core: Core): void {
  if (core.state.role !== 'leader') return;
  for (const held of core.state.heldFetches) {
    replyFetchError(core, held.requestId, 'NOT_LEADER_OR_FOLLOWER', {
      leaderId: -1,
      leaderEpoch: core.state.epoch,
    });
  }
}

export function reply(core: Core, requestId: RequestId, response: RaftResponse): void {
  core.out.replies.push({ requestId, response, fetchRead: null, snapshotRead: null });
}

export function replyFetchError(
  core: Core,
  requestId: RequestId,
  error: RaftError,
  leader: LeaderAndEpoch = leaderAndEpoch(core),
): void {
  reply(core, requestId, {
    kind: 'fetchResponse',
    error,
    ...leader,
    highWatermark: -1,
    logStartOffset: -1,
    divergingEpoch: null,
    snapshotId: null,
    batches: [],
  });
}

export function leaderAndEpoch(core: Core): LeaderAndEpoch {
  return { leaderId: leaderOf(core.state, core.options.nodeId), leaderEpoch: core.state.epoch };
}

/** Moves the high watermark forward, never past the end of the log, and tells the shell. */
export function commitTo(core: Core, offset: number): void {
  const bounded = Math.min(offset, core.log.endOffset);
  if (bounded <= core.highWatermark) return;
  core.highWatermark = bounded;
  core.out.committedTo = bounded;
}

export function quorumStateOf(core: Core): QuorumState {
  const { state } = core;
  const leaderId = state.role === 'resigned' ? core.options.nodeId : leaderOf(state, core.options.nodeId);
  return {
    leaderId,
    leaderEpoch: state.epoch,
    votedId: state.vote?.id ?? -1,
    votedDirectoryId: state.vote?.directoryId ?? ZERO_UUID,
  };
}

export function sameQuorumState(a: QuorumState, b: QuorumState): boolean {
  return (
    a.leaderId === b.leaderId &&
    a.leaderEpoch === b.leaderEpoch &&
    a.votedId === b.votedId &&
    a.votedDirectoryId === b.votedDirectoryId
  );
}

export function fetchRequest(core: Core, epoch: number): RaftRequest {
  const end = logEnd(core.log);
  const { fetchMaxWaitMs, fetchesTogether } = core.options.config;
  return {
    kind: 'fetchRequest',
    replicaId: core.options.nodeId,
    replicaDirectoryId: core.options.directoryId,
    currentLeaderEpoch: epoch,
    fetchOffset: end.offset,
    lastFetchedEpoch: end.epoch,
    maxWaitMs: fetchesTogether ? untilCommonMoment(fetchMaxWaitMs, core.nowMs) : fetchMaxWaitMs,
    maxBytes: core.options.config.fetchBytesMax,
    highWatermark: core.highWatermark,
  };
}
