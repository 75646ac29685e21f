/**
 * Raft's messages on Kafka's wire and back: Vote v0–2, BeginQuorumEpoch and EndQuorumEpoch v0–1, Fetch v4–18 and
 * FetchSnapshot v0–1 of the one partition `__cluster_metadata-0`. The named place where Raft's offsets become int64.
 *
 * Left out: KIP-853's voter endpoints in BeginQuorumEpoch beyond what static voters need.
 */

import { FetchRequest, FetchResponse } from '../messages/01-fetch.ts';
import { VoteRequest, VoteResponse } from '../messages/52-vote.ts';
import { BeginQuorumEpochRequest, BeginQuorumEpochResponse } from '../messages/53-begin-quorum-epoch.ts';
import { EndQuorumEpochRequest, EndQuorumEpochResponse } from '../messages/54-end-quorum-epoch.ts';
import { FetchSnapshotRequest, FetchSnapshotResponse } from '../messages/59-fetch-snapshot.ts';
import { ErrorCode } from '../messages/errors.ts';
import { iterateBatches } from '../messages/records.ts';
import { ZERO_UUID } from './core.ts';
import type {
  Endpoint,
  FetchRequestMessage,
  FetchResponseMessage,
  FetchSnapshotResponseMessage,
  LeaderAndEpoch,
  LogBatch,
  OffsetAndEpoch,
  RaftError,
  RaftRequest,
  RaftResponse,
  Voter,
} from './types.ts';

export const METADATA_TOPIC = '__cluster_metadata';
/** Kafka's fixed topic id of the metadata log. */
export const METADATA_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';

export interface RpcContext {
  readonly clusterId: string;
  readonly voters: readonly Voter[];
}

/** A request as (schema, body), ready to be encoded in any version both sides know. */
export type WireRequest =
  | { readonly schema: typeof VoteRequest; readonly body: typeof VoteRequest.input }
  | { readonly schema: typeof BeginQuorumEpochRequest; readonly body: typeof BeginQuorumEpochRequest.input }
  | { readonly schema: typeof EndQuorumEpochRequest; readonly body: typeof EndQuorumEpochRequest.input }
  | { readonly schema: typeof FetchRequest; readonly body: typeof FetchRequest.input }
  | { readonly schema: typeof FetchSnapshotRequest; readonly body: typeof FetchSnapshotRequest.input };

export function toWireRequest(request: RaftRequest, to: number, context: RpcContext): WireRequest {
  const { clusterId } = context;
  const topicName = METADATA_TOPIC;
  switch (request.kind) {
    case 'voteRequest': {
      const { replicaEpoch, replicaId, replicaDirectoryId, logEnd, preVote } = request;
      const partition = {
        partitionIndex: 0,
        replicaEpoch,
        replicaId,
        replicaDirectoryId,
        voterDirectoryId: directoryOf(to, context),
        lastOffsetEpoch: logEnd.epoch,
        lastOffset: BigInt(logEnd.offset),
        preVote,
      };
      const topics = [{ topicName, partitions: [partition] }];
      return { schema: VoteRequest, body: { clusterId, voterId: to, topics } };
    }
    case 'beginQuorumEpochRequest': {
      const { leaderId, leaderEpoch } = request;
      const voterDirectoryId = directoryOf(to, context);
      const topics = [
        { topicName, partitions: [{ partitionIndex: 0, voterDirectoryId, leaderId, leaderEpoch }] },
      ];
      const leaderEndpoints = wireEndpoints(leaderId, context);
      return { schema: BeginQuorumEpochRequest, body: { clusterId, voterId: to, topics, leaderEndpoints } };
    }
    case 'endQuorumEpochRequest': {
      const { leaderId, leaderEpoch, preferredSuccessors } = request;
      const preferredCandidates = preferredSuccessors.map((candidateId) => ({
        candidateId,
        candidateDirectoryId: directoryOf(candidateId, context),
      }));
      const successors = [...preferredSuccessors];
      const partition = { partitionIndex: 0, leaderId, leaderEpoch, preferredCandidates };
      const topics = [{ topicName, partitions: [{ ...partition, preferredSuccessors: successors }] }];
      const leaderEndpoints = wireEndpoints(leaderId, context);
      return { schema: EndQuorumEpochRequest, body: { clusterId, topics, leaderEndpoints } };
    }
    case 'fetchRequest':
      return { schema: FetchRequest, body: wireFetch(request, clusterId) };
    case 'fetchSnapshotRequest': {
      const { replicaId, replicaDirectoryId, currentLeaderEpoch, snapshotId, position, maxBytes } = request;
      const partition = {
        partition: 0,
        currentLeaderEpoch,
        snapshotId: { endOffset: BigInt(snapshotId.offset), epoch: snapshotId.epoch },
        position: BigInt(position),
        replicaDirectoryId,
      };
      const topics = [{ name: topicName, partitions: [partition] }];
      return { schema: FetchSnapshotRequest, body: { clusterId, replicaId, maxBytes, topics } };
    }
  }
}

