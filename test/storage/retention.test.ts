import { describe, expect, test } from 'vitest';
import { defaultLogConfig } from '../../broker/src/storage/log-contract.ts';
import { LogDirectory } from '../../broker/src/storage/log-directory.ts';
import { MemoryDisk } from '../../broker/src/storage/memory-disk.ts';
import { countDeletable } from '../../broker/src/storage/retention.ts';
import { append, batchOf, now, openLog, readAll } from './batches.ts';

describe('retention', () => {
  const segments = [
    { sizeBytes: 100, maxTimestamp: 1_000, endOffset: 10 },
    { sizeBytes: 100, maxTimestamp: 5_000, endOffset: 20 },
    { sizeBytes: 100, maxTimestamp: 2_000, endOffset: 30 },
  ];
  const cases: [string, object, object, number][] = [
    ['by time stops at the first segment that is young', { retentionMs: 3_000 }, { nowMs: 7_000 }, 1],
    ['by time takes the active segment too', { retentionMs: 1_000 }, { nowMs: 100_000 }, 3],
    ['never takes what is not committed', { retentionMs: 1_000 }, { nowMs: 100_000, highWatermark: 19 }, 1],
    ['by size keeps at least retention.bytes', { retentionBytes: 150, retentionMs: -1 }, {}, 1],
    ['by size takes whole segments only', { retentionBytes: 201, retentionMs: -1 }, {}, 0],
    ['-1 keeps everything', { retentionBytes: -1, retentionMs: -1 }, { nowMs: 1e15 }, 0],
    ['takes what lies below the log start offset', { retentionMs: -1 }, { logStartOffset: 20 }, 2],
    [
      'does not delete from a topic that is only compacted',
      { retentionMs: 1, cleanupPolicy: { compact: true, delete: false } },
      { nowMs: 1e15 },
      0,
    ],
  ];
  test.each(cases)('%s', (_name, config, options, count) => {
    const defaults = { nowMs: 0, highWatermark: 30, logStartOffset: 0 };
    const set = { ...defaultLogConfig, ...config };
    expect(countDeletable(segments, { ...defaults, ...options, config: set })).toBe(count);
  });

  test('leaves an empty log where it was, with the next offset unchanged', () => {
    const disk = new MemoryDisk();
    const log = openLog(disk, { set: { retentionMs: 1_000, segmentBytes: 200 } });
    for (const value of ['a', 'b', 'c', 'd']) append(log, batchOf([value]));
    const nowMs = now + 2_000;
    expect(log.applyRetention({ nowMs, highWatermark: 4 })).toBeGreaterThan(1);
    expect([log.logStartOffset, log.logEndOffset, log.segmentOffsets]).toEqual([4, 4, [4]]);
    expect(disk.list('/data/topic-0').some((name) => name.endsWith('.log.deleted'))).toBe(true);
    expect(log.removeDeletedFiles(nowMs + 59_999)).toBe(nowMs + 60_000);
    expect(log.removeDeletedFiles(nowMs + 60_000)).toBeUndefined();
    expect(disk.list('/data/topic-0').some((name) => name.endsWith('.deleted'))).toBe(false);
    append(log, batchOf(['e'], { timestamp: nowMs }));
    expect(readAll(log)).toEqual(['4:e']);
  });
});

describe('a broker’s log folder', () => {
  const options = {
    topic: 'my-topic',
    partition: 3,
    topicId: 'Zm9vYmFyYmF6cXV4MTIzNA',
    config: defaultLogConfig,
    nowMs: now,
  };

  test('finds its partitions again, with high watermark, log start and clean shutdown', () => {
    const disk = new MemoryDisk();
    const first = new LogDirectory({ disk, path: '/data' });
    const log = first.open(options);
    for (const value of ['a', 'b', 'c']) append(log, batchOf([value]));
    log.deleteRecordsBefore(1);
    first.close([['my-topic-3', 2]]);
    expect(disk.read('/data/replication-offset-checkpoint', 0, 100).toString()).toBe('0\n1\nmy-topic 3 2\n');
    const second = new LogDirectory({ disk, path: '/data' });
    expect(second.wasCleanShutdown).toBe(true);
    expect(second.find()).toEqual([{ topic: 'my-topic', partition: 3, topicId: options.topicId }]);
    expect(second.checkpointedHighWatermark('my-topic', 3)).toBe(2);
    expect(second.open(options).logStartOffset).toBe(1);
    expect(new LogDirectory({ disk, path: '/data' }).wasCleanShutdown).toBe(false);
  });

  test('a deleted partition can be created again at once, its old files go later', () => {
    const disk = new MemoryDisk();
    const logs = new LogDirectory({ disk, path: '/data' });
    append(logs.open(options), batchOf(['old']));
    logs.delete('my-topic', 3, { dueMs: now + 60_000, uniqueId: 'a1b2' });
    expect(logs.open({ ...options, topicId: 'b3RoZXJ0b3BpY2lkMTIzNA' }).logEndOffset).toBe(0);
    expect(disk.list('/data')).toContain('my-topic-3.a1b2-delete');
    expect(logs.removeDeleted(now + 60_000)).toBeUndefined();
    expect(disk.list('/data')).not.toContain('my-topic-3.a1b2-delete');
  });
});
