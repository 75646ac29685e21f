/**
 * What compaction leaves of one batch. A batch whose records all go may still stay, empty, for what its header says: a
 * producer's last sequence, or where the cleaned part ends.
 */
import {
  deleteHorizonOf,
  encodeRawBatch,
  type RawRecord,
  readRawRecords,
} from '../../messages/raw-records.ts';
import type { BatchHeader } from '../../messages/records.ts';
import { readMarker } from '../transaction-marker.ts';
import type { CleanedTransactions } from './cleaned-transactions.ts';
import type { OffsetMap } from './offset-map.ts';

/** The last thing a producer that is still remembered wrote. */
export interface LastOfProducer {
  /** -1: only a marker. */
  readonly lastDataOffset: number;
  readonly producerEpoch: number;
}

export interface FilterRules {
  readonly offsets: OffsetMap;
  readonly transactions: CleanedTransactions;
  readonly lastOfProducers: ReadonlyMap<number, LastOfProducer>;
  readonly nowMs: number;
  readonly deleteRetentionMs: number;
  /** Where the cleaned part ends; its last batch stays, so that this offset is not lost. */
  readonly endOffset: number;
}

/** The bytes that stay; undefined when nothing does. */
export function filterBatch(buffer: Buffer, header: BatchHeader, rules: FilterRules): Buffer | undefined {
  const mayGo = header.isControl
    ? rules.transactions.readControlBatch(header, readMarker(buffer, header))
    : rules.transactions.readBatch(header);
  const horizon = deleteHorizonOf(header);
  const isDropped = mayGo && (!header.isControl || (horizon !== undefined && horizon <= rules.nowMs));
  const staysEmpty = isLastOfProducer(header, rules) || header.lastOffset + 1 === rules.endOffset;
  if (isDropped && !staysEmpty) return undefined;
  const records = isDropped ? [] : readRawRecords(buffer, header);
  const kept = records.filter((record) => header.isControl || isRetained(record, horizon, rules));
  if (kept.length === 0) {
    return staysEmpty ? encodeRawBatch({ header, records: [], deleteHorizonMs: undefined }) : undefined;
  }
  const hasTombstones = kept.some((record) => !record.hasValue);
  const needsHorizon = horizon === undefined && (hasTombstones || (mayGo && header.isControl));
  if (kept.length === records.length && !needsHorizon) {
    return buffer.subarray(header.position, header.position + header.sizeBytes);
  }
  const deleteHorizonMs = needsHorizon ? rules.nowMs + rules.deleteRetentionMs : horizon;
  return encodeRawBatch({ header, records: kept, deleteHorizonMs });
}

function isRetained(record: RawRecord, horizon: number | undefined, rules: FilterRules): boolean {
  if (record.offset > rules.offsets.latestOffset) return true;
  if (record.key === null) return false;
  if (record.offset < rules.offsets.offsetOf(record.key)) return false;
  return record.hasValue || horizon === undefined || rules.nowMs < horizon;
}

function isLastOfProducer(header: BatchHeader, rules: FilterRules): boolean {
  const last = header.producerId < 0 ? undefined : rules.lastOfProducers.get(header.producerId);
  if (last === undefined) return false;
  if (last.lastDataOffset >= 0) return header.lastOffset === last.lastDataOffset;
  return header.isControl && header.producerEpoch === last.producerEpoch;
}
