/**
 * What a leader checks before it takes a client's batch. The texts are Apache Kafka's: producers print them.
 *
 * Compressed batches are opened only where a rule needs their records (keys on compacted topics); otherwise the
 * CRC, the counts and the producer's word stand for what is inside.
 */
import { CompressionError } from '../messages/compression.ts';
import { ErrorCode } from '../messages/errors.ts';
import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  isBatchIntact,
  iterateRecords,
  readBatchHeader,
} from '../messages/records.ts';
import { WireError } from '../wire/wire-error.ts';
import { batchHeaderBytes, sizeOfBatch } from './batch.ts';
import type { AppendOrigin, LogConfig, RecordError } from './log-contract.ts';

export interface CheckOptions {
  readonly config: LogConfig;
  readonly origin: AppendOrigin;
  readonly nowMs: number;
  /** topic-partition, for messages. */
  readonly name: string;
}

export interface Rejection {
  readonly kind: 'rejected';
  readonly errorCode: number;
  readonly message: string | null;
  readonly recordErrors: readonly RecordError[];
}

export type Checked = { readonly kind: 'sound'; readonly headers: readonly BatchHeader[] } | Rejection;

export function checkBatches(batches: Buffer, options: CheckOptions): Checked {
  const headers: BatchHeader[] = [];
  for (let position = 0; position < batches.length; ) {
    const checked = checkBatch(batches, position, options);
    if ('kind' in checked) return checked;
    headers.push(checked);
    position += checked.sizeBytes;
  }
  if (headers.length === 0) return reject(ErrorCode.INVALID_RECORD, 'The records to append are empty');
  if (batches.length > options.config.segmentBytes) {
    return reject(
      ErrorCode.RECORD_LIST_TOO_LARGE,
      `Message batch size is ${batches.length} bytes in append to partition ${options.name}, ` +
        `which exceeds the maximum configured segment size of ${options.config.segmentBytes}.`,
    );
  }
  return { kind: 'sound', headers };
}

function checkBatch(batches: Buffer, position: number, options: CheckOptions): BatchHeader | Rejection {
  const { config, origin, name } = options;
  const left = batches.length - position;
  const sizeBytes = left < batchHeaderBytes ? 0 : sizeOfBatch(batches, position);
  if (sizeBytes < batchHeaderBytes || sizeBytes > left) {
    return reject(ErrorCode.CORRUPT_MESSAGE, `Record batch in ${name} has a length that is not its own`);
  }
  const header = readHeader(batches, position);
  if ('kind' in header) return header;
  if (origin === 'client' && sizeBytes > config.maxMessageBytes) {
    return reject(
      ErrorCode.MESSAGE_TOO_LARGE,
      `The record batch size in the append to ${name} is ${sizeBytes} bytes which exceeds the maximum ` +
        `configured value of ${config.maxMessageBytes}.`,
    );
  }
  if (!isBatchIntact(batches, header)) {
    return reject(ErrorCode.CORRUPT_MESSAGE, `Record is corrupt in topic partition ${name}`);
  }
  return origin === 'client' ? (checkClientBatch(batches, header, options) ?? header) : header;
}

function readHeader(batches: Buffer, position: number): BatchHeader | Rejection {
  try {
    return readBatchHeader(batches, position);
  } catch (error) {
    if (error instanceof WireError) return reject(ErrorCode.INVALID_RECORD, error.message);
    throw error;
  }
}

function checkClientBatch(
  batches: Buffer,
  header: BatchHeader,
  options: CheckOptions,
): Rejection | undefined {
  const { config, name } = options;
  const delta = header.lastOffset - header.baseOffset;
  if (header.baseOffset !== 0) {
    return invalid(
      `The baseOffset of the record batch in the append to ${name} should be 0, but it is ${header.baseOffset}`,
    );
  }
  if (header.recordCount <= 0 || delta + 1 !== header.recordCount) {
    return invalid(
      `Inconsistent batch offset range [${header.baseOffset}, ${header.lastOffset}] and count of records ` +
        `${header.recordCount} in topic partition ${name}`,
    );
  }
  if (header.isControl) {
    return invalid(`Clients are not allowed to write control records in topic partition ${name}`);
  }
  if (header.producerId >= 0 && header.baseSequence < 0) {
    return invalid(
      `Invalid sequence number ${header.baseSequence} in record batch with producerId ${header.producerId}`,
    );
  }
  return (
    checkTimestamps(batches, header, options) ??
    checkRecords(batches, header, config.cleanupPolicy.compact, name)
  );
}

