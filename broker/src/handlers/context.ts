/**
 * What a handler receives and may return.
 *
 * A handler is one function per API key (`03-metadata.ts` …): `(request, context) → response`. The request is
 * already decoded and within limits. The handler returns the response body, a promise of it (a long poll, a
 * wait for replication, a trip to the controller), or NO_RESPONSE (Produce with acks=0). Responses leave in the
 * order of their requests; the connection sees to that.
 *
 * A handler that waits uses `context.wait`, so that every wait ends: by being settled, at its deadline, or when
 * the connection closes or the node stops.
 */
import type { NodeServices } from './services.ts';

export interface RequestContext {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  /** Empty when the client sent none. */
  readonly clientId: string;
  /** As Java prints an InetAddress: `/127.0.0.1`. Shown by consumer group descriptions. */
  readonly clientHost: string;
  readonly listener: ListenerKind;
  /** As the node's properties call the listener the request came in by. */
  readonly listenerName: string;
  readonly connection: ConnectionScope;
  readonly node: NodeServices;
  wait<T>(options: WaitOptions<T>): Wait<T>;
}

export type ListenerKind = 'broker' | 'controller';

/** What lives as long as one connection. */
export interface ConnectionScope {
  readonly id: number;
  readonly closed: boolean;
  /** Calls back once when the connection closes; returns a function that unsubscribes. */
  onClose(callback: () => void): () => void;
}

export interface WaitOptions<T> {
  /** From now; 0 or less settles at once with `onTimeout()`. */
  readonly timeoutMs: number;
  /** The answer when the deadline passes first. */
  readonly onTimeout: () => T;
  /** Called once however the wait ends, to leave lists of waiters. */
  readonly onEnd?: () => void;
}

/** A pending answer. The first of settle, deadline and cancellation wins; later calls do nothing. */
export interface Wait<T> {
  readonly promise: Promise<T>;
  readonly ended: boolean;
  settle(value: T): void;
}

export const NO_RESPONSE: unique symbol = Symbol('no response');

export type Reply<Response> = Response | typeof NO_RESPONSE | Promise<Response | typeof NO_RESPONSE>;

export type Handler<Request, Response> = (request: Request, context: RequestContext) => Reply<Response>;

/** Thrown (or rejected with) by a wait whose connection closed or whose node stopped: nobody is left to answer. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}
