import { describe, expect, test } from 'vitest';
import { encodeRawBatch, readRawRecords } from '../../broker/src/messages/raw-records.ts';
import { encodeBatch, iterateBatches, iterateRecords } from '../../broker/src/messages/records.ts';
import { cleanableOf } from '../../broker/src/storage/compaction/cleanable.ts';
import { LogCleaner } from '../../broker/src/storage/compaction/log-cleaner.ts';
import type { Disk } from '../../broker/src/storage/disk.ts';
import type { Log } from '../../broker/src/storage/log.ts';
import { defaultLogConfig, type LogConfig } from '../../broker/src/storage/log-contract.ts';
import { MemoryDisk } from '../../broker/src/storage/memory-disk.ts';
import { Random } from '../sim/random.ts';
import { append, now, openLog } from './batches.ts';

const compacted: Partial<LogConfig> = {
  cleanupPolicy: { compact: true, delete: false },
  minCleanableDirtyRatio: 0,
  deleteRetentionMs: 1_000,
};

/** `key=value`; `key` alone is a tombstone. */
function batch(pairs: readonly string[], options: object = {}): Buffer {
  const records = pairs.map((pair) => {
    const [key, value] = pair.split('=');
    return { key: Buffer.from(key!), value: value === undefined ? null : Buffer.from(value) };
  });
  return encodeBatch({ timestamp: now, records, ...options });
}

function marker(committed: boolean, options: object): Buffer {
  const key = Buffer.from([0, 0, 0, committed ? 1 : 0]);
  const value = Buffer.from([0, 0, 0, 0, 0, 5]);
  return encodeBatch({
    timestamp: now,
    records: [{ key, value }],
    isTransactional: true,
    isControl: true,
    ...options,
  });
}

function cleanerOf(disk: Disk, log: Log): LogCleaner {
  return new LogCleaner({
    disk,
    path: '/data',
    logs: () => [['topic-0', log]],
    highWatermarkOf: () => log.logEndOffset,
    settings: () => ({ dedupeBufferBytes: 128 << 20, dedupeLoadFactor: 0.9 }),
    warn: (message) => {
      throw new Error(message);
    },
  });
}

/** Cleans until nothing more is due; the number of rounds. */
function clean(cleaner: LogCleaner, nowMs = now): number {
  for (let rounds = 0; ; ) {
    const did = cleaner.step(nowMs);
    if (did.kind === 'idle') return rounds;
    if (did.kind === 'cleaned') rounds++;
  }
}

/** All records as offset:key=value, and the batches without any as (base-last). */
function contents(log: Log): string[] {
  const found: string[] = [];
  for (let offset = log.logStartOffset; offset < log.logEndOffset; ) {
    const result = log.read(offset, { maxBytes: 1 << 20, upTo: log.logEndOffset });
    if (result.kind !== 'records' || result.records.length === 0) return found;
    for (const header of iterateBatches(result.records)) {
      if (header.recordCount === 0) found.push(`(${header.baseOffset}-${header.lastOffset})`);
      for (const record of iterateRecords(result.records, header)) {
        const value = record.value === null ? '' : `=${header.isControl ? 'marker' : record.value}`;
        found.push(`${record.offset}:${header.isControl ? '' : record.key}${value}`);
      }
    }
    offset = result.nextOffset;
  }
  return found;
}

function logOf(disk: Disk, batches: readonly Buffer[], set: Partial<LogConfig> = {}): Log {
  disk.makeDirectory('/data');
  const log = openLog(disk, { set: { ...compacted, ...set } });
  for (const one of batches) append(log, one, { origin: 'coordinator' });
  log.roll();
  return log;
}

