/**
 * Types of the Raft core: what goes in (`step`, `tick`, `propose`) and what the shell must do (`Ready`).
 *
 * The core replicates one log, `__cluster_metadata-0`, the way KRaft does (KIP-595, pre-vote KIP-996): followers pull
 * with Fetch. It never sees a socket, a file or a clock; record bytes pass through it unread.
 * Offsets, epochs and byte positions are plain numbers here; `rpc.ts` is the named place that turns them into the
 * int64 of the wire and back.
 */

export interface OffsetAndEpoch {
  /** The offset after the last one covered (an end offset, a snapshot's end). */
  readonly offset: number;
  readonly epoch: number;
}

export interface Endpoint {
  readonly listener: string;
  readonly host: string;
  readonly port: number;
}

export interface Voter {
  readonly id: number;
  /** 22-char base64url; all `A` when unknown (kraft.version 0 never knows it). */
  readonly directoryId: string;
  readonly endpoints: readonly Endpoint[];
}

/** What must survive a crash besides the log: Kafka's `quorum-state` file (see `quorum-state.ts`). */
export interface QuorumState {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly votedId: number;
  readonly votedDirectoryId: string;
}

export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

/** What the shell knows of the log when a node starts, after recovery. */
export interface LogState {
  /** First offset in the log: 0, or the end of the snapshot that the log was cut at. */
  readonly startOffset: number;
  readonly endOffset: number;
  /** Ascending; which epoch begins where (from `leader-epoch-checkpoint` or a scan of batch headers). */
  readonly epochs: readonly EpochStart[];
  /** Latest complete snapshot on disk. */
  readonly snapshot: OffsetAndEpoch | null;
}

/** A record batch as it stands on disk. `bytes` is exactly one batch. */
export interface LogBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly bytes: Buffer;
}

/** What to append, in order. Each entry's first offset is the log's end at that moment. */
export type Append =
  /** A control batch with one LeaderChange record: the first thing a new leader writes. */
  | {
      readonly kind: 'leaderChange';
      readonly baseOffset: number;
      readonly epoch: number;
      readonly timestampMs: number;
      readonly leaderId: number;
      readonly voters: readonly Voter[];
      readonly grantingVoters: readonly Voter[];
    }
  /** One new batch, made from the values given to `propose` (each is the value of one record). */
  | {
      readonly kind: 'records';
      readonly baseOffset: number;
      readonly epoch: number;
      readonly timestampMs: number;
      readonly values: readonly Buffer[];
    }
  /** Batches copied from the leader, byte for byte. */
  | { readonly kind: 'batches'; readonly baseOffset: number; readonly batches: readonly LogBatch[] };

export interface RaftConfig {
  /** `controller.quorum.election.timeout.ms`: without a leader for this long, ask for votes. */
  readonly electionTimeoutMs: number;
  /** `controller.quorum.fetch.timeout.ms`: a follower that could not fetch for this long asks for votes. */
  readonly fetchTimeoutMs: number;
  /** `controller.quorum.request.timeout.ms`: a request without an answer for this long is given up. */
  readonly requestTimeoutMs: number;
  /** `controller.quorum.election.backoff.max.ms`: random wait after a lost election. */
  readonly electionBackoffMaxMs: number;
  /** `controller.quorum.retry.backoff.ms`. */
  readonly retryBackoffMs: number;
  /** How long the leader may hold a Fetch that has nothing to return. Kafka: 500. Must be well under fetchTimeoutMs. */
  readonly fetchMaxWaitMs: number;
  /** Fetches that wait end at moments all nodes have in common. */
  readonly fetchesTogether: boolean;
  readonly fetchBytesMax: number;
  /** At start-up the voter with the lowest id asks for votes at once, the next one this much later, and so on. */
  readonly startupElectionStepMs: number;
}

export const defaultRaftConfig: RaftConfig = {
  electionTimeoutMs: 1000,
  fetchTimeoutMs: 2000,
  requestTimeoutMs: 2000,
  electionBackoffMaxMs: 1000,
  retryBackoffMs: 20,
  fetchMaxWaitMs: 500,
  fetchesTogether: false,
  fetchBytesMax: 8 * 1024 * 1024,
  startupElectionStepMs: 150,
};

export interface RaftOptions {
  readonly nodeId: number;
  readonly directoryId: string;
  /** Static voters (kraft.version 0). A node that is not among them is an observer. */
  readonly voters: readonly Voter[];
  readonly config: RaftConfig;
  /** From the `quorum-state` file, null on a first start. */
  readonly quorumState: QuorumState | null;
  readonly log: LogState;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly nowMs: number;
}

/**
 * Identifies one request. Outgoing requests carry a number the core has drawn; the shell hands it back with the
 * response. Incoming requests carry a number the shell has drawn; the core's response carries it back. Two spaces.
 */
export type RequestId = number;

