/** A batch on its way to the target: bytes ready to be sent, and where its records were at the source. */
import { CODECS, type CodecName, compress } from '../../messages/compression.ts';
import {
  BATCH_HEADER_BYTES,
  BATCH_POSITION,
  BATCH_PREFIX_BYTES,
  type BatchHeader,
} from '../../messages/records.ts';
import { crc32c } from '../../wire/crc32c.ts';
import type { Rewritten, Stretch } from './record-frames.ts';

export interface TargetBatch {
  /** Its producer's fields and its CRC are set by `stampProducer`. */
  readonly bytes: Buffer;
  readonly recordCount: number;
  readonly stretches: readonly Stretch[];
  /** Of the oldest and the youngest record, as far as known without looking into them. */
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly valueBytes: number;
}

export interface ProducerStamp {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly transactional: boolean;
}

const codecMask = 0x07;
const transactional = 0x10;
const magic = 2;

/** Takes over a batch as it is; its bytes are changed in place. */
export function adoptBatch(buffer: Buffer, header: BatchHeader): TargetBatch {
  const { position, sizeBytes, recordCount } = header;
  const bytes = buffer.subarray(position, position + sizeBytes);
  bytes.writeBigInt64BE(0n, BATCH_POSITION.baseOffset);
  bytes.writeInt32BE(-1, BATCH_POSITION.partitionLeaderEpoch);
  bytes.writeInt16BE(header.attributes & codecMask, BATCH_POSITION.attributes);
  return {
    bytes,
    recordCount,
    stretches: [{ offset: header.baseOffset, count: recordCount }],
    baseTimestamp: header.baseTimestamp,
    maxTimestamp: header.maxTimestamp,
    valueBytes: sizeBytes - BATCH_HEADER_BYTES,
  };
}

export function composeBatch(rewritten: Rewritten, codec: CodecName): TargetBatch {
  const { recordCount, baseTimestamp, maxTimestamp } = rewritten;
  const body = codec === 'none' ? rewritten.records : compress(codec, rewritten.records);
  const bytes = Buffer.allocUnsafe(BATCH_HEADER_BYTES + body.length);
  body.copy(bytes, BATCH_HEADER_BYTES);
  bytes.writeBigInt64BE(0n, BATCH_POSITION.baseOffset);
  bytes.writeInt32BE(bytes.length - BATCH_PREFIX_BYTES, BATCH_POSITION.batchLength);
  bytes.writeInt32BE(-1, BATCH_POSITION.partitionLeaderEpoch);
  bytes.writeInt8(magic, BATCH_POSITION.magic);
  bytes.writeInt16BE(CODECS.indexOf(codec), BATCH_POSITION.attributes);
  bytes.writeInt32BE(recordCount - 1, BATCH_POSITION.lastOffsetDelta);
  bytes.writeBigInt64BE(BigInt(baseTimestamp), BATCH_POSITION.baseTimestamp);
  bytes.writeBigInt64BE(BigInt(maxTimestamp), BATCH_POSITION.maxTimestamp);
  bytes.writeInt32BE(recordCount, BATCH_POSITION.recordCount);
  const { stretches, valueBytes } = rewritten;
  return { bytes, recordCount, stretches, baseTimestamp, maxTimestamp, valueBytes };
}

/** `null`: of no producer, so that the broker does not look for repetitions. */
export function stampProducer({ bytes }: TargetBatch, stamp: ProducerStamp | null): void {
  const codec = bytes.readInt16BE(BATCH_POSITION.attributes) & codecMask;
  bytes.writeInt16BE(stamp?.transactional ? codec | transactional : codec, BATCH_POSITION.attributes);
  bytes.writeBigInt64BE(stamp?.producerId ?? -1n, BATCH_POSITION.producerId);
  bytes.writeInt16BE(stamp?.producerEpoch ?? -1, BATCH_POSITION.producerEpoch);
  bytes.writeInt32BE(stamp?.baseSequence ?? -1, BATCH_POSITION.baseSequence);
  bytes.writeUInt32BE(crc32c(bytes.subarray(BATCH_POSITION.attributes)), BATCH_POSITION.crc);
}
