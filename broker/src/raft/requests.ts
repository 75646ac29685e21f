/**
 * Which requests each state wants to send. The list is made anew after every input: it says both what to send now and
 * when to wake up.
 */
import { type Core, fetchRequest, otherVoters } from './core.ts';
import { logEnd } from './log-index.ts';
import type { Follower, Leader, Unattached } from './state.ts';
import type { RaftRequest } from './types.ts';

const DISCOVER_BACKOFF_MAX_MS = 500;

export interface DesiredRequest {
  readonly to: number;
  readonly dueMs: number;
  readonly request: RaftRequest;
  readonly sending?: () => void;
}

/** What the state wants from other nodes, and from when on. One request per peer at a time is sent. */
export function desiredRequests(core: Core): DesiredRequest[] {
  const { state } = core;
  switch (state.role) {
    case 'unattached':
      return discoverRequests(core, state);
    case 'follower':
      return [{ to: state.leaderId, dueMs: 0, request: followRequest(core, state) }];
    case 'prospective':
      return voteRequests(core, state.granted, state.refused);
    case 'candidate':
      return state.backoffUntilMs === null ? voteRequests(core, state.granted, state.refused) : [];
    case 'leader':
      return beginRequests(core, state);
    case 'resigned':
      return endRequests(core, state.acknowledged, state.preferredSuccessors);
  }
}

/** Any voter knows, or will know, who leads: ask them in turn, ever less often. */
function discoverRequests(core: Core, state: Unattached): DesiredRequest[] {
  const others = otherVoters(core);
  const to = others[state.discoverCount % others.length];
  if (to === undefined) return [];
  const { retryBackoffMs } = core.options.config;
  const sending = (): void => {
    const waitMs = Math.min(retryBackoffMs * 2 ** Math.min(state.discoverCount, 10), DISCOVER_BACKOFF_MAX_MS);
    state.discoverAtMs = core.nowMs + waitMs;
    state.discoverCount += 1;
  };
  return [{ to, dueMs: state.discoverAtMs, request: fetchRequest(core, state.epoch), sending }];
}

function followRequest(core: Core, state: Follower): RaftRequest {
  if (state.download === null) return fetchRequest(core, state.epoch);
  return {
    kind: 'fetchSnapshotRequest',
    replicaId: core.options.nodeId,
    replicaDirectoryId: core.options.directoryId,
    currentLeaderEpoch: state.epoch,
    snapshotId: state.download.snapshotId,
    position: state.download.position,
    maxBytes: core.options.config.fetchBytesMax,
  };
}

function voteRequests(core: Core, granted: Set<number>, refused: Set<number>): DesiredRequest[] {
  const request: RaftRequest = {
    kind: 'voteRequest',
    replicaId: core.options.nodeId,
    replicaDirectoryId: core.options.directoryId,
    replicaEpoch: core.state.epoch,
    logEnd: logEnd(core.log),
    preVote: core.state.role === 'prospective',
  };
  const undecided = otherVoters(core).filter((id) => !granted.has(id) && !refused.has(id));
  return undecided.map((to) => ({ to, dueMs: 0, request }));
}

function beginRequests(core: Core, state: Leader): DesiredRequest[] {
  const { nodeId, config } = core.options;
  const request: RaftRequest = {
    kind: 'beginQuorumEpochRequest',
    leaderId: nodeId,
    leaderEpoch: state.epoch,
  };
  return otherVoters(core).map((to) => {
    const lastHeardMs = state.replicas.get(to)?.lastHeardMs ?? Number.NEGATIVE_INFINITY;
    return { to, dueMs: lastHeardMs + config.fetchTimeoutMs / 2, request };
  });
}

function endRequests(
  core: Core,
  acknowledged: Set<number>,
  preferredSuccessors: readonly number[],
): DesiredRequest[] {
  const request: RaftRequest = {
    kind: 'endQuorumEpochRequest',
    leaderId: core.options.nodeId,
    leaderEpoch: core.state.epoch,
    preferredSuccessors,
  };
  const missing = otherVoters(core).filter((id) => !acknowledged.has(id));
  return missing.map((to) => ({ to, dueMs: 0, request }));
}
