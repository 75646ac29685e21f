/** In some runs every Raft message goes through its bytes on the wire, in the newest version. */
import type { FetchRequest, FetchResponse } from '../../broker/src/messages/01-fetch.ts';
import type { VoteRequest, VoteResponse } from '../../broker/src/messages/52-vote.ts';
import type {
  BeginQuorumEpochRequest,
  BeginQuorumEpochResponse,
} from '../../broker/src/messages/53-begin-quorum-epoch.ts';
import type {
  EndQuorumEpochRequest,
  EndQuorumEpochResponse,
} from '../../broker/src/messages/54-end-quorum-epoch.ts';
import type {
  FetchSnapshotRequest,
  FetchSnapshotResponse,
} from '../../broker/src/messages/59-fetch-snapshot.ts';
import {
  fromWireRequest,
  fromWireResponse,
  toWireRequest,
  toWireResponse,
} from '../../broker/src/raft/rpc.ts';
import type { RaftRequest, RaftResponse, Voter } from '../../broker/src/raft/types.ts';
import type { Message } from '../../broker/src/wire/message.ts';

const CLUSTER_ID = 'AAAAAAAAAAAAAAAAAAAAAg';

function throughBytes(schema: unknown, body: unknown): unknown {
  const message = schema as Message<unknown, unknown>;
  const version = message.versions[1];
  return message.decode(version, message.encode(version, body));
}

export function requestThroughWire(request: RaftRequest, to: number, voters: readonly Voter[]): RaftRequest {
  const { schema, body } = toWireRequest(request, to, { clusterId: CLUSTER_ID, voters });
  const decoded = throughBytes(schema, body);
  switch (request.kind) {
    case 'voteRequest':
      return fromWireRequest.vote(decoded as VoteRequest)!;
    case 'beginQuorumEpochRequest':
      return fromWireRequest.beginQuorumEpoch(decoded as BeginQuorumEpochRequest)!;
    case 'endQuorumEpochRequest':
      return fromWireRequest.endQuorumEpoch(decoded as EndQuorumEpochRequest)!;
    case 'fetchRequest':
      return fromWireRequest.fetch(decoded as FetchRequest)!;
    case 'fetchSnapshotRequest':
      return fromWireRequest.fetchSnapshot(decoded as FetchSnapshotRequest)!;
  }
}

export function responseThroughWire(response: RaftResponse, voters: readonly Voter[]): RaftResponse {
  const records =
    response.kind === 'fetchResponse' ? Buffer.concat(response.batches.map((batch) => batch.bytes)) : null;
  const { schema, body } = toWireResponse(response, { clusterId: CLUSTER_ID, voters }, records);
  const decoded = throughBytes(schema, body);
  switch (response.kind) {
    case 'voteResponse':
      return fromWireResponse.vote(decoded as VoteResponse)!;
    case 'beginQuorumEpochResponse':
      return fromWireResponse.beginQuorumEpoch(decoded as BeginQuorumEpochResponse)!;
    case 'endQuorumEpochResponse':
      return fromWireResponse.endQuorumEpoch(decoded as EndQuorumEpochResponse)!;
    case 'fetchResponse':
      return fromWireResponse.fetch(decoded as FetchResponse)!;
    case 'fetchSnapshotResponse':
      return fromWireResponse.fetchSnapshot(decoded as FetchSnapshotResponse)!;
  }
}
