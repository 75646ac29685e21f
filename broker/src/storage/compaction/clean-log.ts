/**
 * Compacts one log: reads the part that was not cleaned into a map of keys, then writes groups of segments anew without
 * what the map says is superseded. A generator, for a broker must go on serving meanwhile: it yields the bytes handled
 * since the last time. A crash at any moment leaves the old segments or the new ones (see segment-swap.ts).
 */
import { type BatchHeader, iterateRecords, readBatchHeader } from '../../messages/records.ts';
import type { Disk } from '../disk.ts';
import type { Log } from '../log.ts';
import { LogError } from '../log-contract.ts';
import { Segment } from '../segment.ts';
import { appendToTransactionIndex } from '../transaction-index.ts';
import { readMarker } from '../transaction-marker.ts';
import { type FilterRules, filterBatch } from './batch-filter.ts';
import type { Cleanable } from './cleanable.ts';
import { CleanedTransactions } from './cleaned-transactions.ts';
import { OffsetMap } from './offset-map.ts';

export interface CleaningOptions {
  readonly disk: Disk;
  readonly nowMs: number;
  readonly dedupeBufferBytes: number;
  readonly dedupeLoadFactor: number;
}

/** The log was cut or closed while it was cleaned: nothing was lost, a later cleaning begins anew. */
export class CleaningAborted extends Error {
  override readonly name = 'CleaningAborted';
}

const yieldBytes = 1024 * 1024;
const relativeOffsetMax = 0x7fff_ffff;

/** Returns the offset up to which the log is clean now. */
export function* cleanLog(log: Log, part: Cleanable, options: CleaningOptions): Generator<number, number> {
  const offsets = new OffsetMap({
    bufferBytes: options.dedupeBufferBytes,
    loadFactor: options.dedupeLoadFactor,
  });
  const cleaning = { log, part, options };
  yield* readKeys(cleaning, offsets);
  const endOffset = offsets.latestOffset + 1;
  const rules: FilterRules = {
    offsets,
    transactions: new CleanedTransactions(),
    lastOfProducers: log.lastOfProducers(),
    nowMs: options.nowMs,
    deleteRetentionMs: log.config.deleteRetentionMs,
    endOffset: part.firstUncleanableOffset,
  };
  const segments = log.allSegments.filter(({ baseOffset }) => baseOffset < endOffset);
  for (const group of groupBySize(segments, log, part.firstUncleanableOffset)) {
    yield* rewrite(cleaning, group, rules);
  }
  return endOffset;
}

interface Cleaning {
  readonly log: Log;
  readonly part: Cleanable;
  readonly options: CleaningOptions;
}

function* readKeys(cleaning: Cleaning, offsets: OffsetMap): Generator<number> {
  const { log, part } = cleaning;
  const { firstDirtyOffset: from, firstUncleanableOffset: to } = part;
  const transactions = new CleanedTransactions();
  transactions.add(log.abortedTransactions(from, to));
  const all = log.allSegments;
  for (const [index, segment] of all.entries()) {
    const nextBase = all[index + 1]?.baseOffset ?? Number.POSITIVE_INFINITY;
    if (nextBase <= from || segment.baseOffset >= to) continue;
    for (const found of batchesOf(cleaning, segment)) {
      if (typeof found === 'number') {
        yield found;
        continue;
      }
      const { buffer, header } = found;
      if (header.isControl) transactions.readControlBatch(header, readMarker(buffer, header));
      else if (!transactions.readBatch(header) && !noteKeys(buffer, header, { from, offsets })) return;
      if (header.lastOffset >= from) offsets.latestOffset = header.lastOffset;
    }
    offsets.latestOffset = Math.max(offsets.latestOffset, nextBase - 1);
  }
}

/** False when the map is full. */
function noteKeys(
  buffer: Buffer,
  header: BatchHeader,
  { from, offsets }: { from: number; offsets: OffsetMap },
): boolean {
  if (header.lastOffset < from) return true;
  for (const { key, offset } of iterateRecords(buffer, header)) {
    if (key !== null && offset >= from && !offsets.put(key, offset)) return false;
  }
  return true;
}

function groupBySize(segments: readonly Segment[], log: Log, firstUncleanableOffset: number): Segment[][] {
  const { segmentBytes, segmentIndexBytes } = log.config;
  const groups: Segment[][] = [];
  let bytes = { log: 0, index: 0, time: 0 };
  for (const [index, segment] of segments.entries()) {
    const group = groups.at(-1);
    const size = segment.fileSizes();
    const lastOffset = (segments[index + 1]?.baseOffset ?? firstUncleanableOffset) - 1;
    const fits =
      group !== undefined &&
      bytes.log + size.log <= segmentBytes &&
      bytes.index + size.index <= segmentIndexBytes &&
      bytes.time + size.time <= segmentIndexBytes &&
      lastOffset - group[0]!.baseOffset <= relativeOffsetMax;
    if (fits) {
      group.push(segment);
      bytes = { log: bytes.log + size.log, index: bytes.index + size.index, time: bytes.time + size.time };
    } else {
      groups.push([segment]);
      bytes = size;
    }
  }
  return groups;
}

function* rewrite(cleaning: Cleaning, group: readonly Segment[], rules: FilterRules): Generator<number> {
  const { log, options } = cleaning;
  const { disk, nowMs } = options;
  const { baseOffset } = group[0]!;
  const cleaned = Segment.create({ disk, directory: log.directory, baseOffset, fileSuffix: '.cleaned' });
  rules.transactions.kept = [];
  try {
    for (const [index, segment] of group.entries()) {
      const end = group[index + 1]?.baseOffset ?? segment.endOffset();
      rules.transactions.add(log.abortedTransactions(segment.baseOffset, end));
      for (const found of batchesOf(cleaning, segment)) {
        if (typeof found === 'number') {
          yield found;
          continue;
        }
        const kept = filterBatch(found.buffer, found.header, rules);
        if (kept !== undefined) cleaned.append(kept, log.config.indexIntervalBytes);
      }
    }
    cleaned.seal();
    cleaned.flush();
    cleaned.flushIndexes();
    const { kept } = rules.transactions;
    for (const aborted of kept) appendToTransactionIndex(disk, cleaned.path('.txnindex'), aborted);
    if (!log.replaceSegments(cleaned, { replaced: group, aborted: kept, nowMs })) throw new CleaningAborted();
  } catch (error) {
    if (cleaned.fileSuffix === '.cleaned') cleaned.remove();
    throw error;
  }
}

interface FoundBatch {
  readonly buffer: Buffer;
  readonly header: BatchHeader;
}

/** Every batch of a segment and, now and then, the bytes handled. */
function* batchesOf(cleaning: Cleaning, segment: Segment): Generator<FoundBatch | number> {
  const { log, part } = cleaning;
  let position = 0;
  let handled = 0;
  for (const batch of segment.wholeBatches()) {
    yield { buffer: batch.buffer, header: readBatchHeader(batch.buffer, batch.start) };
    position = batch.position + batch.sizeBytes;
    handled += batch.sizeBytes;
    if (handled < yieldBytes) continue;
    yield handled;
    handled = 0;
    const isCut = log.logEndOffset < part.firstUncleanableOffset || !log.allSegments.includes(segment);
    if (isCut) throw new CleaningAborted();
  }
  if (position < segment.sizeBytes) {
    throw new LogError(
      'unreadableSegment',
      `${segment.logPath} is damaged at byte ${position} of ${segment.sizeBytes}: it is not compacted any more. ` +
        'If another replica has this partition, delete its folder here and start the broker again; otherwise restore the file from a backup.',
    );
  }
}