/** Kafka error codes that Raft answers with, by name (`rpc.ts` maps them to numbers). */
export type RaftError =
  | 'NONE'
  | 'FENCED_LEADER_EPOCH'
  | 'UNKNOWN_LEADER_EPOCH'
  | 'NOT_LEADER_OR_FOLLOWER'
  | 'BROKER_NOT_AVAILABLE'
  | 'INVALID_REQUEST'
  | 'INCONSISTENT_VOTER_SET'
  | 'SNAPSHOT_NOT_FOUND'
  | 'POSITION_OUT_OF_RANGE';

/** Every response says who leads, as far as the answering node knows. */
export interface LeaderAndEpoch {
  /** -1 when unknown. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

export interface VoteRequestMessage {
  readonly kind: 'voteRequest';
  readonly replicaId: number;
  readonly replicaDirectoryId: string;
  readonly replicaEpoch: number;
  /** End of the asking node's log, and the epoch of its last batch. */
  readonly logEnd: OffsetAndEpoch;
  readonly preVote: boolean;
}

export interface VoteResponseMessage extends LeaderAndEpoch {
  readonly kind: 'voteResponse';
  readonly error: RaftError;
  readonly voteGranted: boolean;
}

export interface BeginQuorumEpochRequestMessage {
  readonly kind: 'beginQuorumEpochRequest';
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

export interface BeginQuorumEpochResponseMessage extends LeaderAndEpoch {
  readonly kind: 'beginQuorumEpochResponse';
  readonly error: RaftError;
}

export interface EndQuorumEpochRequestMessage {
  readonly kind: 'endQuorumEpochRequest';
  readonly leaderId: number;
  readonly leaderEpoch: number;
  /** Who should try first, the one with the longest log first. */
  readonly preferredSuccessors: readonly number[];
}

export interface EndQuorumEpochResponseMessage extends LeaderAndEpoch {
  readonly kind: 'endQuorumEpochResponse';
  readonly error: RaftError;
}

export interface FetchRequestMessage {
  readonly kind: 'fetchRequest';
  readonly replicaId: number;
  readonly replicaDirectoryId: string;
  /** -1 when the asking node has none. */
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  /** Highest high watermark the follower knows (Fetch v18, KIP-1166); MAX_SAFE_INTEGER from older followers. */
  readonly highWatermark: number;
}

export interface FetchResponseMessage extends LeaderAndEpoch {
  readonly kind: 'fetchResponse';
  readonly error: RaftError;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  /** Set when the follower's log has left the leader's: where the leader's log of that epoch ends. */
  readonly divergingEpoch: OffsetAndEpoch | null;
  /** Set when the follower must first load this snapshot. */
  readonly snapshotId: OffsetAndEpoch | null;
  /** Empty in the leader's outgoing message: the shell reads `read` from its log instead, see FetchRead. */
  readonly batches: readonly LogBatch[];
}

export interface FetchSnapshotRequestMessage {
  readonly kind: 'fetchSnapshotRequest';
  readonly replicaId: number;
  readonly replicaDirectoryId: string;
  readonly currentLeaderEpoch: number;
  readonly snapshotId: OffsetAndEpoch;
  readonly position: number;
  readonly maxBytes: number;
}

export interface FetchSnapshotResponseMessage extends LeaderAndEpoch {
  readonly kind: 'fetchSnapshotResponse';
  readonly error: RaftError;
  readonly snapshotId: OffsetAndEpoch;
  readonly sizeBytes: number;
  readonly position: number;
  readonly bytes: Buffer;
}

export type RaftRequest =
  | VoteRequestMessage
  | BeginQuorumEpochRequestMessage
  | EndQuorumEpochRequestMessage
  | FetchRequestMessage
  | FetchSnapshotRequestMessage;

export type RaftResponse =
  | VoteResponseMessage
  | BeginQuorumEpochResponseMessage
  | EndQuorumEpochResponseMessage
  | FetchResponseMessage
  | FetchSnapshotResponseMessage;

/** What the shell brings in. */
export type RaftInput =
  /** A request from another node; the answer appears in some later `Ready.replies` under the same id. */
  | { readonly kind: 'request'; readonly requestId: RequestId; readonly request: RaftRequest }
  /** The peer's connection closed: a held Fetch with this id needs no answer any more. */
  | { readonly kind: 'requestGone'; readonly requestId: RequestId }
  /** The answer to a request of `Ready.requests`. */
  | { readonly kind: 'response'; readonly requestId: RequestId; readonly response: RaftResponse }
  /** It could not be sent, or its connection was lost. */
  | { readonly kind: 'requestFailed'; readonly requestId: RequestId };

/** Log bytes the shell adds to a fetch reply: from `fromOffset` up to (not including) `toOffset`, about maxBytes. */
export interface FetchRead {
  readonly fromOffset: number;
  readonly toOffset: number;
  readonly maxBytes: number;
}

/** Snapshot bytes the shell adds to a FetchSnapshot reply (and `sizeBytes`; errors if it has no such file). */
export interface SnapshotRead {
  readonly snapshotId: OffsetAndEpoch;
  readonly position: number;
  readonly maxBytes: number;
}

export interface OutgoingRequest {
  readonly requestId: RequestId;
  readonly to: number;
  readonly request: RaftRequest;
}

export interface OutgoingReply {
  readonly requestId: RequestId;
  readonly response: RaftResponse;
  /** At most one of these: bytes to read and put into `response` (`batches`, or `bytes` and `sizeBytes`). */
  readonly fetchRead: FetchRead | null;
  readonly snapshotRead: SnapshotRead | null;
}

/** One part of a snapshot that is being copied from the leader. */
export interface SnapshotPart {
  readonly snapshotId: OffsetAndEpoch;
  readonly position: number;
  readonly bytes: Buffer;
  /** After this part the file is complete: rename it to `<offset>-<epoch>.checkpoint`. */
  readonly last: boolean;
}

export interface Leadership extends LeaderAndEpoch {
  /**
   * This node leads and everything of earlier epochs is committed (and given in `committedTo`): the controller may
   * start. False when another node leads, nobody does, or this one has only just been elected.
   */
  readonly active: boolean;
}

/**
 * What the shell must do after `step`, `tick` or `propose`, in this order. All of it is durable before anything is
 * sent; `committedTo` and `leadership` are told to listeners last.
 */
export interface Ready {
  /** 1. Cut the log so that it ends here. */
  readonly truncateTo: number | null;
  /** 2. Write the parts of a snapshot being fetched. */
  readonly snapshotParts: readonly SnapshotPart[];
  /** 3. A snapshot was completed (its last part is above): empty the log and begin it at this offset. */
  readonly restoreSnapshot: OffsetAndEpoch | null;
  /** 4. Append. */
  readonly append: readonly Append[];
  /** 5. Forget the log before this offset, a snapshot covers it (segments may be deleted lazily). */
  readonly logStartOffset: number | null;
  /** 6. Persist `quorum-state`. */
  readonly quorumState: QuorumState | null;
  /** 7. Send. */
  readonly requests: readonly OutgoingRequest[];
  readonly replies: readonly OutgoingReply[];
  /** 8. Everything before this offset is committed: apply it. */
  readonly committedTo: number | null;
  /** 9. */
  readonly leadership: Leadership | null;
}

/** One row of DescribeQuorum. */
export interface ReplicaProgress {
  readonly id: number;
  readonly directoryId: string;
  readonly logEndOffset: number;
  /** -1 when unknown. */
  readonly lastFetchMs: number;
  readonly lastCaughtUpMs: number;
}

export interface QuorumDescription extends LeaderAndEpoch {
  readonly highWatermark: number;
  readonly voters: readonly ReplicaProgress[];
  readonly observers: readonly ReplicaProgress[];
}

export interface Proposal {
  /** One record each. */
  readonly values: readonly Buffer[];
  /** The leader epoch they were decided in. */
  readonly epoch: number;
  readonly isIdle?: boolean;
}

/**
 * The core as the shell sees it (`createRaft` in `raft.ts`). Every call may change state; afterwards the shell takes
 * `ready()` and carries it out before the next call. All of it is synchronous.
 */
export interface Raft {
  step(input: RaftInput, nowMs: number): void;
  /** Call when `nextDeadlineMs` has come; earlier or later calls are harmless. */
  tick(nowMs: number): void;
  /**
   * Leader only: append these record values as one batch. Returns the offset after the last of them (committed once
   * `committedTo` reaches it while `epoch` still is the leader's), or null if this node does not lead that epoch.
   * Followers learn at once when it is committed, unless it only marks time (`isIdle`): then with their next fetch.
   */
  propose(batch: Proposal, nowMs: number): number | null;
  /** The shell has written the checkpoint `<offset>-<epoch>`; the log before it may go. */
  snapshotTaken(snapshot: OffsetAndEpoch): void;
  /** Clean stop: a leader hands over (EndQuorumEpoch). Send the Ready that follows, then stop. */
  shutdown(nowMs: number): void;
  /** What to do now, and forget it. Null when nothing. */
  ready(): Ready | null;
  /** One timer of the shell is set to this. */
  readonly nextDeadlineMs: number;
  readonly leader: LeaderAndEpoch;
  readonly role: RaftRole;
  readonly highWatermark: number;
  /**
   * Since it started, this node has once applied all that its leader said is committed. Before that its image may be older
   * than what it has acted on in an earlier life: a broker must not lead or follow by it.
   */
  readonly isCaughtUp: boolean;
  readonly logEnd: OffsetAndEpoch;
  /** Only the leader knows; null elsewhere. */
  describeQuorum(nowMs: number): QuorumDescription | null;
}

export type RaftRole = 'unattached' | 'follower' | 'prospective' | 'candidate' | 'leader' | 'resigned';
