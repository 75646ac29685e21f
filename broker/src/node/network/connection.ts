/**
 * The server's side of one connection: frames in, responses out in the order of their requests.
 *
 * A slow reader slows only itself: while its responses pile up (in the socket or behind an unfinished request),
 * no further request of it is begun and its socket is not read.
 */
import type { Socket } from 'node:net';
import type { ConnectionScope } from '../../handlers/context.ts';
import { FrameSplitter } from '../../wire/main.ts';

/** A response's frame as the buffers of a vectored write; null: the request has no response (acks=0). */
export type Served = readonly Buffer[] | null;

export interface ConnectionOptions {
  readonly id: number;
  readonly socket: Socket;
  readonly frameBytesMax: number;
  /** Begins a request. Throws (or rejects) when the connection must close. */
  readonly serve: (frame: Buffer, connection: Connection) => Served | Promise<Served>;
  readonly onClosed: (connection: Connection, cause: Error | null) => void;
  readonly now: () => number;
}

const inFlightMax = 64;
const waitingResponseBytesMax = 8 * 1024 * 1024;

interface Slot {
  response: Served | undefined;
  bytes: number;
}

export class Connection implements ConnectionScope {
  readonly id: number;
  readonly clientHost: string;
  lastActiveMs: number;
  readonly #options: ConnectionOptions;
  readonly #splitter: FrameSplitter;
  /** Whole frames not yet begun. */
  #frames: Buffer[] = [];
  /** Requests begun and not yet answered, oldest first. */
  readonly #slots: Slot[] = [];
  #waitingBytes = 0;
  #draining = false;
  #pumping = false;
  #frozen = false;
  #closed = false;
  readonly #closeCallbacks = new Set<() => void>();

  constructor(options: ConnectionOptions) {
    const { id, socket, frameBytesMax } = options;
    this.#options = options;
    this.#splitter = new FrameSplitter(frameBytesMax);
    this.id = id;
    this.clientHost = `/${(socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')}`;
    this.lastActiveMs = options.now();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => {
      this.#draining = false;
      this.#pump();
    });
    socket.on('error', (error) => this.close(error));
    socket.on('end', () => this.close(null));
    socket.on('close', () => this.close(null));
  }

  get closed(): boolean {
    return this.#closed;
  }

  get idle(): boolean {
    return this.#slots.length === 0;
  }

  onClose(callback: () => void): () => void {
    if (this.#closed) callback();
    else this.#closeCallbacks.add(callback);
    return () => this.#closeCallbacks.delete(callback);
  }

  close(cause: Error | null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.socket.destroy();
    this.#slots.length = 0;
    for (const callback of this.#closeCallbacks) callback();
    this.#closeCallbacks.clear();
    this.#options.onClosed(this, cause);
  }

  /** As if the process were stopped: nothing is read or written until `thaw`. */
  freeze(): void {
    this.#frozen = true;
    this.#options.socket.pause();
  }

  thaw(): void {
    this.#frozen = false;
    this.#pump();
  }

  #receive(chunk: Buffer): void {
    this.lastActiveMs = this.#options.now();
    try {
      const frames = this.#splitter.push(chunk);
      if (frames.length > 0) this.#frames = this.#frames.concat(frames);
    } catch (error) {
      this.close(error as Error);
    }
    this.#pump();
  }

  #pump(): void {
    if (this.#pumping || this.#closed || this.#frozen) return;
    this.#pumping = true;
    const { socket } = this.#options;
    socket.cork();
    try {
      this.#flush();
      while (this.#mayBegin()) {
        const frame = this.#frames.shift();
        if (frame === undefined) break;
        this.#begin(frame);
      }
    } catch (error) {
      this.close(error as Error);
    } finally {
      this.#pumping = false;
      socket.uncork();
    }
    if (this.#closed || this.#frozen) return;
    if (this.#mayBegin()) socket.resume();
    else socket.pause();
  }

  #mayBegin(): boolean {
    return (
      !this.#closed &&
      !this.#draining &&
      this.#slots.length < inFlightMax &&
      this.#waitingBytes < waitingResponseBytesMax
    );
  }

  #begin(frame: Buffer): void {
    const slot: Slot = { response: undefined, bytes: 0 };
    this.#slots.push(slot);
    const served = this.#options.serve(frame, this);
    if (!(served instanceof Promise)) {
      this.#finish(slot, served);
      this.#flush();
      return;
    }
    served.then(
      (response) => {
        this.#finish(slot, response);
        this.#pump();
      },
      (error: Error) => this.close(error),
    );
  }

  #finish(slot: Slot, response: Served): void {
    slot.response = response;
    for (const chunk of response ?? []) slot.bytes += chunk.length;
    this.#waitingBytes += slot.bytes;
  }

  /** Writes every response at the head of the line. */
  #flush(): void {
    const { socket, now } = this.#options;
    while (!this.#closed && this.#slots.length > 0) {
      const { response, bytes } = this.#slots[0] as Slot;
      if (response === undefined) return;
      this.#slots.shift();
      if (response === null) continue;
      this.#waitingBytes -= bytes;
      this.lastActiveMs = now();
      for (const chunk of response) this.#draining = !socket.write(chunk);
    }
  }
}
