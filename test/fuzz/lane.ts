/**
 * One connection after the other to one listener. Frames are sent without waiting, up to a window; a node answers in
 * order, or closes. What was in flight when it closed is thrown again, each frame alone, to find the one it was.
 */
import { connect, type Socket } from 'node:net';
import { FrameSplitter } from '@brokerlab/broker/wire';
import { type Frame, faultOf } from './frames.ts';

export type End = 'answered' | 'closed' | 'left';

export interface LaneOptions {
  readonly port: number;
  readonly onEnd: (frame: Frame, end: End) => void;
  readonly onFault: (frame: Frame, what: string) => void;
}

interface Sent {
  readonly frame: Frame;
  readonly atMs: number;
}

/** What a node begins at once for one connection. */
const WINDOW = 64;
/** For a frame that gets no answer: long enough to be read, then the client goes. */
const LEAVE_AFTER_MS = 20;
const ANSWER_BYTES_MAX = 100_000_000;

export class Lane {
  readonly #options: LaneOptions;
  #socket: Socket | null = null;
  #splitter = new FrameSplitter(ANSWER_BYTES_MAX);
  /** Waiting to be sent, oldest first. */
  #queue: Frame[] = [];
  /** Sent and owed something, oldest first. */
  #sent: Sent[] = [];
  /** To be thrown alone, one of which closed a connection nobody expected to close. */
  #suspects: Frame[] = [];
  #leaving: NodeJS.Timeout | null = null;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get load(): number {
    return this.#queue.length + this.#sent.length + this.#suspects.length;
  }

  /** Since when the oldest frame waits for what it is owed. */
  get oldest(): Sent | undefined {
    return this.#sent[0];
  }

  throw(frame: Frame): void {
    this.#queue.push(frame);
    this.#pump();
  }

  close(): void {
    if (this.#leaving !== null) clearTimeout(this.#leaving);
    this.#leaving = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }

  /** After an answer that did not come: whatever is in flight is given up. */
  giveUp(): void {
    this.#sent = [];
    this.close();
    this.#pump();
  }

  #pump(): void {
    for (;;) {
      const isAlone = this.#suspects.length > 0;
      if (this.#sent.length >= (isAlone ? 1 : WINDOW) || this.#isEnding()) return;
      const frame = isAlone ? this.#suspects.shift() : this.#queue.shift();
      if (frame === undefined) return;
      this.#send(frame);
    }
  }

  /** Nothing is sent behind a frame that ends the connection. */
  #isEnding(): boolean {
    const last = this.#sent.at(-1);
    return last !== undefined && last.frame.owed !== 'answer';
  }

  #send(frame: Frame): void {
    const socket = this.#socket ?? this.#open();
    socket.write(frame.bytes);
    this.#sent.push({ frame, atMs: performance.now() });
    if (frame.owed !== 'rest' && frame.owed !== 'none') return;
    this.#leaving = setTimeout(() => socket.end(), LEAVE_AFTER_MS);
  }

  #open(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.#options.port, noDelay: true });
    this.#socket = socket;
    this.#splitter = new FrameSplitter(ANSWER_BYTES_MAX);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket === socket) this.#closed();
    });
    socket.on('data', (chunk) => {
      if (this.#socket !== socket) return;
      for (const answer of this.#splitter.push(chunk)) this.#answered(answer);
      this.#pump();
    });
    return socket;
  }

  #answered(answer: Buffer): void {
    const { frame } = this.#sent.shift() ?? {};
    if (frame === undefined) return;
    const fault = frame.owed === 'answer' ? faultOf(answer, frame) : 'was answered instead of a close';
    if (fault !== null) this.#options.onFault(frame, fault);
    this.#options.onEnd(frame, 'answered');
  }

  #closed(): void {
    this.close();
    const sent = this.#sent.map(({ frame }) => frame);
    this.#sent = [];
    const last = sent.at(-1);
    if (last !== undefined && last.owed !== 'answer') {
      // What came before it was begun, and went with its connection.
      for (const frame of sent) this.#options.onEnd(frame, frame === last ? 'closed' : 'left');
    } else if (sent.length === 1) this.#options.onEnd(last!, 'closed');
    else this.#suspects.push(...sent);
    this.#pump();
  }
}
