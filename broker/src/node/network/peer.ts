/**
 * This node's connection to one listener of another node: opened when first needed, opened again (with a growing
 * pause) when lost. Requests are answered in order; each ends at its deadline at the latest.
 */
import { connect, type Socket } from 'node:net';
import type { Timer, Timers } from '../../handlers/services.ts';
import { FrameSplitter } from '../../wire/main.ts';
import type { Links } from './links.ts';

export interface PeerOptions {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly timers: Timers;
  readonly links: Links;
  readonly connectTimeoutMs: number;
  readonly now: () => number;
}

export type PeerErrorCode = 'refused' | 'lost' | 'timeout' | 'closed' | 'malformed';

export class PeerError extends Error {
  override readonly name = 'PeerError';
  readonly code: PeerErrorCode;
  constructor(code: PeerErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

interface Pending {
  readonly resolve: (frame: Buffer) => void;
  readonly reject: (error: PeerError) => void;
  readonly timer: Timer;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly socket: Socket; readonly waiting: (readonly Buffer[])[] }
  | { readonly kind: 'open'; readonly socket: Socket }
  | { readonly kind: 'closed' };

const reconnectPauseMsMin = 20;
const reconnectPauseMsMax = 1000;
const responseBytesMax = 128 * 1024 * 1024;
const pendingMax = 10_000;

export class Peer {
  readonly #options: PeerOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #unwatch: () => void;
  #state: State = { kind: 'idle' };
  #nextCorrelationId = 1;
  #failures = 0;
  #retryAtMs = 0;
  #frozen = false;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.#unwatch = options.links.watch(() => this.#linkChanged());
  }

  get nodeId(): number {
    return this.#options.nodeId;
  }

  /** Sends the frame that `encode` makes for a correlation id; resolves with the response's frame. */
  request(encode: (correlationId: number) => readonly Buffer[], timeoutMs: number): Promise<Buffer> {
    if (this.#state.kind === 'closed') return Promise.reject(this.#error('closed', 'was closed'));
    if (this.#pending.size >= pendingMax)
      return Promise.reject(this.#error('refused', 'has too many requests'));
    const correlationId = this.#nextCorrelationId;
    this.#nextCorrelationId = (correlationId + 1) & 0x7fffffff;
    const promise = new Promise<Buffer>((resolve, reject) => {
      const timer = this.#options.timers.after(timeoutMs, () => this.#expire(correlationId, timeoutMs));
      this.#pending.set(correlationId, { resolve, reject, timer });
    });
    this.#send(correlationId, encode(correlationId));
    return promise;
  }

  close(): void {
    this.#unwatch();
    const state = this.#state;
    this.#state = { kind: 'closed' };
    if (state.kind === 'open' || state.kind === 'connecting') state.socket.destroy();
    this.#failAll(this.#error('closed', 'was closed'));
  }

  freeze(): void {
    this.#frozen = true;
    if (this.#state.kind === 'open') this.#state.socket.pause();
  }

  thaw(): void {
    this.#frozen = false;
    if (this.#state.kind === 'open') this.#state.socket.resume();
  }

  #send(correlationId: number, frame: readonly Buffer[]): void {
    if (!this.#options.links.reaches(this.#options.nodeId)) return;
    switch (this.#state.kind) {
      case 'open':
        writeAll(this.#state.socket, frame);
        return;
      case 'connecting':
        this.#state.waiting.push(frame);
        return;
      case 'idle':
        if (this.#options.now() < this.#retryAtMs)
          this.#reject(correlationId, 'refused', 'could not be reached');
        else this.#connect(frame);
    }
  }

  #connect(firstFrame: readonly Buffer[]): void {
    const { host, port, timers, connectTimeoutMs } = this.#options;
    const socket = connect({ host, port, noDelay: true });
    const waiting = [firstFrame];
    this.#state = { kind: 'connecting', socket, waiting };
    const deadline = timers.after(connectTimeoutMs, () => socket.destroy(new Error('connection timed out')));
    let cause: Error | null = null;
    socket.on('error', (error) => {
      cause = error;
    });
    socket.on('connect', () => {
      deadline.cancel();
      if (this.#state.kind !== 'connecting' || this.#state.socket !== socket) return;
      this.#failures = 0;
      this.#state = { kind: 'open', socket };
      for (const frame of waiting) writeAll(socket, frame);
      if (this.#frozen) socket.pause();
    });
    socket.on('close', () => {
      deadline.cancel();
      this.#lost(socket, cause);
    });
    const splitter = new FrameSplitter(responseBytesMax);
    socket.on('data', (chunk: Buffer) => this.#receive(socket, splitter, chunk));
  }

  #receive(socket: Socket, splitter: FrameSplitter, chunk: Buffer): void {
    if (!this.#options.links.reaches(this.#options.nodeId)) return;
    try {
      for (const frame of splitter.push(chunk)) {
        const correlationId = frame.readInt32BE(0);
        const pending = this.#pending.get(correlationId);
        if (pending === undefined) continue;
        this.#pending.delete(correlationId);
        pending.timer.cancel();
        pending.resolve(frame);
      }
    } catch (error) {
      socket.destroy(error as Error);
    }
  }

  #lost(socket: Socket, cause: Error | null): void {
    const state = this.#state;
    if ((state.kind !== 'open' && state.kind !== 'connecting') || state.socket !== socket) return;
    this.#failures++;
    const pauseMs = Math.min(reconnectPauseMsMin * 2 ** Math.min(this.#failures, 10), reconnectPauseMsMax);
    this.#retryAtMs = this.#options.now() + (state.kind === 'open' ? 0 : pauseMs);
    this.#state = { kind: 'idle' };
    this.#failAll(this.#error('lost', 'closed the connection', cause));
  }

  /** Bytes lost on a cut link leave the stream useless: after healing it starts with a new connection. */
  #linkChanged(): void {
    const state = this.#state;
    if (state.kind !== 'open' && state.kind !== 'connecting') return;
    if (!this.#options.links.reaches(this.#options.nodeId)) return;
    state.socket.destroy();
  }

  #expire(correlationId: number, timeoutMs: number): void {
    this.#reject(correlationId, 'timeout', `did not answer within ${timeoutMs} ms`);
  }

  #reject(correlationId: number, code: PeerErrorCode, what: string): void {
    const pending = this.#pending.get(correlationId);
    if (pending === undefined) return;
    this.#pending.delete(correlationId);
    pending.timer.cancel();
    pending.reject(this.#error(code, what));
  }

  #failAll(error: PeerError): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) {
      pending.timer.cancel();
      pending.reject(error);
    }
  }

  #error(code: PeerErrorCode, what: string, cause?: unknown): PeerError {
    const { nodeId, host, port } = this.#options;
    return new PeerError(code, `node ${nodeId} at ${host}:${port} ${what}`, cause);
  }
}

function writeAll(socket: Socket, chunks: readonly Buffer[]): void {
  socket.cork();
  for (const chunk of chunks) socket.write(chunk);
  socket.uncork();
}
