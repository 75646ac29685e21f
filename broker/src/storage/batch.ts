/**
 * What storage reads of a batch on its hot path, where decoding the whole header would cost more than it tells.
 * The header's layout is in `messages/records.ts`. Nothing here decodes records: batches are stored and served as
 * they were sent.
 */
import { BATCH_HEADER_BYTES, BATCH_POSITION, BATCH_PREFIX_BYTES } from '../messages/records.ts';

export const batchHeaderBytes = BATCH_HEADER_BYTES;

/** Whole size of the batch at `position`, as its length field says. */
export function sizeOfBatch(buffer: Buffer, position: number): number {
  return BATCH_PREFIX_BYTES + buffer.readInt32BE(position + BATCH_POSITION.batchLength);
}

export function lastOffsetOf(buffer: Buffer, position: number): number {
  return readInt64(buffer, position) + buffer.readInt32BE(position + BATCH_POSITION.lastOffsetDelta);
}

/** The offset after whole batches. */
export function endOfBatches(records: Buffer): number {
  let next = 0;
  for (let position = 0; position < records.length; position += sizeOfBatch(records, position)) {
    next = lastOffsetOf(records, position) + 1;
  }
  return next;
}

export function maxTimestampOf(buffer: Buffer, position: number): number {
  return readInt64(buffer, position + BATCH_POSITION.maxTimestamp);
}

export function readInt64(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position) * 0x1_0000_0000 + buffer.readUInt32BE(position + 4);
}

export function writeInt64(buffer: Buffer, position: number, value: number): void {
  const high = Math.floor(value / 0x1_0000_0000);
  buffer.writeInt32BE(high, position);
  buffer.writeUInt32BE(value - high * 0x1_0000_0000, position + 4);
}
