/** Batches for storage tests, as a client would send them. */
import {
  type BatchInput,
  encodeBatch,
  iterateBatches,
  iterateRecords,
} from '../../broker/src/messages/records.ts';
import type { Disk } from '../../broker/src/storage/disk.ts';
import { Log } from '../../broker/src/storage/log.ts';
import {
  type AppendOrigin,
  defaultLogConfig,
  type LogConfig,
} from '../../broker/src/storage/log-contract.ts';

export const now = 1_700_000_000_000;

export function batchOf(values: readonly string[], options: Partial<BatchInput> = {}): Buffer {
  return encodeBatch({
    timestamp: now,
    records: values.map((value) => ({ key: Buffer.from(`key-${value}`), value: Buffer.from(value) })),
    ...options,
  });
}

export function openLog(
  disk: Disk,
  options: Partial<Parameters<typeof Log.open>[0]> & { set?: Partial<LogConfig> } = {},
): Log {
  const { set, ...rest } = options;
  return Log.open({
    disk,
    directory: '/data/topic-0',
    config: { ...defaultLogConfig, ...set },
    ...rest,
  });
}

/** Appends one batch as leader and expects it to be taken. */
export function append(
  log: Log,
  batch: Buffer,
  options: { leaderEpoch?: number; nowMs?: number; origin?: AppendOrigin } = {},
): number {
  const result = log.appendAsLeader(batch, {
    leaderEpoch: options.leaderEpoch ?? 0,
    nowMs: options.nowMs ?? now,
    ...(options.origin === undefined ? {} : { origin: options.origin }),
  });
  if (result.kind === 'rejected') throw new Error(`rejected: ${result.errorCode} ${result.message}`);
  return result.firstOffset;
}

/** All records from `from`, as offset:value. */
export function readAll(log: Log, from = log.logStartOffset): string[] {
  const found: string[] = [];
  for (let offset = from; ; ) {
    const result = log.read(offset, { maxBytes: 1_000, upTo: log.logEndOffset });
    if (result.kind === 'outOfRange') throw new Error(`out of range at ${offset}`);
    if (result.records.length === 0) return found;
    for (const header of iterateBatches(result.records)) {
      for (const record of iterateRecords(result.records, header)) {
        if (record.offset >= from) found.push(`${record.offset}:${record.value?.toString()}`);
      }
    }
    offset = result.nextOffset;
  }
}

/** The marker that ends a transaction. */
export function markerOf(options: { committed: boolean } & Partial<BatchInput>): Buffer {
  const { committed, ...rest } = options;
  const key = Buffer.from([0, 0, 0, committed ? 1 : 0]);
  const value = Buffer.from([0, 0, 0, 0, 0, 5]);
  const records = [{ key, value }];
  return encodeBatch({ timestamp: now, records, isTransactional: true, isControl: true, ...rest });
}
