/** Which segments may go: oldest first, until the first that must stay. Pure. */
import type { LogConfig } from './log-contract.ts';

export interface RetainedSegment {
  readonly sizeBytes: number;
  /** -1 when the segment is empty or its records have none. */
  readonly maxTimestamp: number;
  /** Offset after its last record: where the next segment begins, or the log end offset. */
  readonly endOffset: number;
}

/** Number of segments, from the oldest, that retention deletes; the active one counts when it is not empty. */
export function countDeletable(
  segments: readonly RetainedSegment[],
  options: { config: LogConfig; nowMs: number; highWatermark: number; logStartOffset: number },
): number {
  const { config, nowMs, highWatermark, logStartOffset } = options;
  let excessBytes = segments.reduce((sum, segment) => sum + segment.sizeBytes, 0) - config.retentionBytes;
  const isLast = (index: number) => index === segments.length - 1;
  let count = 0;
  for (const [index, segment] of segments.entries()) {
    if (highWatermark < segment.endOffset || (isLast(index) && segment.sizeBytes === 0)) break;
    const isBelowStart = !isLast(index) && segment.endOffset <= logStartOffset;
    const isExpired =
      config.cleanupPolicy.delete &&
      config.retentionMs >= 0 &&
      segment.maxTimestamp >= 0 &&
      nowMs - segment.maxTimestamp > config.retentionMs;
    const isExcess =
      config.cleanupPolicy.delete && config.retentionBytes >= 0 && excessBytes - segment.sizeBytes >= 0;
    if (!isBelowStart && !isExpired && !isExcess) break;
    excessBytes -= segment.sizeBytes;
    count++;
  }
  return count;
}
