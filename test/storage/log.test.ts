import { describe, expect, test } from 'vitest';
import { ErrorCode } from '../../broker/src/messages/errors.ts';
import { encodeBatch } from '../../broker/src/messages/records.ts';
import { MemoryDisk } from '../../broker/src/storage/memory-disk.ts';
import { append, batchOf, now, openLog, readAll } from './batches.ts';

describe('a log', () => {
  test('gives records consecutive offsets and serves them back as they were sent', () => {
    const log = openLog(new MemoryDisk());
    expect(append(log, batchOf(['a', 'b']))).toBe(0);
    expect(append(log, batchOf(['c']))).toBe(2);
    expect(readAll(log)).toEqual(['0:a', '1:b', '2:c']);
    expect(readAll(log, 1)).toEqual(['1:b', '2:c']);
  });

  test('serves only batches wholly below the given offset', () => {
    const log = openLog(new MemoryDisk());
    append(log, batchOf(['a', 'b']));
    append(log, batchOf(['c', 'd']));
    const result = log.read(0, { maxBytes: 10_000, upTo: 3 });
    expect(result).toMatchObject({ kind: 'records', nextOffset: 2 });
  });

  test('answers the first batch whole even when it is larger than asked for', () => {
    const log = openLog(new MemoryDisk());
    append(log, batchOf(['a'.repeat(5_000)]));
    const result = log.read(0, { maxBytes: 10, upTo: 1 });
    expect(result).toMatchObject({ kind: 'records', nextOffset: 1 });
    const strict = log.read(0, { maxBytes: 10, upTo: 1, minOneBatch: false });
    expect(strict).toMatchObject({ kind: 'records', nextOffset: 0 });
  });

  test('says out of range below its start and beyond its end, not at its end', () => {
    const log = openLog(new MemoryDisk());
    append(log, batchOf(['a']));
    expect(log.read(1, { maxBytes: 10, upTo: 1 })).toMatchObject({ kind: 'records' });
    expect(log.read(2, { maxBytes: 10, upTo: 1 })).toEqual({
      kind: 'outOfRange',
      logStartOffset: 0,
      logEndOffset: 1,
    });
    log.deleteRecordsBefore(1);
    expect(log.read(0, { maxBytes: 10, upTo: 1 })).toMatchObject({ kind: 'outOfRange', logStartOffset: 1 });
  });

  test('rolls to a new segment when the batch would not fit, and reads across segments', () => {
    const disk = new MemoryDisk();
    const log = openLog(disk, { set: { segmentBytes: 200 } });
    for (const value of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) append(log, batchOf([value]));
    expect(log.segmentOffsets.length).toBeGreaterThan(2);
    expect(readAll(log)).toEqual(['0:a', '1:b', '2:c', '3:d', '4:e', '5:f', '6:g']);
    expect(disk.list('/data/topic-0')).toContain('00000000000000000000.log');
  });

  test('rolls by message time only when something is appended', () => {
    const log = openLog(new MemoryDisk(), { set: { segmentMs: 1_000 } });
    append(log, batchOf(['a'], { timestamp: now }));
    append(log, batchOf(['b'], { timestamp: now + 1_000 }));
    expect(log.segmentOffsets).toEqual([0]);
    append(log, batchOf(['c'], { timestamp: now + 1_001 }));
    expect(log.segmentOffsets).toEqual([0, 2]);
  });

  test('finds the first record at or after a time', () => {
    const log = openLog(new MemoryDisk(), { set: { indexIntervalBytes: 100, segmentBytes: 700 } });
    for (let index = 0; index < 40; index++)
      append(log, batchOf([`v${index}`], { timestamp: now + index * 10 }));
    expect(log.offsetForTimestamp(now + 95)).toEqual({ timestamp: now + 100, offset: 10, leaderEpoch: 0 });
    expect(log.offsetForTimestamp(now + 100)).toMatchObject({ offset: 10 });
    expect(log.offsetForTimestamp(now - 1)).toMatchObject({ offset: 0 });
    expect(log.offsetForTimestamp(now + 391)).toBeUndefined();
    expect(log.offsetOfMaxTimestamp()).toMatchObject({ offset: 39 });
  });

  test('truncates to a batch boundary and takes other records from there', () => {
    const log = openLog(new MemoryDisk(), { set: { segmentBytes: 200 } });
    for (const value of ['a', 'b', 'c', 'd', 'e']) append(log, batchOf([value]));
    expect(log.truncateTo(3)).toBe(true);
    expect(log.logEndOffset).toBe(3);
    append(log, batchOf(['x']), { leaderEpoch: 1 });
    expect(readAll(log)).toEqual(['0:a', '1:b', '2:c', '3:x']);
    expect(log.endOffsetForEpoch(0)).toEqual({ epoch: 0, endOffset: 3 });
  });

  test('starts anew at a given offset', () => {
    const log = openLog(new MemoryDisk());
    append(log, batchOf(['a']));
    log.truncateFullyAndStartAt(100);
    expect([log.logStartOffset, log.logEndOffset, log.latestEpoch]).toEqual([100, 100, -1]);
    expect(append(log, batchOf(['b']))).toBe(100);
  });

  test('a follower stores what it fetched byte for byte', () => {
    const leader = openLog(new MemoryDisk());
    append(leader, batchOf(['a', 'b'], { codec: 'gzip' }), { leaderEpoch: 4 });
    append(leader, batchOf(['c']), { leaderEpoch: 5 });
    const fetched = leader.read(0, { maxBytes: 100_000, upTo: 3 });
    if (fetched.kind !== 'records') throw new Error('nothing to fetch');
    const follower = openLog(new MemoryDisk());
    expect(follower.appendAsFollower(Buffer.from(fetched.records))).toEqual({
      firstOffset: 0,
      lastOffset: 2,
    });
    expect(follower.read(0, { maxBytes: 100_000, upTo: 3 })).toEqual(fetched);
    expect(follower.endOffsetForEpoch(4)).toEqual({ epoch: 4, endOffset: 2 });
    expect(() => follower.appendAsFollower(Buffer.from(fetched.records))).toThrow(/next offset is 3/);
  });

  test('LogAppendTime replaces the timestamp and keeps the batch intact', () => {
    const log = openLog(new MemoryDisk(), { set: { messageTimestampType: 'LogAppendTime' } });
    const result = log.appendAsLeader(batchOf(['a'], { timestamp: 5 }), { leaderEpoch: 0, nowMs: now });
    expect(result).toMatchObject({ kind: 'appended', logAppendTimeMs: now });
    expect(log.offsetForTimestamp(now)).toEqual({ timestamp: now, offset: 0, leaderEpoch: 0 });
    const copy = openLog(new MemoryDisk());
    const read = log.read(0, { maxBytes: 1_000, upTo: 1 });
    if (read.kind === 'records') copy.appendAsFollower(read.records);
    expect(copy.logEndOffset).toBe(1);
  });
});