function wireFetch(request: FetchRequestMessage, clusterId: string): typeof FetchRequest.input {
  const { replicaId } = request;
  const partition = {
    partition: 0,
    currentLeaderEpoch: request.currentLeaderEpoch,
    fetchOffset: BigInt(request.fetchOffset),
    lastFetchedEpoch: request.lastFetchedEpoch,
    partitionMaxBytes: request.maxBytes,
    replicaDirectoryId: request.replicaDirectoryId,
    highWatermark: BigInt(request.highWatermark),
  };
  return {
    clusterId,
    replicaId,
    replicaState: { replicaId },
    maxWaitMs: request.maxWaitMs,
    minBytes: 0,
    maxBytes: request.maxBytes,
    topics: [{ topic: METADATA_TOPIC, topicId: METADATA_TOPIC_ID, partitions: [partition] }],
  };
}

/** Whether a decoded Fetch asks for the metadata log (and so is Raft's, not the partitions'). */
export function isMetadataFetch(body: FetchRequest): boolean {
  const [topic] = body.topics;
  return (
    body.topics.length === 1 && (topic?.topic === METADATA_TOPIC || topic?.topicId === METADATA_TOPIC_ID)
  );
}

export const fromWireRequest = {
  vote(body: VoteRequest): RaftRequest | null {
    const partition = body.topics[0]?.partitions[0];
    if (partition === undefined) return null;
    return {
      kind: 'voteRequest',
      replicaId: partition.replicaId,
      replicaDirectoryId: partition.replicaDirectoryId,
      replicaEpoch: partition.replicaEpoch,
      logEnd: { offset: Number(partition.lastOffset), epoch: partition.lastOffsetEpoch },
      preVote: partition.preVote,
    };
  },
  beginQuorumEpoch(body: BeginQuorumEpochRequest): RaftRequest | null {
    const partition = body.topics[0]?.partitions[0];
    if (partition === undefined) return null;
    const { leaderId, leaderEpoch } = partition;
    return { kind: 'beginQuorumEpochRequest', leaderId, leaderEpoch };
  },
  endQuorumEpoch(body: EndQuorumEpochRequest): RaftRequest | null {
    const partition = body.topics[0]?.partitions[0];
    if (partition === undefined) return null;
    const { leaderId, leaderEpoch, preferredCandidates, preferredSuccessors } = partition;
    const candidates = preferredCandidates.map((candidate) => candidate.candidateId);
    return {
      kind: 'endQuorumEpochRequest',
      leaderId,
      leaderEpoch,
      preferredSuccessors: candidates.length > 0 ? candidates : preferredSuccessors,
    };
  },
  fetch(body: FetchRequest): RaftRequest | null {
    const partition = body.topics[0]?.partitions[0];
    if (partition === undefined) return null;
    const replicaId = body.replicaState.replicaId >= 0 ? body.replicaState.replicaId : body.replicaId;
    return {
      kind: 'fetchRequest',
      replicaId,
      replicaDirectoryId: partition.replicaDirectoryId,
      currentLeaderEpoch: partition.currentLeaderEpoch,
      fetchOffset: Number(partition.fetchOffset),
      lastFetchedEpoch: partition.lastFetchedEpoch,
      maxWaitMs: body.maxWaitMs,
      maxBytes: partition.partitionMaxBytes,
      highWatermark: Math.min(Number(partition.highWatermark), Number.MAX_SAFE_INTEGER),
    };
  },
  fetchSnapshot(body: FetchSnapshotRequest): RaftRequest | null {
    const partition = body.topics[0]?.partitions[0];
    if (partition === undefined) return null;
    return {
      kind: 'fetchSnapshotRequest',
      replicaId: body.replicaId,
      replicaDirectoryId: partition.replicaDirectoryId,
      currentLeaderEpoch: partition.currentLeaderEpoch,
      snapshotId: fromSnapshotId(partition.snapshotId),
      position: Number(partition.position),
      maxBytes: body.maxBytes,
    };
  },
};

