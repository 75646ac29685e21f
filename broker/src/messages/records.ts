/**
 * Record batches, version 2 (KIP-98): the header, which brokers read without touching the records, and the records.
 *
 *   baseOffset int64 · batchLength int32 · partitionLeaderEpoch int32 · magic int8 · crc uint32 · attributes int16 ·
 *   lastOffsetDelta int32 · baseTimestamp int64 · maxTimestamp int64 · producerId int64 · producerEpoch int16 ·
 *   baseSequence int32 · recordCount int32 · records
 *
 * Offsets, timestamps and producer ids are numbers here (exact to 2^53); this file is where the wire's int64 is converted.
 * The CRC covers everything from the attributes on, so a leader may stamp offset and epoch without touching it.
 */
import { crc32c } from '../wire/crc32c.ts';
import { Reader } from '../wire/reader.ts';
import { WireError } from '../wire/wire-error.ts';
import { Writer } from '../wire/writer.ts';
import { CODECS, type CodecName, compress, decompress } from './compression.ts';

export const BATCH_HEADER_BYTES = 61;
/** Bytes before `batchLength` ends: what must be read to know a batch's size. */
export const BATCH_PREFIX_BYTES = 12;

export const BATCH_POSITION = {
  baseOffset: 0,
  batchLength: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const;

const MAGIC = 2;
const CODEC_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const DELETE_HORIZON = 0x40;

export type TimestampType = 'CreateTime' | 'LogAppendTime';

export interface BatchHeader {
  /** Where the batch begins in the buffer it was read from. */
  readonly position: number;
  /** Whole size, the twelve bytes in front of `batchLength`'s count included. */
  readonly sizeBytes: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly partitionLeaderEpoch: number;
  readonly magic: number;
  readonly crc: number;
  readonly attributes: number;
  readonly codec: CodecName;
  readonly timestampType: TimestampType;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly hasDeleteHorizon: boolean;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  /** -1 when the producer is not idempotent. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

export interface RecordHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

export interface BatchRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
}

/** What one record needs to be written; offset and timestamp are relative to the batch when left out. */
export interface RecordInput {
  readonly key?: Uint8Array | null;
  readonly value?: Uint8Array | null;
  readonly headers?: readonly { key: string; value: Uint8Array | null }[];
  /** Defaults to the batch's `timestamp`. */
  readonly timestamp?: number;
}

export interface BatchInput {
  readonly records: readonly RecordInput[];
  readonly timestamp: number;
  readonly baseOffset?: number;
  readonly partitionLeaderEpoch?: number;
  readonly codec?: CodecName;
  readonly timestampType?: TimestampType;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
}

/** Size of the batch that begins at `position`, or undefined when its first twelve bytes are not all there. */
export function batchSizeBytes(buffer: Buffer, position: number): number | undefined {
  if (buffer.length - position < BATCH_PREFIX_BYTES) return undefined;
  return BATCH_PREFIX_BYTES + buffer.readInt32BE(position + BATCH_POSITION.batchLength);
}

/** Reads a batch's header. Throws WireError when it is cut short, has an impossible length or another magic. */
export function readBatchHeader(buffer: Buffer, position = 0): BatchHeader {
  const available = buffer.length - position;
  if (available < BATCH_HEADER_BYTES) {
    throw new WireError(
      'truncated',
      `a batch header takes ${BATCH_HEADER_BYTES} bytes, ${available} left`,
      position,
    );
  }
  const sizeBytes = BATCH_PREFIX_BYTES + buffer.readInt32BE(position + BATCH_POSITION.batchLength);
  const magic = buffer.readInt8(position + BATCH_POSITION.magic);
  if (magic !== MAGIC) throw new WireError('bad-value', `batch magic ${magic} (2 is known)`, position);
  if (sizeBytes < BATCH_HEADER_BYTES)
    throw new WireError('bad-length', `a batch of ${sizeBytes} bytes`, position);
  const attributes = buffer.readInt16BE(position + BATCH_POSITION.attributes);
  const codec = CODECS[attributes & CODEC_MASK];
  if (codec === undefined) throw new WireError('bad-value', `codec ${attributes & CODEC_MASK}`, position);
  const baseOffset = readInt64(buffer, position + BATCH_POSITION.baseOffset);
  return {
    position,
    sizeBytes,
    baseOffset,
    lastOffset: baseOffset + buffer.readInt32BE(position + BATCH_POSITION.lastOffsetDelta),
    partitionLeaderEpoch: buffer.readInt32BE(position + BATCH_POSITION.partitionLeaderEpoch),
    magic,
    crc: buffer.readUInt32BE(position + BATCH_POSITION.crc),
    attributes,
    codec,
    timestampType: attributes & LOG_APPEND_TIME ? 'LogAppendTime' : 'CreateTime',
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    hasDeleteHorizon: (attributes & DELETE_HORIZON) !== 0,
    baseTimestamp: readInt64(buffer, position + BATCH_POSITION.baseTimestamp),
    maxTimestamp: readInt64(buffer, position + BATCH_POSITION.maxTimestamp),
    producerId: readInt64(buffer, position + BATCH_POSITION.producerId),
    producerEpoch: buffer.readInt16BE(position + BATCH_POSITION.producerEpoch),
    baseSequence: buffer.readInt32BE(position + BATCH_POSITION.baseSequence),
    recordCount: buffer.readInt32BE(position + BATCH_POSITION.recordCount),
  };
}

/** Whether the stored CRC matches the bytes; false as well when the batch is cut short. */
export function isBatchIntact(buffer: Buffer, header: BatchHeader): boolean {
  const end = header.position + header.sizeBytes;
  if (end > buffer.length) return false;
  return crc32c(buffer.subarray(header.position + BATCH_POSITION.attributes, end)) === header.crc;
}

/** The headers of all whole batches in `buffer`; stops at a cut-off tail. */
export function* iterateBatches(buffer: Buffer): Generator<BatchHeader> {
  let position = 0;
  for (;;) {
    const sizeBytes = batchSizeBytes(buffer, position);
    if (sizeBytes === undefined || position + sizeBytes > buffer.length) return;
    const header = readBatchHeader(buffer, position);
    yield header;
    position += sizeBytes;
  }
}

/** The records of one batch. Throws WireError or CompressionError when the bytes do not hold what the header says. */
export function* iterateRecords(
  buffer: Buffer,
  header: BatchHeader,
  options: { decompressedBytesMax?: number } = {},
): Generator<BatchRecord> {
  const body = buffer.subarray(header.position + BATCH_HEADER_BYTES, header.position + header.sizeBytes);
  const data = header.codec === 'none' ? body : decompress(header.codec, body, options.decompressedBytesMax);
  const reader = new Reader(data);
  for (let index = 0; index < header.recordCount; index++) yield readRecord(reader, header);
}

function readRecord(reader: Reader, header: BatchHeader): BatchRecord {
  const size = reader.varint();
  if (size < 0 || size > reader.remaining) {
    throw new WireError('bad-length', `a record of ${size} bytes`, reader.position);
  }
  const end = reader.position + size;
  reader.int8(); // attributes: none are defined
  const timestampDelta = Number(reader.varlong());
  const offsetDelta = reader.varint();
  const key = readNullableBytes(reader);
  const value = readNullableBytes(reader);
  const headers = readRecordHeaders(reader);
  if (reader.position !== end) {
    throw new WireError('bad-length', 'a record does not end where it says', reader.position);
  }
  return {
    offset: header.baseOffset + offsetDelta,
    timestamp:
      header.timestampType === 'LogAppendTime' ? header.maxTimestamp : header.baseTimestamp + timestampDelta,
    key,
    value,
    headers,
  };
}

function readNullableBytes(reader: Reader): Buffer | null {
  const length = reader.varint();
  return length < 0 ? null : reader.bytes(length);
}

function readRecordHeaders(reader: Reader): RecordHeader[] {
  const count = reader.varint();
  if (count < 0 || count > reader.remaining) {
    throw new WireError('bad-length', `${count} record headers`, reader.position);
  }
  const headers: RecordHeader[] = [];
  for (let index = 0; index < count; index++) {
    const keyLength = reader.varint();
    if (keyLength < 0) throw new WireError('bad-length', 'a record header without a key', reader.position);
    const key = reader.utf8(keyLength);
    headers.push({ key, value: readNullableBytes(reader) });
  }
  return headers;
}

/** Writes one batch, CRC included. Throws RangeError for a batch without records. */
export function encodeBatch(input: BatchInput): Buffer {
  if (input.records.length === 0) throw new RangeError('a batch has at least one record');
  const codec = input.codec ?? 'none';
  const timestamps = input.records.map((record) => record.timestamp ?? input.timestamp);
  const baseTimestamp = timestamps[0]!;
  const writer = new Writer(512);
  for (const [index, record] of input.records.entries()) {
    writeRecord(writer, record, { offsetDelta: index, timestampDelta: timestamps[index]! - baseTimestamp });
  }
  const plain = writer.finish();
  const body = codec === 'none' ? plain : compress(codec, plain);
  const batch = Buffer.allocUnsafe(BATCH_HEADER_BYTES + body.length);
  body.copy(batch, BATCH_HEADER_BYTES);
  writeHeader(batch, input, {
    baseTimestamp,
    maxTimestamp: timestamps.reduce((most, timestamp) => Math.max(most, timestamp)),
    attributes: attributesOf(input, codec),
  });
  return batch;
}

function attributesOf(input: BatchInput, codec: CodecName): number {
  return (
    CODECS.indexOf(codec) |
    (input.timestampType === 'LogAppendTime' ? LOG_APPEND_TIME : 0) |
    (input.isTransactional ? TRANSACTIONAL : 0) |
    (input.isControl ? CONTROL : 0)
  );
}

function writeHeader(
  batch: Buffer,
  input: BatchInput,
  computed: { baseTimestamp: number; maxTimestamp: number; attributes: number },
): void {
  writeInt64(batch, BATCH_POSITION.baseOffset, input.baseOffset ?? 0);
  batch.writeInt32BE(batch.length - BATCH_PREFIX_BYTES, BATCH_POSITION.batchLength);
  batch.writeInt32BE(input.partitionLeaderEpoch ?? -1, BATCH_POSITION.partitionLeaderEpoch);
  batch.writeInt8(MAGIC, BATCH_POSITION.magic);
  batch.writeInt16BE(computed.attributes, BATCH_POSITION.attributes);
  batch.writeInt32BE(input.records.length - 1, BATCH_POSITION.lastOffsetDelta);
  writeInt64(batch, BATCH_POSITION.baseTimestamp, computed.baseTimestamp);
  writeInt64(batch, BATCH_POSITION.maxTimestamp, computed.maxTimestamp);
  writeInt64(batch, BATCH_POSITION.producerId, input.producerId ?? -1);
  batch.writeInt16BE(input.producerEpoch ?? -1, BATCH_POSITION.producerEpoch);
  batch.writeInt32BE(input.baseSequence ?? -1, BATCH_POSITION.baseSequence);
  batch.writeInt32BE(input.records.length, BATCH_POSITION.recordCount);
  batch.writeUInt32BE(crc32c(batch.subarray(BATCH_POSITION.attributes)), BATCH_POSITION.crc);
}

function writeRecord(
  writer: Writer,
  record: RecordInput,
  delta: { offsetDelta: number; timestampDelta: number },
): void {
  const body = new Writer(128);
  body.int8(0);
  body.varlong(BigInt(delta.timestampDelta));
  body.varint(delta.offsetDelta);
  writeNullableBytes(body, record.key ?? null);
  writeNullableBytes(body, record.value ?? null);
  const headers = record.headers ?? [];
  body.varint(headers.length);
  for (const header of headers) {
    const keyBytes = Buffer.byteLength(header.key);
    body.varint(keyBytes);
    body.utf8(header.key, keyBytes);
    writeNullableBytes(body, header.value);
  }
  writer.varint(body.size);
  for (const chunk of body.finishChunks()) writer.bytes(chunk);
}

function writeNullableBytes(writer: Writer, value: Uint8Array | null): void {
  writer.varint(value === null ? -1 : value.length);
  if (value !== null) writer.bytes(value);
}

/** Stamps what a leader decides into a batch it received: outside the CRC, so nothing else changes (KIP-101). */
export function stampBatch(
  batch: Buffer,
  position: number,
  stamp: { baseOffset: number; partitionLeaderEpoch: number },
): void {
  writeInt64(batch, position + BATCH_POSITION.baseOffset, stamp.baseOffset);
  batch.writeInt32BE(stamp.partitionLeaderEpoch, position + BATCH_POSITION.partitionLeaderEpoch);
}

/** Turns a batch into one with the broker's time (message.timestamp.type=LogAppendTime) and renews its CRC. */
export function stampAppendTime(batch: Buffer, header: BatchHeader, timestampMs: number): void {
  const { position, sizeBytes } = header;
  batch.writeInt16BE(header.attributes | LOG_APPEND_TIME, position + BATCH_POSITION.attributes);
  writeInt64(batch, position + BATCH_POSITION.maxTimestamp, timestampMs);
  const covered = batch.subarray(position + BATCH_POSITION.attributes, position + sizeBytes);
  batch.writeUInt32BE(crc32c(covered), position + BATCH_POSITION.crc);
}

function readInt64(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position) * 0x1_0000_0000 + buffer.readUInt32BE(position + 4);
}

function writeInt64(buffer: Buffer, position: number, value: number): void {
  buffer.writeInt32BE(Math.floor(value / 0x1_0000_0000), position);
  buffer.writeUInt32BE(((value % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000, position + 4);
}
