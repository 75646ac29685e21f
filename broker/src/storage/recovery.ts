/**
 * Bringing a partition's folder to a state that can be trusted, after an orderly stop or a kill.
 *
 * Segments from the recovery point on are read through, batch by batch: at the first one that is cut off or does
 * not match its CRC, the log ends there and later segments go. Below the recovery point everything was flushed,
 * so only a missing index is rebuilt, and damage there is an error for a person, never silently cut.
 */
import { isBatchIntact, readBatchHeader } from '../messages/records.ts';
import { batchHeaderBytes } from './batch.ts';
import type { ScannedBatch } from './batch-scan.ts';
import { settleSwaps } from './compaction/segment-swap.ts';
import type { LeaderEpochs } from './leader-epochs.ts';
import { LogError, type LogOpenOptions } from './log-contract.ts';
import { Segment, segmentFileName } from './segment.ts';

const segmentName = /^(\d{20})\.log$/;
const leftover = /\.(deleted|tmp)$/;

export interface RecoveredLog {
  /** Oldest first, at least one. */
  readonly segments: Segment[];
  readonly logEndOffset: number;
  /** Offsets of the producer snapshots in the folder, ascending. */
  readonly snapshots: number[];
}

export function recoverSegments(options: LogOpenOptions, epochs: LeaderEpochs): RecoveredLog {
  const { disk, directory } = options;
  disk.makeDirectory(directory);
  settleSwaps(disk, directory);
  const names = disk.list(directory);
  for (const name of names) if (leftover.test(name)) disk.remove(`${directory}/${name}`);
  const bases = names.flatMap((name) => segmentName.exec(name)?.[1] ?? []).map(Number);
  const segments = loadSegments(bases, options, epochs);
  if (segments.length === 0) {
    const { preallocate, segmentBytes } = options.config;
    const preallocateBytes = preallocate ? segmentBytes : 0;
    segments.push(
      Segment.create({ disk, directory, baseOffset: options.logStartOffset ?? 0, preallocateBytes }),
    );
  }
  removeStrayIndexes(names, segments, options);
  const logEndOffset = segments.at(-1)!.endOffset();
  return { segments, logEndOffset, snapshots: listSnapshots(names, logEndOffset, options) };
}

function loadSegments(bases: readonly number[], options: LogOpenOptions, epochs: LeaderEpochs): Segment[] {
  const { disk, directory, cleanShutdown = false, recoveryPoint = 0 } = options;
  const segments: Segment[] = [];
  for (const [index, baseOffset] of bases.entries()) {
    const place = { disk, directory, baseOffset, random: options.random };
    const nextBase = bases[index + 1] ?? Number.POSITIVE_INFINITY;
    const isTrusted = cleanShutdown || nextBase <= recoveryPoint;
    if (isTrusted) {
      segments.push(Segment.open(place) ?? rebuildTrusted(place, options, epochs));
      continue;
    }
    const segment = new Segment(place, disk.size(`${directory}/${segmentFileName(baseOffset, '.log')}`) ?? 0);
    const sizeBefore = segment.sizeBytes;
    const isRoomy = nextBase === Number.POSITIVE_INFINITY && endsInRoom(disk, segment);
    const isWhole = scanAndCut(segment, options, epochs) || isRoomy;
    segments.push(segment);
    if (isWhole && reaches(segment, nextBase, options)) continue;
    warnOfCut(segment, { sizeBefore, laterSegments: bases.length - index - 1 }, options);
    for (const later of bases.slice(index + 1)) {
      new Segment({ disk, directory, baseOffset: later }, 0).remove();
    }
    break;
  }
  return segments;
}

/**
 * Whether a segment goes up to where the next begins. A power cut may take a sealed segment's unflushed end and leave the
 * next one; only compaction makes such gaps on purpose.
 */
function reaches(segment: Segment, nextBase: number, options: LogOpenOptions): boolean {
  if (nextBase === Number.POSITIVE_INFINITY || options.config.cleanupPolicy.compact) return true;
  return segment.endOffset() >= nextBase;
}

