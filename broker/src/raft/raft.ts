/**
 * The Raft core of one node: `createRaft` puts together state, elections, leading and following.
 *
 * After every input the core is driven until nothing is due: deadlines first, then the requests its state wants to send
 * (`desiredRequests`). The same list gives the time of the next wake-up, so the shell needs one timer.
 */
import {
  type Core,
  emptyOutput,
  leaderAndEpoch,
  peerAnswered,
  peerFailed,
  peerOf,
  quorumStateOf,
  sameQuorumState,
  send,
  settle,
  ZERO_UUID,
} from './core.ts';
import {
  becomeProspective,
  becomeResigned,
  becomeUnattached,
  learnLeader,
  onBallotDeadline,
  onBeginQuorumEpoch,
  onEndQuorumEpoch,
  onVoteRequest,
  onVoteResponse,
} from './elections.ts';
import { leaderUnreachable, onFetchResponse, onFetchSnapshotResponse } from './following.ts';
import {
  describeQuorum,
  driveLeader,
  isActiveLeader,
  onFetchRequest,
  onFetchSnapshotRequest,
  propose,
} from './leading.ts';
import { createLogIndex, logEnd, snapshotted } from './log-index.ts';
import { desiredRequests } from './requests.ts';
import type { State } from './state.ts';
import type { Leadership, Raft, RaftInput, RaftOptions, RaftRequest, Ready, RequestId } from './types.ts';

/** A node that drives through more changes than this in one call has a bug. */
const TRANSITIONS_MAX = 10;

export function createRaft(options: RaftOptions): Raft {
  const core = createCore(options);
  drive(core);
  const at = (nowMs: number, act: () => void): void => {
    core.nowMs = nowMs;
    act();
    drive(core);
  };
  return {
    step: (input, nowMs) => at(nowMs, () => stepInput(core, input)),
    tick: (nowMs) => at(nowMs, () => {}),
    propose(proposal, nowMs) {
      let end: number | null = null;
      at(nowMs, () => {
        const { state } = core;
        if (state.role === 'leader' && state.epoch === proposal.epoch) end = propose(core, state, proposal);
      });
      return end;
    },
    snapshotTaken(snapshot) {
      core.out.logStartOffset = snapshotted(core.log, snapshot) ?? core.out.logStartOffset;
    },
    shutdown: (nowMs) => at(nowMs, () => becomeResigned(core)),
    ready: () => takeReady(core),
    get nextDeadlineMs() {
      return nextDeadline(core);
    },
    get leader() {
      return leaderAndEpoch(core);
    },
    get role() {
      return core.state.role;
    },
    get highWatermark() {
      return core.highWatermark;
    },
    get isCaughtUp() {
      return core.caughtUp || isActiveLeader(core);
    },
    get logEnd() {
      return logEnd(core.log);
    },
    describeQuorum(nowMs) {
      core.nowMs = nowMs;
      return core.state.role === 'leader' ? describeQuorum(core, core.state) : null;
    },
  };
}

function createCore(options: RaftOptions): Core {
  const log = createLogIndex(options.log);
  const voterIds = options.voters.map((voter) => voter.id);
  const isVoter = voterIds.includes(options.nodeId);
  const persisted = options.quorumState ?? noQuorumState;
  const highWatermark = options.log.snapshot?.offset ?? 0;
  const core: Core = {
    options,
    voterIds,
    isVoter,
    nowMs: options.nowMs,
    state: initialState(options, isVoter),
    log,
    highWatermark,
    caughtUp: false,
    peers: new Map(),
    inFlight: new Map(),
    nextRequestId: 1,
    electionsLost: 0,
    endedEpoch: -1,
    persisted,
    announced: { leaderId: -1, leaderEpoch: -1, active: false },
    out: emptyOutput(),
  };
  core.out.committedTo = highWatermark > 0 ? highWatermark : null;
  return core;
}

const noQuorumState = { leaderId: -1, leaderEpoch: 0, votedId: -1, votedDirectoryId: ZERO_UUID };