export type WireResponse =
  | { readonly schema: typeof VoteResponse; readonly body: typeof VoteResponse.input }
  | { readonly schema: typeof BeginQuorumEpochResponse; readonly body: typeof BeginQuorumEpochResponse.input }
  | { readonly schema: typeof EndQuorumEpochResponse; readonly body: typeof EndQuorumEpochResponse.input }
  | { readonly schema: typeof FetchResponse; readonly body: typeof FetchResponse.input }
  | { readonly schema: typeof FetchSnapshotResponse; readonly body: typeof FetchSnapshotResponse.input };

/** `records`: what the shell read for a fetch reply's `fetchRead`, whole batches; null when there was none. */
export function toWireResponse(
  response: RaftResponse,
  context: RpcContext,
  records: Buffer | null = null,
): WireResponse {
  const { leaderId, leaderEpoch } = response;
  const errorCode = ErrorCode[response.error];
  const nodeEndpoints = wireNodes(leaderId, context);
  const partition = { partitionIndex: 0, errorCode, leaderId, leaderEpoch };
  switch (response.kind) {
    case 'voteResponse': {
      const voted = { ...partition, voteGranted: response.voteGranted };
      const topics = [{ topicName: METADATA_TOPIC, partitions: [voted] }];
      return { schema: VoteResponse, body: { errorCode: 0, topics, nodeEndpoints } };
    }
    case 'beginQuorumEpochResponse': {
      const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }];
      return { schema: BeginQuorumEpochResponse, body: { errorCode: 0, topics, nodeEndpoints } };
    }
    case 'endQuorumEpochResponse': {
      const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }];
      return { schema: EndQuorumEpochResponse, body: { errorCode: 0, topics, nodeEndpoints } };
    }
    case 'fetchResponse':
      return {
        schema: FetchResponse,
        body: wireFetchResponse(response, records ?? Buffer.alloc(0), context),
      };
    case 'fetchSnapshotResponse':
      return {
        schema: FetchSnapshotResponse,
        body: { ...wireSnapshotResponse(response), nodeEndpoints },
      };
  }
}

function wireFetchResponse(
  response: FetchResponseMessage,
  records: Buffer,
  context: RpcContext,
): typeof FetchResponse.input {
  const { leaderId, leaderEpoch, divergingEpoch, snapshotId } = response;
  const partition = {
    partitionIndex: 0,
    errorCode: ErrorCode[response.error],
    highWatermark: BigInt(response.highWatermark),
    lastStableOffset: BigInt(response.highWatermark),
    logStartOffset: BigInt(response.logStartOffset),
    currentLeader: { leaderId, leaderEpoch },
    abortedTransactions: [],
    records,
    ...(divergingEpoch === null
      ? {}
      : { divergingEpoch: { epoch: divergingEpoch.epoch, endOffset: BigInt(divergingEpoch.offset) } }),
    ...(snapshotId === null
      ? {}
      : { snapshotId: { endOffset: BigInt(snapshotId.offset), epoch: snapshotId.epoch } }),
  };
  return {
    responses: [{ topic: METADATA_TOPIC, topicId: METADATA_TOPIC_ID, partitions: [partition] }],
    nodeEndpoints: wireNodes(leaderId, context).map((node) => ({ ...node, rack: null })),
  };
}

function wireSnapshotResponse(response: FetchSnapshotResponseMessage) {
  const { leaderId, leaderEpoch, snapshotId } = response;
  const partition = {
    index: 0,
    errorCode: ErrorCode[response.error],
    snapshotId: { endOffset: BigInt(snapshotId.offset), epoch: snapshotId.epoch },
    currentLeader: { leaderId, leaderEpoch },
    size: BigInt(response.sizeBytes),
    position: BigInt(response.position),
    unalignedRecords: response.bytes,
  };
  return { errorCode: 0, topics: [{ name: METADATA_TOPIC, partitions: [partition] }] };
}

