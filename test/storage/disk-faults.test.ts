/**
 * Whatever single operation a disk refuses, the log stays usable: what was acknowledged is there, once, in order, to whoever
 * reads now and to whoever opens it again, and what failed can be done again.
 */
import { describe, expect, test } from 'vitest';
import { encodeBatch } from '../../broker/src/messages/records.ts';
import { LogCleaner } from '../../broker/src/storage/compaction/log-cleaner.ts';
import { type Disk, DiskError } from '../../broker/src/storage/disk.ts';
import type { Log } from '../../broker/src/storage/log.ts';
import type { LogConfig } from '../../broker/src/storage/log-contract.ts';
import { MemoryDisk } from '../../broker/src/storage/memory-disk.ts';
import { append, batchOf, markerOf, now, openLog, readAll } from './batches.ts';
import { RefusingDisk } from './refusing-disk.ts';

const set: Partial<LogConfig> = {
  segmentBytes: 500,
  indexIntervalBytes: 80,
  flushMessages: 3,
  retentionBytes: 1_500,
  fileDeleteDelayMs: 0,
};

const compacted: Partial<LogConfig> = {
  segmentBytes: 500,
  indexIntervalBytes: 80,
  cleanupPolicy: { compact: true, delete: false },
  minCleanableDirtyRatio: 0,
  fileDeleteDelayMs: 0,
};

/** One step of a log's life; what it acknowledges goes to `records`, at their offsets. */
type Step = (log: Log, records: Map<number, string>) => void;

const idempotent = (value: string, baseSequence: number, leaderEpoch = 0): Step => {
  return (log, records) => {
    const batch = batchOf([value], { producerId: 7, producerEpoch: 0, baseSequence });
    records.set(append(log, batch, { leaderEpoch }), value);
  };
};
const transactional = (value: string, baseSequence: number): Step => {
  return (log, records) => {
    const options = { producerId: 9, producerEpoch: 0, baseSequence, isTransactional: true };
    records.set(append(log, batchOf([value], options)), value);
  };
};
const aborted: Step = (log) => {
  append(log, markerOf({ committed: false, producerId: 9, producerEpoch: 0 }), { origin: 'coordinator' });
};

const life: readonly Step[] = [
  ...Array.from({ length: 6 }, (_, index) => idempotent(`a${index}`, index)),
  transactional('t0', 0),
  idempotent('a6', 6),
  aborted,
  (log) => log.startEpoch(1),
  ...Array.from({ length: 8 }, (_, index) => idempotent(`b${index}`, 7 + index, 1)),
  (log) => log.roll(),
  (log, records) => {
    log.truncateTo(14);
    for (const offset of records.keys()) if (offset >= 14) records.delete(offset);
  },
  (log, records) => {
    log.applyRetention({ nowMs: now, highWatermark: log.logEndOffset });
    for (const offset of records.keys()) if (offset < log.logStartOffset) records.delete(offset);
  },
  (log) => void log.removeDeletedFiles(now + 1),
  (log) => log.flush(),
  (log) => log.close(),
];