describe('compaction', () => {
  test('keeps the last record of each key at its offset, in one segment, and writes down how far it came', () => {
    const disk = new MemoryDisk();
    const log = logOf(disk, [batch(['a=1', 'b=1']), batch(['a=2'])]);
    append(log, batch(['b=2', 'c=1']));
    log.roll();
    append(log, batch(['a=3']));
    expect(clean(cleanerOf(disk, log))).toBe(1);
    expect(contents(log)).toEqual(['2:a=2', '3:b=2', '4:c=1', '5:a=3']);
    expect(log.segmentOffsets).toEqual([0, 5]);
    expect(disk.read('/data/cleaner-offset-checkpoint', 0, 99).toString()).toBe('0\n1\ntopic 0 5\n');
    expect(contents(openLog(disk, { set: compacted, logStartOffset: 0 }))).toEqual(contents(log));
  });

  test('keeps a tombstone until delete.retention.ms after it was first cleaned', () => {
    const disk = new MemoryDisk();
    const log = logOf(disk, [batch(['a=1', 'b=1']), batch(['a']), batch(['z=1'])]);
    const cleaner = cleanerOf(disk, log);
    clean(cleaner, now + 50);
    expect(contents(log)).toEqual(['1:b=1', '2:a', '3:z=1']);
    const [, second] = [...iterateBatches(disk.read(log.allSegments[0]!.logPath, 0, 9_999))];
    expect(second).toMatchObject({ hasDeleteHorizon: true, baseTimestamp: now + 1_050, maxTimestamp: now });
    append(log, batch(['b=2']));
    log.roll();
    clean(cleaner, now + 1_049);
    expect(contents(log)).toEqual(['2:a', '3:z=1', '4:b=2']);
    append(log, batch(['b=3']));
    log.roll();
    clean(cleaner, now + 1_050);
    expect(contents(log)).toEqual(['3:z=1', '5:b=3']);
  });

  test('touches neither the active segment nor what lies beyond the last stable offset', () => {
    const disk = new MemoryDisk();
    const open = { producerId: 1, producerEpoch: 0, baseSequence: 0, isTransactional: true };
    const log = logOf(disk, [batch(['a=1']), batch(['a=2'])]);
    append(log, batch(['a=3'], open));
    append(log, batch(['a=4']));
    log.roll();
    append(log, batch(['a=5']));
    clean(cleanerOf(disk, log));
    expect(contents(log)).toEqual(['1:a=2', '2:a=3', '3:a=4', '4:a=5']);
  });

  test('drops records of aborted transactions, and their marker once none is left', () => {
    const disk = new MemoryDisk();
    const producer = { producerId: 9, producerEpoch: 0, isTransactional: true };
    const log = logOf(disk, [
      batch(['a=1']),
      batch(['a=dirty'], { ...producer, baseSequence: 0 }),
      marker(false, producer),
      batch(['b=1'], { ...producer, baseSequence: 1 }),
      marker(true, producer),
      batch(['z=1']),
    ]);
    const cleaner = cleanerOf(disk, log);
    clean(cleaner);
    expect(contents(log)).toEqual(['0:a=1', '2:=marker', '3:b=1', '4:=marker', '5:z=1']);
    append(log, batch(['z=2']));
    log.roll();
    clean(cleaner, now + 1_000);
    append(log, batch(['z=3']));
    log.roll();
    clean(cleaner, now + 5_000);
    expect(contents(log)).toEqual(['0:a=1', '3:b=1', '4:=marker', '7:z=3']);
    expect(log.abortedTransactions(0, 99)).toEqual([]);
  });

  test('keeps an empty batch with a living producer’s last sequence', () => {
    const disk = new MemoryDisk();
    const producer = { producerId: 9, producerEpoch: 2, baseSequence: 0 };
    const log = logOf(disk, [batch(['a=1', 'b=1'], producer), batch(['a=2']), batch(['b=2'])]);
    clean(cleanerOf(disk, log));
    expect(contents(log)).toEqual(['(0-1)', '2:a=2', '3:b=2']);
    disk.remove('/data/topic-0/00000000000000000004.snapshot');
    const again = openLog(disk, { set: compacted });
    const repeated = again.appendAsLeader(batch(['a=1', 'b=1'], producer), { leaderEpoch: 0, nowMs: now });
    expect(repeated).toMatchObject({ kind: 'duplicate', firstOffset: 0, lastOffset: 1 });
  });

  test('keeps compression, headers and timestamps of what stays', () => {
    const records = ['a', 'b'].map((key, index) => ({
      key: Buffer.from(key),
      value: Buffer.from('x'.repeat(200)),
      timestamp: now + index,
      headers: [{ key: 'trace', value: Buffer.from([1, 2]) }],
    }));
    const original = encodeBatch({ timestamp: now, codec: 'gzip', records });
    const [header] = [...iterateBatches(original)];
    const kept = readRawRecords(original, header!).slice(1);
    const rewritten = encodeRawBatch({ header: header!, records: kept, deleteHorizonMs: undefined });
    const [after] = [...iterateBatches(rewritten)];
    expect(after).toMatchObject({
      codec: 'gzip',
      baseOffset: 0,
      lastOffset: 1,
      baseTimestamp: now + 1,
      recordCount: 1,
    });
    const [record] = [...iterateRecords(rewritten, after!)];
    expect(record).toMatchObject({ offset: 1, timestamp: now + 1, headers: records[1]!.headers });
  });

  test('continues after a full dedupe buffer, and changes nothing while it is aborted by a truncation', () => {
    const disk = new MemoryDisk();
    const log = logOf(disk, [batch(['a=1', 'b=1', 'c=1']), batch(['a=2', 'b=2', 'c=2'])]);
    const cleaner = new LogCleaner({
      disk,
      path: '/data',
      logs: () => [['topic-0', log]],
      highWatermarkOf: () => log.logEndOffset,
      settings: () => ({ dedupeBufferBytes: 24 * 3, dedupeLoadFactor: 1 }),
      warn: () => undefined,
    });
    expect(clean(cleaner)).toBeGreaterThan(1);
    expect(contents(log)).toEqual(['3:a=2', '4:b=2', '5:c=2']);
  });

  test('starts when the dirty part is large enough, or has waited long enough, or not at all', () => {
    const segment = (baseOffset: number, maxTimestamp = now) => ({
      baseOffset,
      sizeBytes: 100,
      maxTimestamp,
      firstTimestamp: maxTimestamp,
    });
    const segments = [segment(0), segment(10), segment(20, now + 500), segment(30)];
    const judge = (config: Partial<LogConfig>, rest: object = {}) =>
      cleanableOf(segments, {
        config: { ...defaultLogConfig, ...config },
        nowMs: now + 1_000,
        logStartOffset: 0,
        logEndOffset: 40,
        lastStableOffset: 40,
        checkpoint: 10,
        ...rest,
      });
    expect(judge({})).toMatchObject({
      firstDirtyOffset: 10,
      firstUncleanableOffset: 30,
      cleanableBytes: 200,
      isOverdue: false,
    });
    expect(judge({}).ratio).toBeCloseTo(2 / 3);
    expect(judge({ minCompactionLagMs: 600 })).toMatchObject({
      firstUncleanableOffset: 20,
      cleanableBytes: 100,
    });
    expect(judge({ maxCompactionLagMs: 999 }).isOverdue).toBe(true);
    expect(judge({}, { lastStableOffset: 25 })).toMatchObject({ firstUncleanableOffset: 20 });
    expect(judge({}, { checkpoint: 41 })).toMatchObject({ firstDirtyOffset: 0 });
    expect(judge({}, { checkpoint: 30 })).toMatchObject({ cleanableBytes: 0 });
  });
});

