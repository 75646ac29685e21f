/**
 * What Raft remembers of its log: where it starts and ends, which epoch begins where, and which snapshots cover its
 * beginning. The bytes are the shell's.
 */
import type { EpochStart, LogState, OffsetAndEpoch } from './types.ts';

export interface LogIndex {
  startOffset: number;
  endOffset: number;
  /** Ascending in epoch and in offset, none at or past endOffset. */
  epochs: EpochStart[];
  /** Ascending; the first one covers everything before startOffset when that is not 0. */
  snapshots: OffsetAndEpoch[];
}

export function createLogIndex(state: LogState): LogIndex {
  return {
    startOffset: state.startOffset,
    endOffset: state.endOffset,
    epochs: [...state.epochs],
    snapshots: state.snapshot === null ? [] : [state.snapshot],
  };
}

/** The log's end and the epoch of its last batch (of its snapshot when it holds nothing else; 0 when empty). */
export function logEnd(log: LogIndex): OffsetAndEpoch {
  const epoch = log.epochs.at(-1)?.epoch ?? log.snapshots.at(-1)?.epoch ?? 0;
  return { offset: log.endOffset, epoch };
}

export function appended(log: LogIndex, epoch: number, baseOffset: number, lastOffset: number): void {
  if (baseOffset !== log.endOffset) {
    throw new Error(`append at offset ${baseOffset}, but the log ends at ${log.endOffset}`);
  }
  const last = logEnd(log).epoch;
  if (epoch < last) throw new Error(`append in epoch ${epoch} after epoch ${last}`);
  if (log.epochs.at(-1)?.epoch !== epoch) log.epochs.push({ epoch, startOffset: baseOffset });
  log.endOffset = lastOffset + 1;
}

export function truncated(log: LogIndex, endOffset: number): void {
  log.endOffset = endOffset;
  log.epochs = log.epochs.filter((entry) => entry.startOffset < endOffset);
}

/** The log was emptied to begin at the end of this snapshot. */
export function restored(log: LogIndex, snapshot: OffsetAndEpoch): void {
  log.startOffset = snapshot.offset;
  log.endOffset = snapshot.offset;
  log.epochs = [];
  log.snapshots = [snapshot];
}

/**
 * A new snapshot is on disk. The log keeps what lies between the last two snapshots, so that a follower which is
 * a little behind need not load one. Returns the new start offset when it moved.
 */
export function snapshotted(log: LogIndex, snapshot: OffsetAndEpoch): number | null {
  const latest = log.snapshots.at(-1);
  if (latest !== undefined && snapshot.offset <= latest.offset) return null;
  log.snapshots.push(snapshot);
  if (log.snapshots.length <= 2) return null;
  log.snapshots.shift();
  const startOffset = log.snapshots[0]!.offset;
  log.startOffset = startOffset;
  const first = log.epochs.findLastIndex((entry) => entry.startOffset <= startOffset);
  if (first >= 0) {
    log.epochs.splice(0, first);
    log.epochs[0] = { epoch: log.epochs[0]!.epoch, startOffset };
  }
  return startOffset;
}

/** Where the log of the largest known epoch not above `epoch` ends, and that epoch (KIP-101, KIP-595). */
export function endOffsetForEpoch(log: LogIndex, epoch: number): OffsetAndEpoch {
  const end = logEnd(log);
  if (epoch >= end.epoch) return end;
  const higher = log.epochs.findIndex((entry) => entry.epoch > epoch);
  if (higher < 0) return end;
  const offset = log.epochs[higher]!.startOffset;
  const floor = higher > 0 ? log.epochs[higher - 1]!.epoch : epoch;
  const snapshot = log.snapshots.find((id) => id.offset === offset && id.epoch === epoch);
  return snapshot ?? { offset, epoch: floor };
}

export type FetchPosition =
  | { readonly kind: 'valid' }
  | { readonly kind: 'diverging'; readonly end: OffsetAndEpoch }
  | { readonly kind: 'snapshot'; readonly id: OffsetAndEpoch };

/** May a follower whose log ends at `offset` with `epoch` go on from there (KIP-630)? */
export function checkFetchPosition(log: LogIndex, offset: number, epoch: number): FetchPosition {
  if (log.startOffset === 0 && offset === 0) return { kind: 'valid' };
  const earliest = log.snapshots[0];
  if (log.startOffset > 0 && earliest !== undefined) {
    const behind =
      offset < log.startOffset ||
      (offset === log.startOffset && epoch !== earliest.epoch) ||
      epoch < earliest.epoch;
    if (behind) return { kind: 'snapshot', id: log.snapshots.at(-1)! };
  }
  const end = endOffsetForEpoch(log, epoch);
  if (end.epoch !== epoch || end.offset < offset) return { kind: 'diverging', end };
  return { kind: 'valid' };
}