describe.each(['full', 'io'] as const)('a disk that answers %s', (code) => {
  const operations = live(new RefusingDisk(new MemoryDisk(), code)).operations;

  test('to any one operation costs nothing that was acknowledged, and what failed can be done again', () => {
    expect(operations).toBeGreaterThan(50);
    for (let at = 0; at < operations; at++) {
      const refusing = new RefusingDisk(new MemoryDisk(), code);
      refusing.refusal = { at, code };
      live(refusing);
    }
  });

  test('to any one operation of a cleaning leaves every key’s last value, and the next one goes on', () => {
    const wanted = new Map(Array.from({ length: 30 }, (_, index) => [`key-${index % 4}`, `v${index}`]));
    const cleaned = (refusing: RefusingDisk) => {
      const log = openLog(refusing.disk, { set: compacted });
      for (let index = 0; index < 30; index++) append(log, pairOf(`key-${index % 4}`, `v${index}`));
      const from = refusing.operations;
      const cleaner = cleanerOf(refusing.disk, log);
      for (let step = 0; step < 40; step++) cleaner.step(now);
      const refused = `refused ${refusing.refused}`;
      const operations = refusing.operations - from;
      refusing.refusal = null;
      expect(lastValues(log), refused).toEqual(wanted);
      // The disk works again, and an hour is a new chance for what was given up for a while.
      for (let step = 0; step < 40; step++) cleaner.step(now + 3_600_000);
      expect(lastValues(log), refused).toEqual(wanted);
      expect(lastValues(openLog(refusing.disk, { set: compacted })), refused).toEqual(wanted);
      return { from, operations, count: readAll(log).length };
    };
    const { from, operations, count } = cleaned(new RefusingDisk(new MemoryDisk(), code));
    expect(count).toBeLessThan(15);
    for (let at = from; at < from + operations; at++) {
      const refusing = new RefusingDisk(new MemoryDisk(), code);
      refusing.refusal = { at, code };
      expect(cleaned(refusing).count, refusing.refused).toBe(count);
    }
  });
});

function pairOf(key: string, value: string): Buffer {
  return encodeBatch({ timestamp: now, records: [{ key: Buffer.from(key), value: Buffer.from(value) }] });
}

function cleanerOf(disk: Disk, log: Log): LogCleaner {
  return new LogCleaner({
    disk,
    path: '/data',
    logs: () => [['topic-0', log]],
    highWatermarkOf: () => log.logEndOffset,
    settings: () => ({ dedupeBufferBytes: 128 << 20, dedupeLoadFactor: 0.9 }),
    warn: () => undefined,
  });
}

function lastValues(log: Log): Map<string, string> {
  const values = new Map<string, string>();
  for (const one of readAll(log)) {
    const value = one.split(':')[1]!;
    values.set(`key-${Number(value.slice(1)) % 4}`, value);
  }
  return values;
}

/** Lives through all steps, each tried again once when the disk refuses it; what there is is looked at after that, and in the end. */
function live(refusing: RefusingDisk): RefusingDisk {
  const records = new Map<number, string>();
  const { disk } = refusing;
  const open = (clean: boolean) => openLog(disk, { set, cleanShutdown: clean });
  const look = (log: Log, when: string) =>
    refusing.undisturbed(() => check(log, records, `${when}, refused ${refusing.refused}`));
  const log = again(() => open(false), refusing);
  for (const [index, step] of life.entries()) {
    const before = refusing.refused;
    again(() => step(log, records), refusing);
    if (refusing.refused !== before) look(log, `step ${index}`);
  }
  look(log, 'in the end');
  look(
    again(() => open(true), refusing),
    'opened again',
  );
  const scanned = again(() => open(false), refusing);
  look(scanned, 'recovered');
  expect(scanned.latestEpoch, refusing.refused).toBe(1);
  return refusing;
}

function check(log: Log, records: ReadonlyMap<number, string>, when: string): void {
  const wanted = [...records].filter(([offset]) => offset >= log.logStartOffset);
  const found = readAll(log).filter((one) => /:[abt]\d+$/.test(one));
  expect(found, when).toEqual(wanted.map(([offset, value]) => `${offset}:${value}`));
  const [t0] = [...records].find(([, value]) => value === 't0') ?? [];
  if (t0 === undefined || log.lastStableOffset(log.logEndOffset) < log.logEndOffset) return;
  expect(log.abortedTransactions(0, log.logEndOffset), when).toMatchObject([
    { producerId: 9, firstOffset: t0 },
  ]);
}

function again<T>(action: () => T, refusing: RefusingDisk): T {
  const before = refusing.refused;
  try {
    return action();
  } catch (error) {
    if (!(error instanceof DiskError)) {
      throw new Error(`after a refused ${refusing.refused}`, { cause: error });
    }
    if (refusing.refused === before) throw error;
    return action();
  }
}
