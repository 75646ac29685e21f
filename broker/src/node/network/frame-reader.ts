/**
 * Cuts a byte stream into frames: four bytes of length, then that many bytes. Holds at most one incomplete frame
 * and what one read brought; never allocates by a length it was merely told.
 */

/** The smallest request: api key, version, correlation id. */
const requestBytesMin = 8;

export class FrameError extends Error {
  override readonly name = 'FrameError';
}

export class FrameReader {
  readonly #frameBytesMax: number;
  readonly #frameBytesMin: number;
  #chunks: Buffer[] = [];
  #bufferedBytes = 0;

  constructor(frameBytesMax: number, frameBytesMin: number = requestBytesMin) {
    this.#frameBytesMax = frameBytesMax;
    this.#frameBytesMin = frameBytesMin;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
  }

  /** The next whole frame without its length, or null. Throws FrameError when the length cannot be one. */
  next(): Buffer | null {
    if (this.#bufferedBytes < 4) return null;
    const size = this.#peekSize();
    if (size < this.#frameBytesMin || size > this.#frameBytesMax) {
      throw new FrameError(
        `a frame of ${size} bytes; between ${this.#frameBytesMin} and ${this.#frameBytesMax} are allowed`,
      );
    }
    if (this.#bufferedBytes < 4 + size) return null;
    const whole = this.#take(4 + size);
    return whole.subarray(4);
  }

  #peekSize(): number {
    const first = this.#chunks[0] as Buffer;
    if (first.length >= 4) return first.readInt32BE(0);
    return this.#joinFront(4).readInt32BE(0);
  }

  #take(length: number): Buffer {
    const first = this.#joinFront(length);
    this.#bufferedBytes -= length;
    if (first.length === length) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(length);
    return first.subarray(0, length);
  }

  /** Makes the first chunk at least `length` long. */
  #joinFront(length: number): Buffer {
    const first = this.#chunks[0] as Buffer;
    if (first.length >= length) return first;
    let count = 0;
    for (let total = 0; total < length; count++) total += (this.#chunks[count] as Buffer).length;
    const joined = Buffer.concat(this.#chunks.slice(0, count));
    this.#chunks.splice(0, count, joined);
    return joined;
  }
}