/**
 * A node that starts does not know whether its old leader still leads, so it begins unattached; one that led itself
 * begins resigned, because it may not lead or vote in that epoch again.
 */
function initialState(options: RaftOptions, isVoter: boolean): State {
  const persisted = options.quorumState;
  const logEpoch = options.log.epochs.at(-1)?.epoch ?? options.log.snapshot?.epoch ?? 0;
  const epoch = Math.max(persisted?.leaderEpoch ?? 0, logEpoch, 0);
  const sameEpoch = persisted !== null && persisted.leaderEpoch === epoch;
  const vote =
    sameEpoch && persisted.votedId >= 0
      ? { id: persisted.votedId, directoryId: persisted.votedDirectoryId }
      : null;
  const electionDeadlineMs = isVoter ? options.nowMs + startupDelay(options) : Number.POSITIVE_INFINITY;
  if (sameEpoch && persisted.leaderId === options.nodeId && isVoter) {
    const acknowledged = new Set<number>();
    return { role: 'resigned', epoch, vote, electionDeadlineMs, preferredSuccessors: [], acknowledged };
  }
  return {
    role: 'unattached',
    epoch,
    vote,
    electionDeadlineMs,
    discoverAtMs: options.nowMs,
    discoverCount: 0,
  };
}

/** The voter with the lowest id first; pre-vote keeps it from disturbing a leader that lives. */
function startupDelay(options: RaftOptions): number {
  const rank = options.voters.filter((voter) => voter.id < options.nodeId).length;
  return rank * options.config.startupElectionStepMs;
}

function stepInput(core: Core, input: RaftInput): void {
  switch (input.kind) {
    case 'request':
      stepRequest(core, input.requestId, input.request);
      return;
    case 'requestGone':
      dropHeldFetch(core, input.requestId);
      return;
    case 'requestFailed': {
      const flight = settle(core, input.requestId);
      if (flight === undefined) return;
      peerFailed(core, flight.to);
      leaderUnreachable(core, flight.to);
      return;
    }
    case 'response':
      stepResponse(core, input);
      return;
  }
}

function stepRequest(core: Core, requestId: RequestId, request: RaftRequest): void {
  switch (request.kind) {
    case 'voteRequest':
      onVoteRequest(core, requestId, request);
      return;
    case 'beginQuorumEpochRequest':
      onBeginQuorumEpoch(core, requestId, request);
      return;
    case 'endQuorumEpochRequest':
      onEndQuorumEpoch(core, requestId, request);
      return;
    case 'fetchRequest':
      onFetchRequest(core, requestId, request);
      return;
    case 'fetchSnapshotRequest':
      onFetchSnapshotRequest(core, requestId, request);
      return;
  }
}

function stepResponse(core: Core, input: Extract<RaftInput, { kind: 'response' }>): void {
  const flight = settle(core, input.requestId);
  if (flight === undefined) {
    // Given up long ago; what it says of newer leaders is still true.
    learnLeader(core, input.response);
    return;
  }
  const { to, request } = flight;
  peerAnswered(core, to);
  const { response } = input;
  switch (response.kind) {
    case 'voteResponse':
      if (request.kind === 'voteRequest') onVoteResponse(core, to, { request, response });
      return;
    case 'beginQuorumEpochResponse':
      if (!learnLeader(core, response)) beginAcknowledged(core, to);
      return;
    case 'endQuorumEpochResponse':
      if (!learnLeader(core, response) && core.state.role === 'resigned') core.state.acknowledged.add(to);
      return;
    case 'fetchResponse':
      onFetchResponse(core, to, response);
      return;
    case 'fetchSnapshotResponse':
      onFetchSnapshotResponse(core, to, response);
      return;
  }
}

function beginAcknowledged(core: Core, from: number): void {
  const progress = core.state.role === 'leader' ? core.state.replicas.get(from) : undefined;
  if (progress !== undefined) progress.lastHeardMs = core.nowMs;
}

