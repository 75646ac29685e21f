/**
 * The records of a batch as bytes, for brokers that drop some of them (compaction) or compress them anew: keys, values
 * and headers are never decoded, so that nothing in them can change.
 */
import { crc32c } from '../wire/crc32c.ts';
import { Reader } from '../wire/reader.ts';
import { WireError } from '../wire/wire-error.ts';
import { Writer } from '../wire/writer.ts';
import { CODECS, type CodecName, compress, decompress } from './compression.ts';
import { BATCH_HEADER_BYTES, BATCH_POSITION, BATCH_PREFIX_BYTES, type BatchHeader } from './records.ts';

export interface RawRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly hasValue: boolean;
  /** From the key's length to the record's end. */
  readonly content: Buffer;
}

/** What the header of a batch that is written anew has besides the records. */
export interface RawBatch {
  /** The batch whose records these were. */
  readonly header: BatchHeader;
  readonly records: readonly RawRecord[];
  /** When its tombstones may go (KIP-534); undefined: it does not say. */
  readonly deleteHorizonMs: number | undefined;
}

const DELETE_HORIZON = 0x40;
const CODEC_MASK = 0x07;

/** Throws WireError or CompressionError when the bytes do not hold what the header says. */
export function readRawRecords(buffer: Buffer, header: BatchHeader): RawRecord[] {
  const data = plainBody(buffer, header);
  const reader = new Reader(data);
  const records: RawRecord[] = [];
  while (records.length < header.recordCount) records.push(readRawRecord(data, reader, header));
  return records;
}

/** The instant from which a batch's tombstones may go, undefined while none is set. */
export function deleteHorizonOf(header: BatchHeader): number | undefined {
  return header.hasDeleteHorizon ? header.baseTimestamp : undefined;
}

/** A batch with some of its records, or none; offsets, producer and sequence stay as they were. */
export function encodeRawBatch({ header, records, deleteHorizonMs }: RawBatch): Buffer {
  const isAppendTime = header.timestampType === 'LogAppendTime';
  const first = records[0];
  const ownBase = isAppendTime ? header.maxTimestamp : (first?.timestamp ?? header.baseTimestamp);
  const baseTimestamp = first === undefined ? -1 : (deleteHorizonMs ?? ownBase);
  const body = encodeBody(records, header.baseOffset, baseTimestamp);
  const batch = Buffer.alloc(BATCH_HEADER_BYTES);
  const attributes =
    (header.attributes & ~(DELETE_HORIZON | CODEC_MASK)) |
    (records.length === 0 ? 0 : CODECS.indexOf(header.codec)) |
    (deleteHorizonMs === undefined ? 0 : DELETE_HORIZON);
  const maxTimestamp =
    isAppendTime || first === undefined
      ? header.maxTimestamp
      : records.reduce((most, record) => Math.max(most, record.timestamp), -1);
  batch.writeBigInt64BE(BigInt(header.baseOffset), BATCH_POSITION.baseOffset);
  batch.writeInt32BE(header.partitionLeaderEpoch, BATCH_POSITION.partitionLeaderEpoch);
  batch.writeInt8(header.magic, BATCH_POSITION.magic);
  batch.writeInt16BE(attributes, BATCH_POSITION.attributes);
  batch.writeInt32BE(header.lastOffset - header.baseOffset, BATCH_POSITION.lastOffsetDelta);
  batch.writeBigInt64BE(BigInt(baseTimestamp), BATCH_POSITION.baseTimestamp);
  batch.writeBigInt64BE(BigInt(maxTimestamp), BATCH_POSITION.maxTimestamp);
  batch.writeBigInt64BE(BigInt(header.producerId), BATCH_POSITION.producerId);
  batch.writeInt16BE(header.producerEpoch, BATCH_POSITION.producerEpoch);
  batch.writeInt32BE(header.baseSequence, BATCH_POSITION.baseSequence);
  batch.writeInt32BE(records.length, BATCH_POSITION.recordCount);
  return sealed(batch, records.length === 0 ? body : compressed(header.codec, body));
}

/** The same records under another codec (`compression.type` of a topic); everything else stays. */
export function recompressBatch(
  buffer: Buffer,
  header: BatchHeader,
  to: { readonly codec: CodecName; readonly level?: number },
): Buffer {
  const body = compressed(to.codec, plainBody(buffer, header), to.level);
  const head = Buffer.from(buffer.subarray(header.position, header.position + BATCH_HEADER_BYTES));
  const attributes = (header.attributes & ~CODEC_MASK) | CODECS.indexOf(to.codec);
  head.writeInt16BE(attributes, BATCH_POSITION.attributes);
  return sealed(head, body);
}

function plainBody(buffer: Buffer, header: BatchHeader): Buffer {
  const body = buffer.subarray(header.position + BATCH_HEADER_BYTES, header.position + header.sizeBytes);
  return header.codec === 'none' ? body : decompress(header.codec, body);
}

function compressed(codec: CodecName, body: Buffer, level?: number): Buffer {
  return codec === 'none' ? body : compress(codec, body, level);
}

/** Length and CRC, which depend on all the rest. */
function sealed(head: Buffer, body: Buffer): Buffer {
  const batch = Buffer.concat([head, body]);
  batch.writeInt32BE(batch.length - BATCH_PREFIX_BYTES, BATCH_POSITION.batchLength);
  batch.writeUInt32BE(crc32c(batch.subarray(BATCH_POSITION.attributes)), BATCH_POSITION.crc);
  return batch;
}

function readRawRecord(data: Buffer, reader: Reader, header: BatchHeader): RawRecord {
  const size = reader.varint();
  if (size < 0 || size > reader.remaining) {
    throw new WireError('bad-length', `a record of ${size} bytes`, reader.position);
  }
  const end = reader.position + size;
  reader.int8(); // attributes: none are defined
  const timestampDelta = Number(reader.varlong());
  const offsetDelta = reader.varint();
  const contentStart = reader.position;
  const keyLength = reader.varint();
  const key = keyLength < 0 ? null : reader.bytes(keyLength);
  const valueLength = reader.varint();
  if (reader.position > end) {
    throw new WireError('bad-length', 'a record does not end where it says', reader.position);
  }
  reader.bytes(end - reader.position);
  return {
    offset: header.baseOffset + offsetDelta,
    timestamp:
      header.timestampType === 'LogAppendTime' ? header.maxTimestamp : header.baseTimestamp + timestampDelta,
    key,
    hasValue: valueLength >= 0,
    content: data.subarray(contentStart, end),
  };
}

function encodeBody(records: readonly RawRecord[], baseOffset: number, baseTimestamp: number): Buffer {
  const writer = new Writer(512);
  for (const record of records) {
    const head = new Writer(16);
    head.int8(0);
    head.varlong(BigInt(record.timestamp - baseTimestamp));
    head.varint(record.offset - baseOffset);
    writer.varint(head.size + record.content.length);
    for (const chunk of head.finishChunks()) writer.bytes(chunk);
    writer.bytes(record.content);
  }
  return writer.finish();
}
