/** One connection after the other, each taking frames until the node closes it: a close is an answer, silence is not. */
import { connect, type Socket } from 'node:net';
import { apis } from '@brokerlab/broker/messages';
import { encodeRequest } from '@brokerlab/broker/wire';

/** A request may wait (fetch, join, acks=all): after this long without an answer the client goes away. */
const PATIENCE_MS = 40;
const BARRIER_ID = 0x7fff_0001;
const API_VERSIONS = 18;

const barrier = encodeRequest(apis.get(API_VERSIONS)!.request, 0, {
  correlationId: BARRIER_ID,
  clientId: 'barrier',
  body: {},
});

export type ThrowEnd = 'answered' | 'closed' | 'waiting';

export class Thrower {
  readonly #port: number;
  #socket: Socket | null = null;
  #rest: Buffer = Buffer.alloc(0);
  #answers = 0;
  #finish: (end: ThrowEnd) => void = () => undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** Throws the frames; tells how many were dealt with (answered, or the one that closed), and how it ended. */
  async throw(frames: readonly Buffer[]): Promise<{ dealtWith: number; end: ThrowEnd }> {
    this.#answers = 0;
    const socket = this.#socket ?? this.#open();
    const end = await new Promise<ThrowEnd>((resolve) => {
      const timer = setTimeout(() => this.#finish('waiting'), PATIENCE_MS);
      this.#finish = (how) => {
        clearTimeout(timer);
        this.#finish = () => undefined;
        resolve(how);
      };
      socket.write(Buffer.concat([...frames, barrier]));
    });
    if (end !== 'answered') this.close();
    return {
      end,
      dealtWith: end === 'answered' ? frames.length : Math.min(this.#answers + 1, frames.length),
    };
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
    this.#rest = Buffer.alloc(0);
  }

  #open(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.#port });
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket === socket) this.#finish('closed');
    });
    socket.on('data', (chunk) => this.#take(chunk));
    return socket;
  }

  #take(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length >= 8) {
      const length = bytes.readInt32BE(0);
      if (bytes.length < 4 + length) break;
      if (bytes.readInt32BE(4) === BARRIER_ID) this.#finish('answered');
      else this.#answers += 1;
      bytes = bytes.subarray(4 + length);
    }
    this.#rest = bytes;
  }
}
