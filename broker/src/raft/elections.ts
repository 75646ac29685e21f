/**
 * How a node gets from one epoch to the next: waiting, pre-vote, vote, following, resigning (KIP-595, KIP-996).
 */
import { type Core, commitTo, enter, leaderAndEpoch, otherVoters, ownVote, reply } from './core.ts';
import { appended, logEnd } from './log-index.ts';
import {
  type Ballots,
  type Candidate,
  isUpToDate,
  majority,
  mayGrantVote,
  type Prospective,
} from './state.ts';
import type {
  BeginQuorumEpochRequestMessage,
  EndQuorumEpochRequestMessage,
  LeaderAndEpoch,
  RequestId,
  VoteRequestMessage,
  VoteResponseMessage,
} from './types.ts';

/** Kafka gives a leader half as long again as its followers have. */
const CHECK_QUORUM_FACTOR = 1.5;
const ELECTION_BACKOFF_BASE_MS = 50;

export function randomElectionDeadline(core: Core): number {
  if (!core.isVoter) return Number.POSITIVE_INFINITY;
  const { electionTimeoutMs } = core.options.config;
  return core.nowMs + electionTimeoutMs + Math.floor(core.options.random() * electionTimeoutMs);
}

export function becomeUnattached(core: Core, epoch: number): void {
  const { state } = core;
  enter(core, {
    role: 'unattached',
    epoch,
    vote: state.epoch === epoch ? state.vote : null,
    electionDeadlineMs: remainingElectionDeadline(core),
    discoverAtMs: core.nowMs,
    discoverCount: 0,
  });
}

/** Seeing a higher epoch must not put off this node's own election for ever. */
function remainingElectionDeadline(core: Core): number {
  const { state } = core;
  const fresh = randomElectionDeadline(core);
  switch (state.role) {
    case 'unattached':
    case 'prospective':
    case 'candidate':
      return Math.min(fresh, Math.max(state.electionDeadlineMs, core.nowMs + 1));
    case 'follower':
      return Math.min(fresh, Math.max(state.fetchDeadlineMs, core.nowMs + 1));
    case 'leader':
    case 'resigned':
      return fresh;
  }
}

export function becomeFollower(core: Core, leaderId: number, epoch: number): void {
  const { state } = core;
  enter(core, {
    role: 'follower',
    epoch,
    vote: state.epoch === epoch ? state.vote : null,
    leaderId,
    fetchDeadlineMs: fetchDeadline(core),
    hasFetched: false,
    download: null,
  });
  core.electionsLost = 0;
}

export function fetchDeadline(core: Core): number {
  return core.isVoter ? core.nowMs + core.options.config.fetchTimeoutMs : Number.POSITIVE_INFINITY;
}

export function becomeProspective(core: Core): void {
  const { state } = core;
  enter(core, {
    role: 'prospective',
    epoch: state.epoch,
    vote: state.vote,
    leaderId: state.role === 'follower' ? state.leaderId : -1,
    granted: new Set([core.options.nodeId]),
    refused: new Set(),
    electionDeadlineMs: randomElectionDeadline(core),
  });
  maybeWin(core);
}

function becomeCandidate(core: Core): void {
  enter(core, {
    role: 'candidate',
    epoch: core.state.epoch + 1,
    vote: ownVote(core),
    granted: new Set([core.options.nodeId]),
    refused: new Set(),
    electionDeadlineMs: randomElectionDeadline(core),
    backoffUntilMs: null,
  });
  maybeWin(core);
}

function becomeLeader(core: Core, candidate: Candidate): void {
  const epochStartOffset = core.log.endOffset;
  const { options } = core;
  enter(core, {
    role: 'leader',
    epoch: candidate.epoch,
    vote: candidate.vote,
    epochStartOffset,
    urgentOffset: epochStartOffset + 1,
    replicas: new Map(otherVoters(core).map((id) => [id, unknownProgress(core, id)])),
    checkQuorumDeadlineMs: checkQuorumDeadline(core),
    fetchedVoters: new Set(),
    heldFetches: [],
  });
  core.electionsLost = 0;
  core.out.append.push({
    kind: 'leaderChange',
    baseOffset: epochStartOffset,
    epoch: candidate.epoch,
    timestampMs: core.nowMs,
    leaderId: options.nodeId,
    voters: options.voters,
    grantingVoters: options.voters.filter((voter) => candidate.granted.has(voter.id)),
  });
  appended(core.log, candidate.epoch, epochStartOffset, epochStartOffset);
  if (core.voterIds.length === 1) commitTo(core, core.log.endOffset);
}

