/** The last bytes a terminal printed, by their offset since it was opened. */

export interface OutputLog {
  append(data: Uint8Array): void;
  /** Offset of the oldest byte that is still held. */
  readonly start: number;
  /** Offset behind the newest byte. */
  readonly end: number;
  /** At most `bytesMax` from `offset` on, which must be held or be the end. */
  read(offset: number, bytesMax: number): Buffer;
}

/** Chunks shorter than this are joined: a terminal prints single characters more than anything else. */
const CHUNK_BYTES = 16 * 1024;

export function createOutputLog(bytesMax: number): OutputLog {
  const chunks: { offset: number; data: Buffer; length: number }[] = [];
  let end = 0;

  function appendPiece(data: Uint8Array): void {
    let last = chunks.at(-1);
    if (last === undefined || last.data.length - last.length < data.length) {
      last = { offset: end, data: Buffer.allocUnsafe(Math.max(CHUNK_BYTES, data.length)), length: 0 };
      chunks.push(last);
    }
    last.data.set(data, last.length);
    last.length += data.length;
    end += data.length;
  }

  function start(): number {
    return chunks[0]?.offset ?? end;
  }

  return {
    append(data) {
      if (data.length === 0) return;
      appendPiece(data);
      while (chunks.length > 1 && end - (chunks[0]!.offset + chunks[0]!.length) >= bytesMax) chunks.shift();
    },
    get start() {
      return start();
    },
    get end() {
      return end;
    },
    read(offset, bytesMax) {
      if (offset < start() || offset > end) throw new RangeError(`offset ${offset} is not held`);
      const pieces: Buffer[] = [];
      let bytes = 0;
      for (const chunk of chunks) {
        const from = Math.max(0, offset - chunk.offset);
        if (from >= chunk.length) continue;
        const piece = chunk.data.subarray(from, Math.min(chunk.length, from + bytesMax - bytes));
        pieces.push(piece);
        bytes += piece.length;
        if (bytes >= bytesMax) break;
      }
      // A copy: the caller may send it later, and joined chunks go on being written to only behind it.
      return Buffer.concat(pieces, bytes);
    },
  };
}
