/** Finding records by time (ListOffsets): the time index narrows it to a place, the records there decide. */
import { CompressionError } from '../messages/compression.ts';
import { type BatchHeader, type BatchRecord, iterateRecords } from '../messages/records.ts';
import type { ScannedBatch } from './batch-scan.ts';
import type { TimestampOffset } from './log-contract.ts';
import { headerOf, type Segment } from './segment.ts';

/** The first record at or after `timestamp`. */
export function findTimestamp(
  segments: readonly Segment[],
  wanted: { timestamp: number; logStartOffset: number },
): TimestampOffset | undefined {
  const { timestamp, logStartOffset } = wanted;
  for (const segment of segments) {
    if (segment.maxTimestamp < timestamp) continue;
    for (const batch of segment.batchesSince(timestamp)) {
      const header = headerOf(batch);
      if (header.maxTimestamp < timestamp || header.lastOffset < logStartOffset) continue;
      const record = firstRecord(
        batch,
        header,
        (candidate) => candidate.timestamp >= timestamp && candidate.offset >= logStartOffset,
      );
      if (record !== undefined) return record;
    }
  }
  return undefined;
}

/** The first record that has the largest timestamp of all. */
export function findMaxTimestamp(segments: readonly Segment[]): TimestampOffset | undefined {
  let latest: Segment | undefined;
  for (const segment of segments) {
    if (segment.maxTimestamp >= 0 && segment.maxTimestamp > (latest?.maxTimestamp ?? -1)) latest = segment;
  }
  if (latest === undefined) return undefined;
  for (const batch of latest.wholeBatches(latest.locate(latest.offsetOfMaxTimestamp))) {
    const header = headerOf(batch);
    return firstRecord(batch, header, (candidate) => candidate.timestamp >= header.maxTimestamp);
  }
  return undefined;
}

function firstRecord(
  batch: ScannedBatch,
  header: BatchHeader,
  isWanted: (record: BatchRecord) => boolean,
): TimestampOffset | undefined {
  const leaderEpoch = header.partitionLeaderEpoch;
  try {
    for (const record of iterateRecords(batch.buffer, { ...header, position: batch.start })) {
      if (isWanted(record)) return { timestamp: record.timestamp, offset: record.offset, leaderEpoch };
    }
    return undefined;
  } catch (error) {
    // A codec that is not at hand: the batch's beginning is a safe answer, never too late.
    if (!(error instanceof CompressionError)) throw error;
    return { timestamp: header.baseTimestamp, offset: header.baseOffset, leaderEpoch };
  }
}
