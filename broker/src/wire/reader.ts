import { WireError } from './wire-error.ts';

/** Reads Kafka's primitive encodings from one buffer. Slices are views: nothing is copied. */
export class Reader {
  readonly buffer: Buffer;
  position: number;
  readonly end: number;

  constructor(buffer: Buffer, position = 0, end = buffer.length) {
    this.buffer = buffer;
    this.position = position;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  /** Moves past `byteCount` bytes and returns where they began; throws `truncated` when they are not there. */
  take(byteCount: number): number {
    const start = this.position;
    if (byteCount > this.end - start) {
      throw new WireError('truncated', `${byteCount} bytes expected, ${this.end - start} left`, start);
    }
    this.position = start + byteCount;
    return start;
  }

  int8(): number {
    return this.buffer.readInt8(this.take(1));
  }

  int16(): number {
    return this.buffer.readInt16BE(this.take(2));
  }

  uint16(): number {
    return this.buffer.readUInt16BE(this.take(2));
  }

  int32(): number {
    return this.buffer.readInt32BE(this.take(4));
  }

  uint32(): number {
    return this.buffer.readUInt32BE(this.take(4));
  }

  int64(): bigint {
    return this.buffer.readBigInt64BE(this.take(8));
  }

  float64(): number {
    return this.buffer.readDoubleBE(this.take(8));
  }

  bytes(byteCount: number): Buffer {
    const start = this.take(byteCount);
    return this.buffer.subarray(start, start + byteCount);
  }

  utf8(byteCount: number): string {
    const start = this.take(byteCount);
    return this.buffer.toString('utf8', start, start + byteCount);
  }

  /** A UUID as Kafka prints it: 22 characters of base64url. */
  uuid(): string {
    const start = this.take(16);
    return this.buffer.toString('base64url', start, start + 16);
  }

  /** Unsigned LEB128, at most 5 bytes (KIP-482). */
  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buffer[this.take(1)]!;
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) return value > 0xffff_ffff ? this.#badVarint() : value;
    }
    return this.#badVarint();
  }

  /** Zig-zag varint of 32 bits, as in record batches (KIP-98). */
  varint(): number {
    const raw = this.unsignedVarint();
    return (raw >>> 1) ^ -(raw & 1);
  }

  /** Zig-zag varint of 64 bits. */
  varlong(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.buffer[this.take(1)]!;
      value |= BigInt(byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) {
        const wrapped = BigInt.asUintN(64, value);
        return BigInt.asIntN(64, (wrapped >> 1n) ^ -(wrapped & 1n));
      }
    }
    return this.#badVarint();
  }

  #badVarint(): never {
    throw new WireError('bad-varint', 'a variable-length integer is too long', this.position);
  }
}

/** For what is kept: bytes that were read are part of a whole frame or block, which would be kept with them. */
export function ownBytes(read: Buffer): Buffer {
  const own = Buffer.alloc(read.length);
  read.copy(own);
  return own;
}
