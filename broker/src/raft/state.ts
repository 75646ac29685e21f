/**
 * The states of a Raft node, and everything it keeps in each (KIP-595, KIP-996).
 *
 *   from                    to            when
 *   unattached              prospective   election timeout (voters)
 *   unattached              follower      a leader is heard of (response, BeginQuorumEpoch)
 *   follower                prospective   fetch timeout (voters)
 *   prospective             candidate     a majority would vote for it
 *   prospective             follower      refused or timed out, and a leader of this epoch is known
 *   prospective             unattached    refused or timed out, and none is known
 *   candidate               leader        a majority voted for it
 *   candidate               prospective   refused or timed out, after a random backoff
 *   candidate, prospective  follower      a leader is heard of
 *   leader                  resigned      no majority fetched for too long, or clean stop
 *   resigned                unattached    election timeout, one epoch later
 *   any                     unattached    a higher epoch without leader is seen, or a vote is given in it
 *   any                     follower      a leader of a higher epoch is heard of
 *
 * "Voted" is not a state of its own: `vote` stays with the epoch in every state, so that no node ever votes twice.
 */
import type { OffsetAndEpoch } from './types.ts';

export interface Vote {
  readonly id: number;
  readonly directoryId: string;
}

interface EpochBound {
  readonly epoch: number;
  /** Whom this node voted for in this epoch. Never changes within an epoch once set. */
  readonly vote: Vote | null;
}

export interface Unattached extends EpochBound {
  readonly role: 'unattached';
  /** Infinity for observers. */
  readonly electionDeadlineMs: number;
  /** Looking for a leader: whom to ask next, when, and how often it was in vain. */
  discoverAtMs: number;
  discoverCount: number;
}

export interface Follower extends EpochBound {
  readonly role: 'follower';
  readonly leaderId: number;
  /** Infinity for observers. */
  fetchDeadlineMs: number;
  /** It has fetched from this leader, so it refuses pre-votes: the leader lives (KIP-996). */
  hasFetched: boolean;
  download: SnapshotDownload | null;
}

export interface SnapshotDownload {
  readonly snapshotId: OffsetAndEpoch;
  position: number;
}

interface Votes {
  readonly granted: Set<number>;
  readonly refused: Set<number>;
}

export interface Prospective extends EpochBound, Votes {
  readonly role: 'prospective';
  /** The leader of this epoch when one is known, else -1. */
  readonly leaderId: number;
  readonly electionDeadlineMs: number;
}

export interface Candidate extends EpochBound, Votes {
  readonly role: 'candidate';
  readonly electionDeadlineMs: number;
  /** Set once the election is lost. */
  backoffUntilMs: number | null;
}

export interface Leader extends EpochBound {
  readonly role: 'leader';
  /** Offset of its LeaderChange record. The high watermark moves only past this (Raft's commit rule). */
  readonly epochStartOffset: number;
  /** Log end after the last append that somebody waits for; followers are told at once when that is committed. */
  urgentOffset: number;
  /** Voters other than itself, and observers that fetched lately. */
  readonly replicas: Map<number, Progress>;
  /** Without a fetch from a majority until then, resign. */
  checkQuorumDeadlineMs: number;
  /** Voters that fetched since the deadline was set. */
  readonly fetchedVoters: Set<number>;
  readonly heldFetches: HeldFetch[];
}

export interface Progress {
  readonly id: number;
  directoryId: string;
  /** -1 until its first fetch in this epoch. */
  endOffset: number;
  lastFetchMs: number;
  lastCaughtUpMs: number;
  /** Where the leader's log ended at the replica's last fetch. */
  leaderEndAtLastFetch: number;
  /** When it last fetched or answered a BeginQuorumEpoch; -Infinity before. */
  lastHeardMs: number;
}

export interface HeldFetch {
  readonly requestId: number;
  readonly replicaId: number;
  readonly fetchOffset: number;
  readonly highWatermark: number;
  readonly maxBytes: number;
  readonly deadlineMs: number;
}

export interface Resigned extends EpochBound {
  readonly role: 'resigned';
  readonly electionDeadlineMs: number;
  readonly preferredSuccessors: readonly number[];
  readonly acknowledged: Set<number>;
}

export type Ballots = Prospective | Candidate;

export type State = Unattached | Follower | Prospective | Candidate | Leader | Resigned;

export function majority(voterCount: number): number {
  return Math.floor(voterCount / 2) + 1;
}

/** A log that ends like `other` has at least everything that one ending like `own` has. */
export function isUpToDate(other: OffsetAndEpoch, own: OffsetAndEpoch): boolean {
  return other.epoch > own.epoch || (other.epoch === own.epoch && other.offset >= own.offset);
}

/** The leader of the state's epoch, as far as known, else -1. */
export function leaderOf(state: State, nodeId: number): number {
  switch (state.role) {
    case 'leader':
      return nodeId;
    case 'follower':
    case 'prospective':
      return state.leaderId;
    case 'unattached':
    case 'candidate':
    case 'resigned':
      return -1;
  }
}

/** The rules of voting: KIP-595 for real votes, KIP-996 for pre-votes. The asking epoch equals the state's. */
export function mayGrantVote(
  state: State,
  ask: { readonly by: Vote; readonly upToDate: boolean; readonly preVote: boolean },
): boolean {
  if (ask.preVote) {
    if (state.role === 'leader') return false;
    if (state.role === 'follower' && state.hasFetched) return false;
    return ask.upToDate;
  }
  // Asked again by the one it voted for (the answer was lost): the same answer.
  if (state.vote !== null)
    return state.vote.id === ask.by.id && state.vote.directoryId === ask.by.directoryId;
  switch (state.role) {
    case 'unattached':
      return ask.upToDate;
    case 'prospective':
      return state.leaderId === -1 && ask.upToDate;
    case 'follower':
    case 'candidate':
    case 'leader':
    case 'resigned':
      return false;
  }
}
