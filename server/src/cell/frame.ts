/**
 * The framed channel between server, cell and agent (file descriptor 3 of each child):
 * payload length u32 LE, type u8, channel u32 LE, payload. Either side may be hostile towards the one outside
 * of it, so a frame over the limit ends the channel.
 */
import type { Duplex } from 'node:stream';

export const FRAME_BYTES_MAX = 4 * 1024 * 1024;
/** More than this unsent means that the other side has stopped reading. */
const UNSENT_BYTES_MAX = 16 * 1024 * 1024;
const HEADER_BYTES = 9;

export interface Frame {
  readonly type: number;
  readonly channel: number;
  readonly payload: Buffer;
}

export interface FrameChannel {
  /** False: unsent bytes pile up; wait for `onDrain`. Dropped when the other side has stopped reading. */
  send(type: number, channel: number, payload: Uint8Array): boolean;
  readonly unsentBytes: number;
  onDrain(listener: () => void): void;
  pause(): void;
  resume(): void;
  destroy(): void;
}

export interface FrameHandlers {
  onFrame(frame: Frame): void;
  /** Once, whichever side ended it. */
  onClose(): void;
}

export function openFrameChannel(stream: Duplex, handlers: FrameHandlers): FrameChannel {
  const reader = createFrameReader(handlers.onFrame);
  stream.on('data', (chunk: Buffer) => {
    if (!reader.push(chunk)) stream.destroy();
  });
  // An error is always followed by 'close'.
  stream.on('error', () => undefined);
  stream.once('end', () => stream.destroy());
  stream.once('close', () => handlers.onClose());
  return {
    send(type, channel, payload) {
      if (stream.destroyed || stream.writableLength > UNSENT_BYTES_MAX) return false;
      stream.cork();
      stream.write(frameHeader(type, channel, payload.length));
      const more = stream.write(payload);
      stream.uncork();
      return more;
    },
    get unsentBytes() {
      return stream.writableLength;
    },
    onDrain: (listener) => void stream.on('drain', listener),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    destroy: () => void stream.destroy(),
  };
}

function frameHeader(type: number, channel: number, payloadBytes: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(payloadBytes, 0);
  header.writeUInt8(type, 4);
  header.writeUInt32LE(channel, 5);
  return header;
}

export interface FrameReader {
  /** False: a frame was over the limit; nothing after it can be understood. */
  push(chunk: Buffer): boolean;
}

export function createFrameReader(onFrame: (frame: Frame) => void): FrameReader {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let bytesNeeded = HEADER_BYTES;
  return {
    push(chunk) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes < bytesNeeded) return true;
      let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks, bytes);
      for (;;) {
        if (rest.length < HEADER_BYTES) {
          bytesNeeded = HEADER_BYTES;
          break;
        }
        const payloadBytes = rest.readUInt32LE(0);
        if (payloadBytes > FRAME_BYTES_MAX) return false;
        bytesNeeded = HEADER_BYTES + payloadBytes;
        if (rest.length < bytesNeeded) break;
        const payload = rest.subarray(HEADER_BYTES, bytesNeeded);
        onFrame({ type: rest.readUInt8(4), channel: rest.readUInt32LE(5), payload });
        rest = rest.subarray(bytesNeeded);
      }
      chunks = rest.length === 0 ? [] : [rest];
      bytes = rest.length;
      return true;
    },
  };
}
