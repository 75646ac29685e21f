/**
 * Records as frames: what changes when a record moves to another batch (its place and its time, both relative to the
 * batch) is rewritten, key, value and headers are copied as bytes.
 *
 *   record: length varint · attributes int8 · timestampDelta varlong · offsetDelta varint · the rest
 */
import { WireError } from '../../wire/wire-error.ts';

export interface FrameSource {
  readonly records: Buffer;
  readonly recordCount: number;
  readonly baseOffset: number;
  readonly baseTimestamp: number;
  /** The time all records have (LogAppendTime); `null`: each has its own. */
  readonly appendTime: number | null;
}

export interface Rewritten {
  /** Uncompressed records, numbered from 0 without gaps. */
  readonly records: Buffer;
  readonly recordCount: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly valueBytes: number;
  /** Where the records were: offset and count of each stretch without gaps. */
  readonly stretches: readonly Stretch[];
}

export interface Stretch {
  readonly offset: number;
  readonly count: number;
}

/** Length, attributes and both deltas, each at its longest. */
const frameOverheadMax = 5 + 1 + 10 + 5;

/** Reads numbers where the last one ended. */
class Cursor {
  readonly buffer: Buffer;
  position = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  varint(): number {
    const raw = this.#unsigned();
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  }

  /** Exact to 2^53, which times in milliseconds are. */
  #unsigned(): number {
    const { buffer } = this;
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 10; index++) {
      const byte = buffer[this.position++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new WireError('bad-varint', 'a record ends inside a number', this.position);
  }
}

/** Puts the records from `from` on, of all sources in their order, into one batch's worth of records. `null`: none. */
export function rewriteFrames(sources: readonly FrameSource[], from: number): Rewritten | null {
  const bytesMax = sources.reduce(
    (sum, source) => sum + source.records.length + source.recordCount * frameOverheadMax,
    0,
  );
  const writer = new FrameWriter(bytesMax);
  for (const source of sources) {
    const cursor = new Cursor(source.records);
    for (let index = 0; index < source.recordCount; index++) writer.take(cursor, source, from);
  }
  return writer.finish();
}

class FrameWriter {
  readonly #out: Buffer;
  #position = 0;
  #count = 0;
  #baseTimestamp = 0;
  #maxTimestamp = Number.NEGATIVE_INFINITY;
  #valueBytes = 0;
  readonly #stretches: { offset: number; count: number }[] = [];

  constructor(bytesMax: number) {
    this.#out = Buffer.allocUnsafe(bytesMax);
  }

  take(cursor: Cursor, source: FrameSource, from: number): void {
    const { buffer } = cursor;
    const length = cursor.varint();
    const end = cursor.position + length;
    if (length < 4 || end > buffer.length) {
      throw new WireError('bad-length', `a record of ${length} bytes`, cursor.position);
    }
    const attributes = buffer[cursor.position++]!;
    const timestampDelta = cursor.varint();
    const offset = source.baseOffset + cursor.varint();
    const restStart = cursor.position;
    const keyLength = cursor.varint();
    if (keyLength > 0) cursor.position += keyLength;
    const valueLength = cursor.varint();
    cursor.position = end;
    if (offset < from) return;
    this.#valueBytes += Math.max(0, valueLength);
    const timestamp = source.appendTime ?? source.baseTimestamp + timestampDelta;
    if (this.#count === 0) this.#baseTimestamp = timestamp;
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
    const delta = timestamp - this.#baseTimestamp;
    const restLength = end - restStart;
    this.#varint(1 + varintBytes(delta) + varintBytes(this.#count) + restLength);
    this.#out[this.#position++] = attributes;
    this.#varint(delta);
    this.#varint(this.#count);
    buffer.copy(this.#out, this.#position, restStart, end);
    this.#position += restLength;
    this.#count++;
    this.#note(offset);
  }

  finish(): Rewritten | null {
    if (this.#count === 0) return null;
    return {
      records: this.#out.subarray(0, this.#position),
      recordCount: this.#count,
      baseTimestamp: this.#baseTimestamp,
      maxTimestamp: this.#maxTimestamp,
      valueBytes: this.#valueBytes,
      stretches: this.#stretches,
    };
  }

  #note(offset: number): void {
    const last = this.#stretches.at(-1);
    if (last !== undefined && last.offset + last.count === offset) last.count++;
    else this.#stretches.push({ offset, count: 1 });
  }

  #varint(value: number): void {
    let rest = zigzag(value);
    while (rest > 0x7f) {
      this.#out[this.#position++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#out[this.#position++] = rest;
  }
}

function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

function varintBytes(value: number): number {
  let rest = zigzag(value);
  let count = 1;
  while (rest > 0x7f) {
    rest = Math.floor(rest / 128);
    count++;
  }
  return count;
}