describe('compaction and a crash', () => {
  test('at any operation leaves each key’s last value, and nothing older than what is there', () => {
    for (const keepUnflushed of [true, false]) {
      for (let changes = 0; ; changes++) {
        const disk = new MemoryDisk();
        const log = logOf(disk, [batch(['a=1', 'b=1']), batch(['a=2'])], { segmentBytes: 300 });
        append(log, batch(['b=2', 'c=1']));
        log.roll();
        append(log, batch(['a=3', 'c']));
        log.roll();
        log.flush();
        disk.crashAfterChanges(changes);
        let crashed = false;
        try {
          clean(cleanerOf(disk, log));
        } catch {
          crashed = true;
        }
        disk.restart({ keepUnflushed });
        const again = openLog(disk, { set: compacted, recoveryPoint: log.logEndOffset });
        expect(lastValues(again), `crash at ${changes}`).toEqual({ a: '3', b: '2', c: null });
        expect(again.logEndOffset).toBe(7);
        expect(disk.list('/data/topic-0').filter((name) => /cleaned|swap|deleted/.test(name))).toEqual([]);
        clean(cleanerOf(disk, again));
        expect(lastValues(again)).toEqual({ a: '3', b: '2', c: null });
        if (!crashed) break;
      }
    }
  });

  test('random logs read the same, key by key, before and after any number of cleanings', () => {
    const seed = Number(process.env.SEED ?? 20_261);
    const random = new Random(seed);
    for (let round = 0; round < 40; round++) {
      const disk = new MemoryDisk();
      const log = logOf(disk, [], { segmentBytes: 400, deleteRetentionMs: 1e9 });
      const cleaner = cleanerOf(disk, log);
      const sequences = new Map<number, number>();
      for (let step = 0; step < 60; step++) {
        const producerId = random.between(1, 3);
        const producer = { producerId, producerEpoch: 0, isTransactional: true };
        const dice = random.next();
        if (dice < 0.6) {
          const pairs = Array.from({ length: random.between(1, 3) }, () => {
            const key = random.pick(['a', 'b', 'c', 'd', 'e', 'f']);
            return random.chance(0.15) ? key : `${key}=${step}`;
          });
          const baseSequence = sequences.get(producerId) ?? 0;
          const codec = random.pick(['none', 'gzip', 'lz4'] as const);
          append(log, batch(pairs, { ...producer, baseSequence, codec }));
          sequences.set(producerId, baseSequence + pairs.length);
        } else if (dice < 0.9) append(log, marker(random.chance(0.5), producer), { origin: 'coordinator' });
        else {
          const before = lastValues(log);
          const end = log.logEndOffset;
          clean(cleaner, now + step);
          expect(lastValues(log), `seed ${seed}, round ${round}, step ${step}`).toEqual(before);
          const again = openLog(disk.clone(), { set: compacted, cleanShutdown: random.chance(0.5) });
          expect(lastValues(again), `seed ${seed}, round ${round}, reopened at ${step}`).toEqual(before);
          expect(again.logEndOffset).toBe(end);
        }
      }
    }
  });
});

/** What a read_committed reader that starts at the beginning ends up with. */
function lastValues(log: Log): Record<string, string | null> {
  const values: Record<string, string | null> = {};
  const end = log.lastStableOffset(log.logEndOffset);
  const aborted = log.abortedTransactions(0, end);
  for (let offset = log.logStartOffset; offset < end; ) {
    const result = log.read(offset, { maxBytes: 1 << 20, upTo: end });
    if (result.kind !== 'records' || result.records.length === 0) break;
    for (const header of iterateBatches(result.records)) {
      const isAborted = aborted.some(
        ({ producerId, firstOffset, lastOffset }) =>
          producerId === header.producerId &&
          firstOffset <= header.baseOffset &&
          header.baseOffset < lastOffset,
      );
      if (header.isControl || isAborted) continue;
      for (const { key, value } of iterateRecords(result.records, header)) {
        values[String(key)] = value === null ? null : String(value);
      }
    }
    offset = result.nextOffset;
  }
  return values;
}
