/**
 * One connection to one broker: frames, correlation, versions agreed by ApiVersions (KIP-35, KIP-511), a limit
 * for every answer. Answers come in the order of requests, so one that breaks the order is a corrupt stream.
 */
import type { Duplex } from 'node:stream';
import { ApiVersionsRequest, ApiVersionsResponse } from '../messages/18-api-versions.ts';
import { decodeResponse, encodeRequestChunks, FrameSplitter } from '../wire/framing.ts';
import type { ApiMessage } from '../wire/message.ts';
import { ClientError } from './client-error.ts';

const frameBytesMax = 512 * 1024 * 1024;
const apiVersionsVersion = 4;
const unsupportedVersion = 35;

/** One request with the declaration of its answer. */
export interface Call<QT, QI, RT, RI> {
  readonly request: ApiMessage<QT, QI>;
  readonly response: ApiMessage<RT, RI>;
  readonly body: NoInfer<QI>;
  /** Not above this version even if both sides have a newer one. */
  readonly versionMax?: number;
  readonly timeoutMs?: number;
  /** Produce with acks=0: the broker sends nothing back. */
  readonly unanswered?: boolean;
  /** Told the request's number as it leaves; messages to people name it. */
  readonly onSent?: (correlationId: number) => void;
}

interface Pending {
  readonly correlationId: number;
  readonly settle: (frame: Buffer) => void;
  readonly fail: (error: ClientError) => void;
}

export interface ConnectionOptions {
  readonly clientId: string;
  readonly requestTimeoutMs: number;
  /** For messages: `localhost:9092 (id: 1)`. */
  readonly peer: string;
  /** Numbers are shared by the connections of a client, as Java's are. */
  readonly nextCorrelationId: () => number;
}

export interface FinalizedFeature {
  readonly name: string;
  readonly level: number;
}

export class Connection {
  readonly #stream: Duplex;
  readonly #options: ConnectionOptions;
  readonly #splitter = new FrameSplitter(frameBytesMax);
  /** Oldest first. */
  readonly #pending: Pending[] = [];
  #closedBy: ClientError | null = null;
  #versions: ReadonlyMap<number, readonly [number, number]> = new Map();
  #features: ReadonlyMap<string, number> = new Map();
  #handshake: Promise<void> | null = null;

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.#stream = stream;
    this.#options = options;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', (cause) => this.#end(this.#error('disconnected', 'the connection failed', cause)));
    stream.on('close', () => this.#end(this.#error('disconnected', 'the broker closed the connection')));
  }

  get closed(): boolean {
    return this.#closedBy !== null;
  }

  /** Version ranges the broker advertised, by API key. */
  get versions(): ReadonlyMap<number, readonly [number, number]> {
    return this.#versions;
  }

  /** Levels of the cluster's features, by name; empty before the first answer. */
  get features(): ReadonlyMap<string, number> {
    return this.#features;
  }

  async request<QT, QI, RT, RI>(call: Call<QT, QI, RT, RI>): Promise<RT> {
    this.#handshake ??= this.#agreeOnVersions();
    await this.#handshake;
    return this.#exchange(call, this.#chooseVersion(call));
  }

  close(): void {
    this.#end(this.#error('closed', 'the connection was closed'));
  }

  async #agreeOnVersions(): Promise<void> {
    const body = { clientSoftwareName: 'brokerlab', clientSoftwareVersion: '0.1.0' };
    const call = { request: ApiVersionsRequest, response: ApiVersionsResponse, body };
    let answer = await this.#exchange(call, apiVersionsVersion);
    if (answer.errorCode === unsupportedVersion) {
      const range = answer.apiKeys.find((api) => api.apiKey === ApiVersionsRequest.key);
      answer = await this.#exchange(call, Math.min(range?.maxVersion ?? 0, apiVersionsVersion - 1));
    }
    this.#features = new Map(
      answer.finalizedFeatures.map(({ name, maxVersionLevel }) => [name, maxVersionLevel]),
    );
    this.#versions = new Map(
      answer.apiKeys.map((api) => [api.apiKey, [api.minVersion, api.maxVersion] as const]),
    );
  }

  #chooseVersion<QT, QI, RT, RI>(call: Call<QT, QI, RT, RI>): number {
    const { key, name, versions } = call.request;
    const theirs = this.#versions.get(key);
    const version = Math.min(versions[1], theirs?.[1] ?? -1, call.versionMax ?? 0x7fff);
    if (theirs === undefined || version < versions[0] || version < theirs[0]) {
      const api = name.replace(/Request$/, '');
      throw this.#error('unsupported-version', `The node does not support ${api}`);
    }
    return version;
  }

  #exchange<QT, QI, RT, RI>(call: Call<QT, QI, RT, RI>, version: number): Promise<RT> {
    if (this.#closedBy !== null) return Promise.reject(this.#closedBy);
    const { clientId } = this.#options;
    const correlationId = this.#options.nextCorrelationId();
    const chunks = encodeRequestChunks(call.request, version, { correlationId, clientId, body: call.body });
    this.#write(chunks);
    call.onSent?.(correlationId);
    if (call.unanswered) return Promise.resolve(call.response.empty());
    return new Promise<RT>((resolve, reject) => {
      const limitMs = call.timeoutMs ?? this.#options.requestTimeoutMs;
      const timer = setTimeout(() => {
        this.#end(this.#error('timeout', `no answer to ${call.request.name} within ${limitMs} ms`));
      }, limitMs);
      this.#pending.push({
        correlationId,
        settle: (frame) => {
          clearTimeout(timer);
          resolve(decodeAnswer(call, version, frame));
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
    });
  }

  #write(chunks: readonly Buffer[]): void {
    if (chunks.length === 1) {
      this.#stream.write(chunks[0]);
      return;
    }
    this.#stream.cork();
    for (const chunk of chunks) this.#stream.write(chunk);
    this.#stream.uncork();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#splitter.push(chunk)) this.#dispatch(frame);
    } catch (cause) {
      this.#end(this.#error('corrupt', 'the answer cannot be read', cause));
    }
  }

  #dispatch(frame: Buffer): void {
    const pending = this.#pending.shift();
    const correlationId = frame.length >= 4 ? frame.readInt32BE(0) : -1;
    if (pending === undefined || pending.correlationId !== correlationId) {
      const expected = pending?.correlationId ?? 'none';
      const error = this.#error('corrupt', `an answer to request ${correlationId}, expected ${expected}`);
      pending?.fail(error);
      this.#end(error);
      return;
    }
    try {
      pending.settle(frame);
    } catch (cause) {
      pending.fail(this.#error('corrupt', 'the answer cannot be read', cause));
      throw cause;
    }
  }

  #end(error: ClientError): void {
    if (this.#closedBy !== null) return;
    this.#closedBy = error;
    this.#stream.destroy();
    for (const pending of this.#pending.splice(0)) pending.fail(error);
  }

  #error(code: ClientError['code'], message: string, cause?: unknown): ClientError {
    return new ClientError(code, `${this.#options.peer}: ${message}`, { cause });
  }
}

function decodeAnswer<QT, QI, RT, RI>(call: Call<QT, QI, RT, RI>, version: number, frame: Buffer): RT {
  // A broker that lacks our ApiVersions version answers in version 0 (KIP-511).
  if (call.request.key === ApiVersionsRequest.key && frame.readInt16BE(4) === unsupportedVersion) {
    return decodeResponse(call.response, 0, frame).body;
  }
  return decodeResponse(call.response, version, frame).body;
}