describe('a leader refuses', () => {
  const cases: [string, () => Buffer, number][] = [
    ['a batch that does not match its CRC', () => flip(batchOf(['a']), 70), ErrorCode.CORRUPT_MESSAGE],
    ['a batch cut short', () => batchOf(['a']).subarray(0, 65), ErrorCode.CORRUPT_MESSAGE],
    ['nothing at all', () => Buffer.alloc(0), ErrorCode.INVALID_RECORD],
    ['a batch above max.message.bytes', () => batchOf(['a'.repeat(2_000)]), ErrorCode.MESSAGE_TOO_LARGE],
    ['a control batch from a client', () => batchOf(['a'], { isControl: true }), ErrorCode.INVALID_RECORD],
    ['a base offset other than 0', () => batchOf(['a'], { baseOffset: 7 }), ErrorCode.INVALID_RECORD],
    [
      'a time too far ahead',
      () => batchOf(['a'], { timestamp: now + 3_600_001 }),
      ErrorCode.INVALID_TIMESTAMP,
    ],
  ];
  test.each(cases)('%s', (_name, batch, errorCode) => {
    const log = openLog(new MemoryDisk(), { set: { maxMessageBytes: 1_000 } });
    const result = log.appendAsLeader(batch(), { leaderEpoch: 0, nowMs: now });
    expect(result).toMatchObject({ kind: 'rejected', errorCode });
    expect(log.logEndOffset).toBe(0);
  });

  test('each record whose time is out of range, and names them', () => {
    const log = openLog(new MemoryDisk(), { set: { messageTimestampBeforeMaxMs: 10_000 } });
    const times = [now, now - 10_001, now + 3_600_001];
    const records = times.map((timestamp) => ({ value: Buffer.from('v'), timestamp }));
    const result = log.appendAsLeader(encodeBatch({ timestamp: now, records }), {
      leaderEpoch: 0,
      nowMs: now,
    });
    const rangeText = `out of range. The timestamp should be within [${now - 10_000}, ${now + 3_600_000}]`;
    expect(result).toMatchObject({
      kind: 'rejected',
      errorCode: ErrorCode.INVALID_TIMESTAMP,
      recordErrors: [1, 2].map((batchIndex) => ({
        batchIndex,
        message: `Timestamp ${times[batchIndex]} of message with offset ${batchIndex} is ${rangeText}`,
      })),
    });
  });

  test('a record without a key on a compacted topic, naming the record', () => {
    const log = openLog(new MemoryDisk(), { set: { cleanupPolicy: { compact: true, delete: false } } });
    const batch = batchOf([], { records: [{ key: Buffer.from('k') }, { value: Buffer.from('v') }] });
    expect(log.appendAsLeader(batch, { leaderEpoch: 0, nowMs: now })).toMatchObject({
      kind: 'rejected',
      errorCode: ErrorCode.INVALID_RECORD,
      recordErrors: [{ batchIndex: 1 }],
    });
  });

  test('a full disk leaves the log as it was', () => {
    const disk = new MemoryDisk();
    const log = openLog(disk);
    append(log, batchOf(['a']));
    disk.capacityBytes = (disk.size('/data/topic-0/00000000000000000000.log') ?? 0) + 60;
    expect(() => append(log, batchOf(['b'.repeat(100)]))).toThrow(/no space left/);
    disk.capacityBytes = Number.POSITIVE_INFINITY;
    append(log, batchOf(['c']));
    expect(readAll(log)).toEqual(['0:a', '1:c']);
  });
});

function flip(buffer: Buffer, position: number): Buffer {
  buffer[position] = (buffer[position] as number) ^ 1;
  return buffer;
}
