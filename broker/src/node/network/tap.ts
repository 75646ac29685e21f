/**
 * The place where a wire inspector listens to a node's listeners. Nobody listening costs each request one comparison; a
 * listener must not keep the buffers it is given, they are views of what comes and goes.
 */
import type { Served } from './connection.ts';

export interface TappedRequest {
  readonly nodeId: number;
  readonly listener: string;
  /** Of the node; unique while it lives. */
  readonly connectionId: number;
  readonly clientHost: string;
  /** It came over the Unix socket: from outside, by whoever runs the cluster. */
  readonly fromOwner: boolean;
  /** Without its length. */
  readonly frame: Buffer;
}

/** Told of each request as it comes; the function it returns is told the response, null for none. */
export type WireListener = (request: TappedRequest) => (response: Served) => void;

/** One for all nodes of a cluster. */
export interface WireTap {
  listener: WireListener | null;
}

export function tapped(
  listener: WireListener,
  request: TappedRequest,
  serve: () => Served | Promise<Served>,
): Served | Promise<Served> {
  const onResponse = listener(request);
  const served = serve();
  if (!(served instanceof Promise)) onResponse(served);
  else
    served.then(onResponse, () => {
      // The connection closes; there is no response to tell of.
    });
  return served;
}
