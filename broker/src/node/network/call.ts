/** One request to another node and its decoded answer, in the newest version that both sides of this release speak. */
import { apis } from '../../messages/registry.ts';
import { decodeResponse, encodeRequestChunks } from '../../wire/main.ts';
import { type Peer, PeerError } from './peer.ts';

export interface Call {
  readonly apiKey: number;
  /** Fields of the request's schema. */
  readonly body: unknown;
  readonly clientId: string;
  readonly timeoutMs: number;
}

/** Resolves with the decoded body; rejects with a PeerError. The caller names the response's type. */
export async function call(peer: Peer, { apiKey, body, clientId, timeoutMs }: Call): Promise<unknown> {
  const api = apis.get(apiKey);
  if (api === undefined) throw new TypeError(`no API ${apiKey}`);
  const version = api.versions[1];
  const frame = await peer.request(
    (correlationId) => encodeRequestChunks(api.request, version, { correlationId, clientId, body }),
    timeoutMs,
  );
  try {
    return decodeResponse(api.response, version, frame).body;
  } catch (error) {
    throw new PeerError('malformed', `node ${peer.nodeId} answered ${api.name} with something else`, error);
  }
}
