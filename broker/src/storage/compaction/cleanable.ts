/** Which part of a log compaction may touch, and how urgently (KIP-58, KIP-354). Pure. */
import type { LogConfig } from '../log-contract.ts';

export interface CleanableSegment {
  readonly baseOffset: number;
  readonly sizeBytes: number;
  /** -1 when its records have none. */
  readonly maxTimestamp: number;
  /** Of its first batch; -1 when unknown. */
  readonly firstTimestamp: number;
}

export interface CleanableOptions {
  readonly config: LogConfig;
  readonly nowMs: number;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  /** Nothing from here on is touched: transactions may be open, records not committed. */
  readonly lastStableOffset: number;
  /** Where the last cleaning ended; undefined before the first. */
  readonly checkpoint: number | undefined;
}

export interface Cleanable {
  readonly firstDirtyOffset: number;
  readonly firstUncleanableOffset: number;
  readonly cleanableBytes: number;
  /** Part of the bytes that was not cleaned before, 0 to 1. */
  readonly ratio: number;
  /** max.compaction.lag.ms has passed for a record that was not cleaned. */
  readonly isOverdue: boolean;
}

/** `segments` oldest first, the last one active. */
export function cleanableOf(segments: readonly CleanableSegment[], options: CleanableOptions): Cleanable {
  const firstDirtyOffset = firstDirty(options);
  const active = segments.at(-1)!;
  const sealed = segments.slice(0, -1);
  const dirty = sealed.filter((_, index) => (segments[index + 1]?.baseOffset ?? 0) > firstDirtyOffset);
  const { config, nowMs } = options;
  const lagMs = Math.max(0, config.minCompactionLagMs);
  const young = lagMs > 0 ? dirty.find((segment) => segment.maxTimestamp > nowMs - lagMs) : undefined;
  const bound = Math.max(
    firstDirtyOffset,
    Math.min(options.lastStableOffset, active.baseOffset, young?.baseOffset ?? Number.POSITIVE_INFINITY),
  );
  // A segment that is only partly below the bound stays whole.
  const uncleanable = segments.findLast((segment) => segment.baseOffset <= bound) ?? active;
  const firstUncleanableOffset = uncleanable.baseOffset;
  const cleanableBytes = bytesOf(dirty.filter((segment) => segment.baseOffset < firstUncleanableOffset));
  const cleanBytes = bytesOf(
    sealed.filter((segment) => segment.baseOffset < firstDirtyOffset && !dirty.includes(segment)),
  );
  const totalBytes = cleanBytes + cleanableBytes;
  return {
    firstDirtyOffset,
    firstUncleanableOffset,
    cleanableBytes,
    ratio: totalBytes === 0 ? 0 : cleanableBytes / totalBytes,
    isOverdue: cleanableBytes > 0 && isOverdue(dirty, options),
  };
}

function firstDirty({ checkpoint, logStartOffset, logEndOffset }: CleanableOptions): number {
  if (checkpoint === undefined || checkpoint < logStartOffset || checkpoint > logEndOffset)
    return logStartOffset;
  return checkpoint;
}

function isOverdue(dirty: readonly CleanableSegment[], { config, nowMs }: CleanableOptions): boolean {
  const earliest = dirty.reduce(
    (least, segment) => (segment.firstTimestamp > 0 ? Math.min(least, segment.firstTimestamp) : least),
    Number.POSITIVE_INFINITY,
  );
  return earliest < nowMs - Math.max(0, config.maxCompactionLagMs);
}

function bytesOf(segments: readonly CleanableSegment[]): number {
  return segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
}