function checkTimestamps(batches: Buffer, header: BatchHeader, options: CheckOptions): Rejection | undefined {
  const { config, nowMs } = options;
  if (config.messageTimestampType === 'LogAppendTime' || header.maxTimestamp < 0) return undefined;
  const earliest = nowMs - config.messageTimestampBeforeMaxMs;
  const latest = nowMs + config.messageTimestampAfterMaxMs;
  const isBounded = config.messageTimestampBeforeMaxMs < Number.MAX_SAFE_INTEGER;
  if (header.maxTimestamp <= latest && !isBounded) return undefined;
  const recordErrors = timestampsOf(batches, header).flatMap((timestamp, batchIndex): RecordError[] => {
    if (timestamp < 0 || (timestamp >= earliest && timestamp <= latest)) return [];
    const message =
      `Timestamp ${timestamp} of message with offset ${batchIndex} is out of range. The timestamp should be within ` +
      `[${earliest}, ${latest}]`;
    return [{ batchIndex, message }];
  });
  if (recordErrors.length === 0) return undefined;
  const message = 'One or more records have been rejected due to invalid timestamp';
  return { ...reject(ErrorCode.INVALID_TIMESTAMP, message), recordErrors };
}

/** Of each record; of a batch that cannot be opened now (zstd not loaded yet, or damaged), what its header says. */
function timestampsOf(batches: Buffer, header: BatchHeader): number[] {
  try {
    return Array.from(iterateRecords(batches, header), ({ timestamp }) => timestamp);
  } catch (error) {
    if (error instanceof WireError || error instanceof CompressionError) return [header.maxTimestamp];
    throw error;
  }
}

function checkRecords(
  batches: Buffer,
  header: BatchHeader,
  keysRequired: boolean,
  name: string,
): Rejection | undefined {
  if (header.codec === 'none' && !keysRequired) {
    return areRecordsWellFormed(batches, header)
      ? undefined
      : invalid(`Found invalid messages in topic partition ${name}`);
  }
  if (!keysRequired) return undefined;
  try {
    return checkKeys(batches, header, name);
  } catch (error) {
    if (error instanceof WireError) return invalid(`Found invalid messages in topic partition ${name}`);
    // zstd may not be loaded yet: its batches are taken on the producer's word.
    if (error instanceof CompressionError) {
      return header.codec === 'zstd' ? undefined : reject(ErrorCode.CORRUPT_MESSAGE, error.message);
    }
    throw error;
  }
}

function checkKeys(batches: Buffer, header: BatchHeader, name: string): Rejection | undefined {
  const recordErrors: RecordError[] = [];
  let index = 0;
  for (const record of iterateRecords(batches, header)) {
    if (record.key === null) {
      recordErrors.push({
        batchIndex: index,
        message: `Compacted topic cannot accept message without key in topic partition ${name}`,
      });
    }
    index++;
  }
  if (recordErrors.length === 0) return undefined;
  const shown = recordErrors
    .slice(0, 3)
    .map((error) => `RecordError(batchIndex=${error.batchIndex}, message='${error.message}')`);
  return {
    ...invalid(
      `One or more records have been rejected due to ${recordErrors.length} record errors in total, and only ` +
        `showing the first three errors at most: [${shown.join(', ')}]`,
    ),
    recordErrors,
  };
}

/** Walks record sizes and offset deltas without decoding keys and values: consumers must not stumble later. */
function areRecordsWellFormed(batches: Buffer, header: BatchHeader): boolean {
  const end = header.position + header.sizeBytes;
  let position = header.position + BATCH_HEADER_BYTES;
  for (let index = 0; index < header.recordCount; index++) {
    const size = readVarint(batches, position, end);
    if (size === undefined || size.value < 4 || size.next + size.value > end) return false;
    const timestampEnd = skipVarint(batches, size.next + 1, end);
    const delta = readVarint(batches, timestampEnd, end);
    if (delta === undefined || delta.value !== index) return false;
    position = size.next + size.value;
  }
  return position === end;
}

function readVarint(
  buffer: Buffer,
  start: number,
  end: number,
): { readonly value: number; readonly next: number } | undefined {
  let raw = 0;
  for (let position = start, shift = 0; position < end && shift < 35; position++, shift += 7) {
    const byte = buffer[position] as number;
    raw |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value: (raw >>> 1) ^ -(raw & 1), next: position + 1 };
  }
  return undefined;
}

function skipVarint(buffer: Buffer, start: number, end: number): number {
  let position = start;
  while (position < end && (buffer[position] as number) >= 0x80) position++;
  return position + 1;
}

const invalid = (message: string): Rejection => reject(ErrorCode.INVALID_RECORD, message);

function reject(errorCode: number, message: string): Rejection {
  return { kind: 'rejected', errorCode, message, recordErrors: [] };
}
