/**
 * From a frame to its response: header, version check, decoding, the handler, encoding.
 *
 * Rules: ApiVersions of an unknown version is answered at version 0 (KIP-511); every other unknown key, version or
 * listener, and every body that cannot be read, throws, and the connection closes. A handler that fails is answered
 * with UNKNOWN_SERVER_ERROR where the response has a place for it.
 */
import { ErrorCode } from '../messages/errors.ts';
import { type Api, apis } from '../messages/registry.ts';
import {
  decodeRequestBody,
  encodeResponseChunks,
  Reader,
  type RequestHeader,
  readRequestHeader,
  WireError,
} from '../wire/main.ts';
import { apiVersionsKey, unsupportedApiVersions } from './18-api-versions.ts';
import {
  CancelledError,
  type ConnectionScope,
  type Handler,
  type ListenerKind,
  NO_RESPONSE,
  type RequestContext,
  type WaitOptions,
} from './context.ts';
import { forwardedKeys, forwardTimeoutMs } from './forwarded.ts';
import type { NodeServices } from './services.ts';

// biome-ignore lint/suspicious/noExplicitAny: handlers of all APIs in one table; each is typed where it is written
export type AnyHandler = Handler<any, any>;

export interface ServerOptions {
  readonly node: NodeServices;
  readonly listener: ListenerKind;
  readonly listenerName: string;
  readonly handlers: ReadonlyMap<number, AnyHandler>;
  readonly startWait: <T>(
    options: WaitOptions<T>,
    connection: ConnectionScope,
  ) => ReturnType<RequestContext['wait']>;
  readonly onHandlerError: (api: Api, error: unknown) => void;
}

export interface Caller {
  readonly connection: ConnectionScope;
  readonly clientHost: string;
}

/** Null: no response is wanted. */
export type ServedFrame = readonly Buffer[] | null;

export class RequestServer {
  readonly #options: ServerOptions;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  serve(frame: Buffer, caller: Caller): ServedFrame | Promise<ServedFrame> {
    const reader = new Reader(frame);
    const header = readRequestHeader(reader);
    const api = apis.get(header.apiKey);
    if (api === undefined) throw new WireError('unknown-api', `api key ${header.apiKey} is not known here`);
    if (!isSupported(api, header.apiVersion)) return this.#refuseVersion(api, header);
    const { listener, handlers, node } = this.#options;
    if (!api.listeners.includes(listener)) {
      throw new WireError('unknown-api', `${api.name} is not served by the ${listener} listener`);
    }
    const handler = handlers.get(api.key);
    const body = decodeRequestBody(api.request, header.apiVersion, reader);
    // Read before it is passed on: what cannot be read ends its sender's connection, not the one to the controller.
    if (handler === undefined && listener === 'broker' && forwardedKeys.has(api.key)) {
      const options = { clientHost: caller.clientHost, timeoutMs: forwardTimeoutMs };
      return node.controllerChannel.forward(frame, options).then((response) => [withLength(response)]);
    }
    if (handler === undefined) throw new WireError('unknown-api', `${api.name} is not served here`);
    return this.#handle({ api, header, handler, body, caller });
  }

  #handle(call: {
    api: Api;
    header: RequestHeader;
    handler: AnyHandler;
    body: unknown;
    caller: Caller;
  }): ServedFrame | Promise<ServedFrame> {
    const { api, header, handler, body, caller } = call;
    const fail = (error: unknown): ServedFrame => {
      if (error instanceof CancelledError || error instanceof WireError) throw error;
      this.#options.onHandlerError(api, error);
      return encode(api, header, { errorCode: ErrorCode.UNKNOWN_SERVER_ERROR });
    };
    const finish = (response: unknown): ServedFrame =>
      response === NO_RESPONSE ? null : encode(api, header, response);
    try {
      const reply = handler(body, this.#context(header, caller));
      return reply instanceof Promise ? reply.then(finish).catch(fail) : finish(reply);
    } catch (error) {
      return fail(error);
    }
  }

  #context(header: RequestHeader, caller: Caller): RequestContext {
    const { node, listener, listenerName, startWait } = this.#options;
    const { connection, clientHost } = caller;
    return {
      apiKey: header.apiKey,
      apiVersion: header.apiVersion,
      correlationId: header.correlationId,
      clientId: header.clientId ?? '',
      clientHost,
      listener,
      listenerName,
      connection,
      node,
      wait: (options) => startWait(options, connection) as never,
    };
  }

  #refuseVersion(api: Api, header: RequestHeader): ServedFrame {
    if (api.key !== apiVersionsKey) {
      throw new WireError(
        'unsupported-version',
        `${api.name} version ${header.apiVersion} is not known here`,
      );
    }
    return encodeResponseChunks(api.response, 0, {
      correlationId: header.correlationId,
      body: unsupportedApiVersions(api),
    });
  }
}

function isSupported(api: Api, version: number): boolean {
  return version >= api.versions[0] && version <= api.versions[1];
}

function encode(api: Api, header: RequestHeader, body: unknown): Buffer[] {
  return encodeResponseChunks(api.response, header.apiVersion, { correlationId: header.correlationId, body });
}

function withLength(response: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(4 + response.length);
  frame.writeInt32BE(response.length, 0);
  response.copy(frame, 4);
  return frame;
}