/** Null: the answer has no partition (a top-level error): treat the request as failed. */
export const fromWireResponse = {
  vote(body: VoteResponse): RaftResponse | null {
    const partition = body.topics[0]?.partitions[0];
    if (body.errorCode !== 0 || partition === undefined) return null;
    const { voteGranted } = partition;
    return { kind: 'voteResponse', error: errorName(partition.errorCode), voteGranted, ...leader(partition) };
  },
  beginQuorumEpoch(body: BeginQuorumEpochResponse): RaftResponse | null {
    const partition = body.topics[0]?.partitions[0];
    if (body.errorCode !== 0 || partition === undefined) return null;
    return {
      kind: 'beginQuorumEpochResponse',
      error: errorName(partition.errorCode),
      ...leader(partition),
    };
  },
  endQuorumEpoch(body: EndQuorumEpochResponse): RaftResponse | null {
    const partition = body.topics[0]?.partitions[0];
    if (body.errorCode !== 0 || partition === undefined) return null;
    return { kind: 'endQuorumEpochResponse', error: errorName(partition.errorCode), ...leader(partition) };
  },
  fetch(body: FetchResponse): RaftResponse | null {
    const partition = body.responses[0]?.partitions[0];
    if (body.errorCode !== 0 || partition === undefined) return null;
    const { divergingEpoch, snapshotId } = partition;
    return {
      kind: 'fetchResponse',
      error: errorName(partition.errorCode),
      ...leader(partition.currentLeader),
      highWatermark: Number(partition.highWatermark),
      logStartOffset: Number(partition.logStartOffset),
      divergingEpoch:
        divergingEpoch.epoch < 0
          ? null
          : { offset: Number(divergingEpoch.endOffset), epoch: divergingEpoch.epoch },
      snapshotId: snapshotId.epoch < 0 ? null : fromSnapshotId(snapshotId),
      batches: toLogBatches(partition.records ?? Buffer.alloc(0)),
    };
  },
  fetchSnapshot(body: FetchSnapshotResponse): RaftResponse | null {
    const partition = body.topics[0]?.partitions[0];
    if (body.errorCode !== 0 || partition === undefined) return null;
    return {
      kind: 'fetchSnapshotResponse',
      error: errorName(partition.errorCode),
      ...leader(partition.currentLeader),
      snapshotId: fromSnapshotId(partition.snapshotId),
      sizeBytes: Number(partition.size),
      position: Number(partition.position),
      bytes: partition.unalignedRecords ?? Buffer.alloc(0),
    };
  },
};

/** The whole batches in `records`; a cut-off tail is left for the next fetch. */
export function toLogBatches(records: Buffer): LogBatch[] {
  return Array.from(iterateBatches(records), (header) => ({
    baseOffset: header.baseOffset,
    lastOffset: header.lastOffset,
    epoch: header.partitionLeaderEpoch,
    bytes: records.subarray(header.position, header.position + header.sizeBytes),
  }));
}

const raftErrors: readonly RaftError[] = [
  'NONE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'NOT_LEADER_OR_FOLLOWER',
  'BROKER_NOT_AVAILABLE',
  'INVALID_REQUEST',
  'INCONSISTENT_VOTER_SET',
  'SNAPSHOT_NOT_FOUND',
  'POSITION_OUT_OF_RANGE',
];

function errorName(code: number): RaftError {
  return raftErrors.find((name) => ErrorCode[name] === code) ?? 'INVALID_REQUEST';
}

function leader(from: { leaderId: number; leaderEpoch: number }): LeaderAndEpoch {
  return { leaderId: from.leaderId, leaderEpoch: from.leaderEpoch };
}

function fromSnapshotId(id: { endOffset: bigint; epoch: number }): OffsetAndEpoch {
  return { offset: Number(id.endOffset), epoch: id.epoch };
}

function directoryOf(id: number, context: RpcContext): string {
  return context.voters.find((voter) => voter.id === id)?.directoryId ?? ZERO_UUID;
}

function endpointsOf(id: number, context: RpcContext): readonly Endpoint[] {
  return context.voters.find((voter) => voter.id === id)?.endpoints ?? [];
}

function wireEndpoints(id: number, context: RpcContext) {
  return endpointsOf(id, context).map(({ listener, host, port }) => ({ name: listener, host, port }));
}

function wireNodes(id: number, context: RpcContext) {
  const [endpoint] = endpointsOf(id, context);
  return endpoint === undefined ? [] : [{ nodeId: id, host: endpoint.host, port: endpoint.port }];
}