function unknownProgress(core: Core, id: number) {
  const directoryId = core.options.voters.find((voter) => voter.id === id)?.directoryId ?? '';
  return {
    id,
    directoryId,
    endOffset: -1,
    lastFetchMs: -1,
    lastCaughtUpMs: -1,
    leaderEndAtLastFetch: -1,
    lastHeardMs: Number.NEGATIVE_INFINITY,
  };
}

export function checkQuorumDeadline(core: Core): number {
  if (core.voterIds.length === 1) return Number.POSITIVE_INFINITY;
  return core.nowMs + Math.floor(core.options.config.fetchTimeoutMs * CHECK_QUORUM_FACTOR);
}

/** A leader stops leading: its epoch ends without another leader in it. */
export function becomeResigned(core: Core): void {
  const { state } = core;
  if (state.role !== 'leader') return;
  const successors = [...state.replicas.values()]
    .filter((replica) => core.voterIds.includes(replica.id))
    .sort((a, b) => b.endOffset - a.endOffset)
    .map((replica) => replica.id);
  enter(core, {
    role: 'resigned',
    epoch: state.epoch,
    vote: state.vote,
    electionDeadlineMs: randomElectionDeadline(core),
    preferredSuccessors: successors,
    acknowledged: new Set(),
  });
}

/** Whoever answers or asks tells its epoch and leader; follow what is newer. True when the state changed. */
export function learnLeader(core: Core, seen: LeaderAndEpoch): boolean {
  const { state } = core;
  const knowsLeader =
    seen.leaderId >= 0 && seen.leaderId !== core.options.nodeId && seen.leaderEpoch > core.endedEpoch;
  if (seen.leaderEpoch > state.epoch) {
    if (knowsLeader) becomeFollower(core, seen.leaderId, seen.leaderEpoch);
    else becomeUnattached(core, seen.leaderEpoch);
    return true;
  }
  if (seen.leaderEpoch < state.epoch || !knowsLeader) return false;
  const leaderless =
    state.role === 'unattached' ||
    state.role === 'candidate' ||
    (state.role === 'prospective' && state.leaderId === -1);
  if (!leaderless) return false;
  becomeFollower(core, seen.leaderId, seen.leaderEpoch);
  return true;
}

export function onVoteRequest(core: Core, requestId: RequestId, request: VoteRequestMessage): void {
  const { replicaEpoch, replicaId } = request;
  const valid = core.isVoter && core.voterIds.includes(replicaId) && replicaId !== core.options.nodeId;
  if (!valid || replicaEpoch < core.state.epoch) {
    const error = valid ? 'FENCED_LEADER_EPOCH' : 'INCONSISTENT_VOTER_SET';
    replyVote(core, requestId, { error, voteGranted: false });
    return;
  }
  if (replicaEpoch > core.state.epoch) becomeUnattached(core, replicaEpoch);
  const by = { id: replicaId, directoryId: request.replicaDirectoryId };
  const upToDate = isUpToDate(request.logEnd, logEnd(core.log));
  const voteGranted = mayGrantVote(core.state, { by, upToDate, preVote: request.preVote });
  if (voteGranted && !request.preVote && core.state.vote === null) {
    enter(core, {
      role: 'unattached',
      epoch: replicaEpoch,
      vote: by,
      electionDeadlineMs: randomElectionDeadline(core),
      discoverAtMs: core.nowMs + core.options.config.electionTimeoutMs,
      discoverCount: 0,
    });
  }
  replyVote(core, requestId, { error: 'NONE', voteGranted });
}

function replyVote(
  core: Core,
  requestId: RequestId,
  outcome: Pick<VoteResponseMessage, 'error' | 'voteGranted'>,
): void {
  reply(core, requestId, { kind: 'voteResponse', ...outcome, ...leaderAndEpoch(core) });
}

export function onVoteResponse(
  core: Core,
  from: number,
  exchange: { request: VoteRequestMessage; response: VoteResponseMessage },
): void {
  const { request, response } = exchange;
  if (learnLeader(core, response)) return;
  const { state } = core;
  const asked =
    (state.role === 'prospective' && request.preVote) || (state.role === 'candidate' && !request.preVote);
  if (!asked || request.replicaEpoch !== state.epoch) return;
  if (response.error !== 'NONE' || !response.voteGranted) {
    state.refused.add(from);
    maybeLose(core);
    return;
  }
  state.granted.add(from);
  maybeWin(core);
}

