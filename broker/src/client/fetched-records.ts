/** Turns what a Fetch brought for one partition into records: codecs, control batches, aborted transactions. */
import type { FetchResponse } from '../messages/01-fetch.ts';
import { loadCodec } from '../messages/compression.ts';
import { type BatchHeader, iterateBatches, iterateRecords } from '../messages/records.ts';
import { fromInt64 } from './int64.ts';
import type { BatchInfo, FetchedBatch, FetchedRecord, IsolationLevel } from './types.ts';

export type FetchedPartition = FetchResponse['responses'][number]['partitions'][number];

export interface DecodeOptions {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly max: number;
  readonly isolation: IsolationLevel;
}

export async function decodeFetched(
  partition: FetchedPartition,
  options: DecodeOptions,
): Promise<FetchedBatch> {
  const buffer = partition.records ?? Buffer.alloc(0);
  const headers = [...iterateBatches(buffer)];
  if (headers.some((header) => header.codec === 'zstd')) await loadCodec('zstd');
  const isAborted = abortedBatches(partition, options.isolation);
  const records: FetchedRecord[] = [];
  let nextOffset = options.from;
  for (const header of headers) {
    if (records.length >= options.max) break;
    const skipped = isAborted(header, buffer) || header.isControl;
    if (!skipped) {
      const taken = takeRecords(buffer, header, { ...options, from: nextOffset, into: records });
      nextOffset = taken ?? Math.max(nextOffset, header.lastOffset + 1);
    } else {
      nextOffset = Math.max(nextOffset, header.lastOffset + 1);
    }
  }
  return {
    records,
    nextOffset,
    highWatermark: fromInt64(partition.highWatermark),
    lastStableOffset: fromInt64(partition.lastStableOffset),
    logStartOffset: fromInt64(partition.logStartOffset),
  };
}

/** Where to go on when the limit was met inside the batch; `null`: the batch was read to its end. */
function takeRecords(
  buffer: Buffer,
  header: BatchHeader,
  options: DecodeOptions & { readonly into: FetchedRecord[] },
): number | null {
  const { timestampType, partitionLeaderEpoch: leaderEpoch } = header;
  const batch: BatchInfo = {
    baseOffset: header.baseOffset,
    codec: header.codec,
    records: header.recordCount,
    idempotent: header.producerId >= 0,
    transactional: header.isTransactional,
  };
  for (const record of iterateRecords(buffer, header)) {
    if (record.offset < options.from) continue;
    if (options.into.length >= options.max) return record.offset;
    options.into.push({
      topic: options.topic,
      partition: options.partition,
      timestampType,
      leaderEpoch,
      batch,
      ...record,
    });
  }
  return null;
}

/** KIP-98: a producer's batches are aborted from a listed first offset to its next abort marker. */
export function abortedBatches(
  partition: FetchedPartition,
  isolation: IsolationLevel,
): (header: BatchHeader, buffer: Buffer) => boolean {
  const listed = isolation === 'read_committed' ? [...(partition.abortedTransactions ?? [])] : [];
  listed.sort((a, b) => Number(a.firstOffset - b.firstOffset));
  const aborting = new Set<number>();
  return (header, buffer) => {
    while (listed.length > 0 && fromInt64(listed[0]!.firstOffset) <= header.lastOffset) {
      aborting.add(fromInt64(listed.shift()!.producerId));
    }
    if (!header.isTransactional) return false;
    if (header.isControl) {
      if (isAbortMarker(buffer, header)) aborting.delete(header.producerId);
      return true;
    }
    return aborting.has(header.producerId);
  };
}

function isAbortMarker(buffer: Buffer, header: BatchHeader): boolean {
  for (const { key } of iterateRecords(buffer, header)) {
    return key !== null && key.length >= 4 && key.readInt16BE(2) === 0;
  }
  return false;
}