function warnOfCut(
  segment: Segment,
  cut: { sizeBefore: number; laterSegments: number },
  options: LogOpenOptions,
): void {
  const lost = cut.sizeBefore - segment.sizeBytes;
  const later = cut.laterSegments === 0 ? '' : `, and ${cut.laterSegments} later segment(s) with them`;
  if (lost === 0) {
    options.warn?.(
      `${segment.logPath}: it ends at offset ${segment.endOffset()}, before the next segment begins${later}`,
    );
    return;
  }
  options.warn?.(
    `${segment.logPath}: the last ${lost} of ${cut.sizeBefore} bytes are not whole record batches and were cut off${later}`,
  );
}

/** Zeros at the end are room that was made in advance (preallocate): cutting it off loses nothing. */
function endsInRoom(disk: LogOpenOptions['disk'], { logPath, sizeBytes }: Segment): boolean {
  if (sizeBytes < batchHeaderBytes) return false;
  const end = disk.read(logPath, sizeBytes - batchHeaderBytes, batchHeaderBytes);
  return end.every((byte) => byte === 0);
}

/** Rebuilds the indexes of a segment whose records must be intact. */
function rebuildTrusted(
  place: { disk: LogOpenOptions['disk']; directory: string; baseOffset: number },
  options: LogOpenOptions,
  epochs: LeaderEpochs,
): Segment {
  const path = `${place.directory}/${segmentFileName(place.baseOffset, '.log')}`;
  const sizeBytes = place.disk.size(path) ?? 0;
  const probe = new Segment(place, sizeBytes);
  let sound = 0;
  for (const batch of probe.wholeBatches()) {
    if (!isIntact(batch)) break;
    sound += batch.sizeBytes;
  }
  if (sound < sizeBytes) {
    throw new LogError(
      'unreadableSegment',
      `${path} is damaged at byte ${sound} of ${sizeBytes}, in records that had been stored safely`,
    );
  }
  const segment = new Segment(place, sizeBytes);
  scanAndCut(segment, options, epochs);
  return segment;
}

/** Reads a segment through, rebuilding its indexes; false when its end had to be cut off. */
function scanAndCut(segment: Segment, options: LogOpenOptions, epochs: LeaderEpochs): boolean {
  const sizeBefore = segment.sizeBytes;
  let nextOffset = segment.baseOffset;
  segment.rebuild(options.config.indexIntervalBytes, (batch) => {
    if (!isIntact(batch)) return false;
    const header = readBatchHeader(batch.buffer, batch.start);
    if (header.baseOffset < nextOffset) return false;
    nextOffset = header.lastOffset + 1;
    if (header.partitionLeaderEpoch > epochs.latest) {
      epochs.assign(header.partitionLeaderEpoch, header.baseOffset);
    }
    return true;
  });
  return segment.sizeBytes === sizeBefore;
}

function isIntact(batch: ScannedBatch): boolean {
  try {
    return isBatchIntact(batch.buffer, readBatchHeader(batch.buffer, batch.start));
  } catch {
    return false;
  }
}

/** Index files whose segment is gone, as an interrupted deletion leaves them. */
function removeStrayIndexes(names: readonly string[], segments: readonly Segment[], options: LogOpenOptions) {
  const known = new Set(segments.map((segment) => segment.baseOffset));
  for (const name of names) {
    const match = /^(\d{20})\.(index|timeindex|txnindex)$/.exec(name);
    if (match && !known.has(Number(match[1]))) options.disk.remove(`${options.directory}/${name}`);
  }
}

function listSnapshots(names: readonly string[], logEndOffset: number, options: LogOpenOptions): number[] {
  const offsets = names.flatMap((name) => /^(\d{20})\.snapshot$/.exec(name)?.[1] ?? []).map(Number);
  for (const offset of offsets) {
    if (offset > logEndOffset)
      options.disk.remove(`${options.directory}/${segmentFileName(offset, '.snapshot')}`);
  }
  return offsets.filter((offset) => offset <= logEndOffset);
}