function dropHeldFetch(core: Core, requestId: RequestId): void {
  if (core.state.role !== 'leader') return;
  const { heldFetches } = core.state;
  const index = heldFetches.findIndex((held) => held.requestId === requestId);
  if (index >= 0) heldFetches.splice(index, 1);
}

function drive(core: Core): void {
  for (const [requestId, flight] of core.inFlight) {
    if (flight.deadlineMs > core.nowMs) continue;
    settle(core, requestId);
    peerFailed(core, flight.to);
  }
  for (let count = 0; ; count++) {
    if (count > TRANSITIONS_MAX) throw new Error(`Raft does not settle: ${core.state.role}`);
    const before = core.state;
    driveState(core);
    if (core.state === before) break;
  }
  for (const desired of desiredRequests(core)) {
    const peer = peerOf(core, desired.to);
    if (peer.inFlight === null && Math.max(desired.dueMs, peer.retryAtMs) <= core.nowMs) {
      desired.sending?.();
      send(core, desired.to, desired.request);
    }
  }
}

function driveState(core: Core): void {
  const { state, nowMs } = core;
  switch (state.role) {
    case 'unattached':
      if (nowMs >= state.electionDeadlineMs) becomeProspective(core);
      return;
    case 'follower':
      if (nowMs >= state.fetchDeadlineMs) becomeProspective(core);
      return;
    case 'prospective':
      if (nowMs >= state.electionDeadlineMs) onBallotDeadline(core, state);
      return;
    case 'candidate':
      if (nowMs >= Math.min(state.electionDeadlineMs, state.backoffUntilMs ?? Number.POSITIVE_INFINITY)) {
        onBallotDeadline(core, state);
      }
      return;
    case 'leader':
      driveLeader(core, state);
      return;
    case 'resigned':
      if (nowMs >= state.electionDeadlineMs) startAfterResigning(core);
      return;
  }
}

/** The next epoch begins without a leader; this node waited already, so it asks for votes at once. */
function startAfterResigning(core: Core): void {
  becomeUnattached(core, core.state.epoch + 1);
  becomeProspective(core);
}

function nextDeadline(core: Core): number {
  let next = stateDeadline(core);
  for (const flight of core.inFlight.values()) next = Math.min(next, flight.deadlineMs);
  for (const desired of desiredRequests(core)) {
    const peer = peerOf(core, desired.to);
    if (peer.inFlight === null) next = Math.min(next, Math.max(desired.dueMs, peer.retryAtMs));
  }
  return next;
}

function stateDeadline(core: Core): number {
  const { state } = core;
  switch (state.role) {
    case 'follower':
      return state.fetchDeadlineMs;
    case 'candidate':
      return Math.min(state.electionDeadlineMs, state.backoffUntilMs ?? Number.POSITIVE_INFINITY);
    case 'leader':
      return Math.min(state.checkQuorumDeadlineMs, ...state.heldFetches.map((held) => held.deadlineMs));
    case 'unattached':
    case 'prospective':
    case 'resigned':
      return state.electionDeadlineMs;
  }
}

function takeReady(core: Core): Ready | null {
  const quorumState = quorumStateOf(core);
  const changed = !sameQuorumState(quorumState, core.persisted);
  if (changed) core.persisted = quorumState;
  const leadership = takeLeadership(core);
  const { out } = core;
  const idle =
    !changed &&
    leadership === null &&
    out.requests.length === 0 &&
    out.replies.length === 0 &&
    out.append.length === 0 &&
    out.snapshotParts.length === 0 &&
    out.truncateTo === null &&
    out.committedTo === null &&
    out.logStartOffset === null;
  if (idle) return null;
  core.out = emptyOutput();
  return { ...out, quorumState: changed ? quorumState : null, leadership };
}

function takeLeadership(core: Core): Leadership | null {
  const { announced } = core;
  const active = isActiveLeader(core);
  if (active) core.caughtUp = true;
  const now = { ...leaderAndEpoch(core), active };
  const same =
    now.leaderId === announced.leaderId &&
    now.leaderEpoch === announced.leaderEpoch &&
    now.active === announced.active;
  if (same) return null;
  core.announced = now;
  return now;
}
