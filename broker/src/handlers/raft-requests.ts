/** Raft's own requests, on the controller listener: Vote, BeginQuorumEpoch, EndQuorumEpoch, Fetch, FetchSnapshot. */
import type { FetchRequest } from '../messages/01-fetch.ts';
import type { VoteRequest } from '../messages/52-vote.ts';
import type { BeginQuorumEpochRequest } from '../messages/53-begin-quorum-epoch.ts';
import type { EndQuorumEpochRequest } from '../messages/54-end-quorum-epoch.ts';
import type { FetchSnapshotRequest } from '../messages/59-fetch-snapshot.ts';
import { ErrorCode } from '../messages/errors.ts';
import { fromWireRequest, isMetadataFetch } from '../raft/rpc.ts';
import type { RaftRequest } from '../raft/types.ts';
import { CancelledError, type RequestContext } from './context.ts';
import type { AnyHandler } from './serve.ts';

export const raftHandlers: readonly (readonly [number, AnyHandler])[] = [
  [1, (body: FetchRequest, context) => fetchMetadata(body, context)],
  [52, (body: VoteRequest, context) => hand(body, fromWireRequest.vote(body), context)],
  [
    53,
    (body: BeginQuorumEpochRequest, context) => hand(body, fromWireRequest.beginQuorumEpoch(body), context),
  ],
  [54, (body: EndQuorumEpochRequest, context) => hand(body, fromWireRequest.endQuorumEpoch(body), context)],
  [59, (body: FetchSnapshotRequest, context) => hand(body, fromWireRequest.fetchSnapshot(body), context)],
];

function fetchMetadata(body: FetchRequest, context: RequestContext): Promise<object> | object {
  if (!isMetadataFetch(body)) return { errorCode: ErrorCode.INVALID_REQUEST };
  return hand(body, fromWireRequest.fetch(body), context);
}

async function hand(
  body: { readonly clusterId: string | null },
  request: RaftRequest | null,
  { node, connection }: RequestContext,
): Promise<object> {
  if (request === null) return { errorCode: ErrorCode.INVALID_REQUEST };
  if (body.clusterId !== null && body.clusterId !== node.clusterId) {
    return { errorCode: ErrorCode.INCONSISTENT_CLUSTER_ID };
  }
  const response = await node.quorum.handle(request, (callback) => connection.onClose(callback));
  if (response === null) throw new CancelledError('the quorum gave up this request');
  return response.body;
}
