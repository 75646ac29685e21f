/** Raft's requests to other nodes and back: which connection, which version, and what an answer says. */
import type { FetchResponse } from '../../messages/01-fetch.ts';
import type { VoteResponse } from '../../messages/52-vote.ts';
import type { BeginQuorumEpochResponse } from '../../messages/53-begin-quorum-epoch.ts';
import type { EndQuorumEpochResponse } from '../../messages/54-end-quorum-epoch.ts';
import type { FetchSnapshotResponse } from '../../messages/59-fetch-snapshot.ts';
import { fromWireResponse, type RpcContext, toWireRequest } from '../../raft/rpc.ts';
import type { OutgoingRequest, RaftResponse } from '../../raft/types.ts';
import { call } from '../network/call.ts';
import type { Peer } from '../network/peer.ts';

export interface RaftTransportOptions {
  readonly context: RpcContext;
  readonly clientId: string;
  readonly timeoutMs: number;
  /** Fetches are held by the leader, so they have a connection of their own. */
  readonly peerFor: (nodeId: number, purpose: 'fetch' | 'vote') => Peer | null;
}

export class RaftTransport {
  readonly #options: RaftTransportOptions;

  constructor(options: RaftTransportOptions) {
    this.#options = options;
  }

  /** Null: the request failed, or its answer says nothing. */
  async send({ to, request }: OutgoingRequest): Promise<RaftResponse | null> {
    const { context, peerFor, clientId, timeoutMs } = this.#options;
    const peer = peerFor(to, request.kind === 'fetchRequest' ? 'fetch' : 'vote');
    if (peer === null) return null;
    const { schema, body } = toWireRequest(request, to, context);
    const response = await call(peer, { apiKey: schema.key, body, clientId, timeoutMs });
    switch (request.kind) {
      case 'voteRequest':
        return fromWireResponse.vote(response as VoteResponse);
      case 'beginQuorumEpochRequest':
        return fromWireResponse.beginQuorumEpoch(response as BeginQuorumEpochResponse);
      case 'endQuorumEpochRequest':
        return fromWireResponse.endQuorumEpoch(response as EndQuorumEpochResponse);
      case 'fetchRequest':
        return fromWireResponse.fetch(response as FetchResponse);
      case 'fetchSnapshotRequest':
        return fromWireResponse.fetchSnapshot(response as FetchSnapshotResponse);
    }
  }
}