function maybeWin(core: Core): void {
  const { state } = core;
  if (state.role !== 'prospective' && state.role !== 'candidate') return;
  if (state.granted.size < majority(core.voterIds.length)) return;
  if (state.role === 'prospective') becomeCandidate(core);
  else becomeLeader(core, state);
}

function maybeLose(core: Core): void {
  const { state } = core;
  if (state.role !== 'prospective' && state.role !== 'candidate') return;
  if (core.voterIds.length - state.refused.size >= majority(core.voterIds.length)) return;
  if (state.role === 'prospective') giveUpProspective(core, state);
  else backOff(core, state);
}

/** Refused by a majority, or no answer in time: the leader may well live, so go back to where it came from. */
function giveUpProspective(core: Core, state: Prospective): void {
  if (state.leaderId >= 0) {
    becomeFollower(core, state.leaderId, state.epoch);
    return;
  }
  waitForElection(core, electionBackoff(core));
}

/** Without a leader in this epoch: ask for votes after this delay, and ask around meanwhile. */
function waitForElection(core: Core, delayMs: number): void {
  enter(core, {
    role: 'unattached',
    epoch: core.state.epoch,
    vote: core.state.vote,
    electionDeadlineMs: core.isVoter ? core.nowMs + delayMs : Number.POSITIVE_INFINITY,
    discoverAtMs: core.nowMs + core.options.config.retryBackoffMs,
    discoverCount: 0,
  });
}

/** The leader itself said that it leads no more. */
export function leaderAbdicated(core: Core): void {
  core.endedEpoch = core.state.epoch;
  waitForElection(core, electionBackoff(core));
}

function backOff(core: Core, state: Candidate): void {
  if (state.backoffUntilMs === null) state.backoffUntilMs = core.nowMs + electionBackoff(core);
}

/** Random, so that two nodes do not split the vote again and again; longer each time. */
function electionBackoff(core: Core): number {
  core.electionsLost += 1;
  const steps = 2 ** Math.min(core.electionsLost, 10);
  const backoffMs = ELECTION_BACKOFF_BASE_MS * (1 + core.options.random() * steps);
  return Math.ceil(Math.min(core.options.config.electionBackoffMaxMs, backoffMs));
}

export function onBallotDeadline(core: Core, state: Ballots): void {
  if (state.role === 'prospective') giveUpProspective(core, state);
  else becomeProspective(core);
}

export function onBeginQuorumEpoch(
  core: Core,
  requestId: RequestId,
  request: BeginQuorumEpochRequestMessage,
): void {
  const { leaderEpoch } = request;
  if (leaderEpoch >= core.state.epoch) followOnBegin(core, request);
  const error = leaderEpoch < core.state.epoch ? 'FENCED_LEADER_EPOCH' : 'NONE';
  reply(core, requestId, { kind: 'beginQuorumEpochResponse', error, ...leaderAndEpoch(core) });
}

/** The leader speaks for itself, so a prospective node that suspected it returns to it. */
function followOnBegin(core: Core, request: BeginQuorumEpochRequestMessage): void {
  const { state } = core;
  const suspecting =
    state.role === 'prospective' &&
    state.epoch === request.leaderEpoch &&
    request.leaderEpoch > core.endedEpoch;
  if (suspecting) becomeFollower(core, request.leaderId, request.leaderEpoch);
  else learnLeader(core, request);
}

export function onEndQuorumEpoch(
  core: Core,
  requestId: RequestId,
  request: EndQuorumEpochRequestMessage,
): void {
  if (request.leaderEpoch < core.state.epoch) {
    reply(core, requestId, {
      kind: 'endQuorumEpochResponse',
      error: 'FENCED_LEADER_EPOCH',
      ...leaderAndEpoch(core),
    });
    return;
  }
  learnLeader(core, request);
  const { state } = core;
  core.endedEpoch = state.epoch;
  if (state.role === 'follower' && state.leaderId === request.leaderId) {
    waitForElection(core, successionDelay(core, request.preferredSuccessors));
  }
  reply(core, requestId, { kind: 'endQuorumEpochResponse', error: 'NONE', ...leaderAndEpoch(core) });
}

/** The first successor starts at once; each later one waits twice as long as the one before it. */
function successionDelay(core: Core, successors: readonly number[]): number {
  const position = successors.indexOf(core.options.nodeId);
  if (position === 0) return 0;
  const { electionBackoffMaxMs } = core.options.config;
  if (position < 0) return electionBackoffMaxMs;
  return Math.max(1, Math.floor(electionBackoffMaxMs / 2 ** (successors.length - position)));
}
