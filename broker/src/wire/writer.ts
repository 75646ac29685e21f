/** Payloads at least this large are passed on by reference instead of being copied into the frame. */
const REFERENCE_BYTES_MIN = 1024;

/**
 * Writes Kafka's primitive encodings. Grows by itself; large payloads become chunks of their own,
 * so that a response can be sent with one vectored write and no copy of its records.
 */
export class Writer {
  #buffer: Buffer;
  #position = 0;
  #chunkStart = 0;
  readonly #chunks: Buffer[] = [];
  #chunkBytes = 0;

  constructor(initialBytes = 256) {
    this.#buffer = Buffer.allocUnsafe(initialBytes);
  }

  /** Bytes written so far, references included. */
  get size(): number {
    return this.#chunkBytes + this.#position - this.#chunkStart;
  }

  int8(value: number): void {
    this.#reserve(1);
    this.#position = this.#buffer.writeInt8(value, this.#position);
  }

  int16(value: number): void {
    this.#reserve(2);
    this.#position = this.#buffer.writeInt16BE(value, this.#position);
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#position = this.#buffer.writeUInt16BE(value, this.#position);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#position = this.#buffer.writeInt32BE(value, this.#position);
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#position = this.#buffer.writeUInt32BE(value, this.#position);
  }

  int64(value: bigint): void {
    this.#reserve(8);
    this.#position = this.#buffer.writeBigInt64BE(value, this.#position);
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#position = this.#buffer.writeDoubleBE(value, this.#position);
  }

  /** Raw bytes without a length. Large buffers are kept by reference and must not change until sent. */
  bytes(value: Uint8Array): void {
    if (value.length >= REFERENCE_BYTES_MIN) {
      this.#closeChunk();
      this.#push(Buffer.from(value.buffer, value.byteOffset, value.length));
      return;
    }
    this.#reserve(value.length);
    this.#buffer.set(value, this.#position);
    this.#position += value.length;
  }

  /** UTF-8 without a length; the caller has written `byteCount` already. */
  utf8(value: string, byteCount: number): void {
    this.#reserve(byteCount);
    this.#position += this.#buffer.write(value, this.#position, byteCount, 'utf8');
  }

  uuid(value: string): void {
    this.#reserve(16);
    const written = this.#buffer.write(value, this.#position, 16, 'base64url');
    if (written !== 16) throw new RangeError(`"${value}" is not a base64url UUID of 16 bytes`);
    this.#position += 16;
  }

  unsignedVarint(value: number): void {
    this.#reserve(5);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.#buffer[this.#position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#position++] = rest;
  }

  varint(value: number): void {
    this.unsignedVarint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  varlong(value: bigint): void {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    while (rest > 0x7fn) {
      this.#buffer[this.#position++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#position++] = Number(rest);
  }

  /** Everything as one buffer; copies when there are several chunks. */
  finish(): Buffer {
    const chunks = this.finishChunks();
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  /** Everything as the buffers to hand to a vectored write. */
  finishChunks(): Buffer[] {
    this.#closeChunk();
    return this.#chunks.length === 0 ? [Buffer.alloc(0)] : this.#chunks;
  }

  #push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#chunkBytes += chunk.length;
  }

  #closeChunk(): void {
    if (this.#position > this.#chunkStart) {
      this.#push(this.#buffer.subarray(this.#chunkStart, this.#position));
      this.#chunkStart = this.#position;
    }
  }

  #reserve(byteCount: number): void {
    if (this.#position + byteCount <= this.#buffer.length) return;
    const open = this.#buffer.subarray(this.#chunkStart, this.#position);
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, open.length + byteCount));
    open.copy(grown);
    this.#buffer = grown;
    this.#position = open.length;
    this.#chunkStart = 0;
  }
}
