import { describe, expect, test } from 'vitest';
import { ErrorCode } from '../../broker/src/messages/errors.ts';
import { encodeBatch } from '../../broker/src/messages/records.ts';
import type { Log } from '../../broker/src/storage/log.ts';
import { MemoryDisk } from '../../broker/src/storage/memory-disk.ts';
import { batchOf, now, openLog } from './batches.ts';

function send(
  log: Log,
  baseSequence: number,
  options: { producerEpoch?: number; count?: number; producerId?: number; timestamp?: number } = {},
) {
  const { producerEpoch = 0, count = 1, producerId = 7, timestamp = now } = options;
  const values = Array.from({ length: count }, (_, index) => `s${baseSequence + index}`);
  const batch = batchOf(values, { producerId, producerEpoch, baseSequence, timestamp });
  return log.appendAsLeader(batch, { leaderEpoch: 0, nowMs: now });
}

describe('an idempotent producer', () => {
  test('gets the first offsets again for a repeated batch, for the last five batches', () => {
    const log = openLog(new MemoryDisk());
    for (let sequence = 0; sequence < 7; sequence++) send(log, sequence);
    for (let sequence = 2; sequence < 7; sequence++) {
      expect(send(log, sequence)).toMatchObject({ kind: 'duplicate', firstOffset: sequence });
    }
    expect(send(log, 1)).toMatchObject({
      kind: 'rejected',
      errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
    });
    expect(log.logEndOffset).toBe(7);
  });

  test('is refused when a sequence is skipped', () => {
    const log = openLog(new MemoryDisk());
    send(log, 0);
    expect(send(log, 2)).toMatchObject({
      kind: 'rejected',
      errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
      message:
        'Out of order sequence number for producer 7 at offset 1 in partition topic-0: 2 (incoming seq. number), 0 (current end sequence number)',
    });
  });

  test('may start anywhere when it is not known (its records were deleted)', () => {
    expect(send(openLog(new MemoryDisk()), 40)).toMatchObject({ kind: 'appended' });
  });

  test('fences its older epoch, and a new epoch begins with sequence 0', () => {
    const log = openLog(new MemoryDisk());
    send(log, 0, { producerEpoch: 1 });
    expect(send(log, 1, { producerEpoch: 0 })).toMatchObject({
      kind: 'rejected',
      errorCode: ErrorCode.INVALID_PRODUCER_EPOCH,
    });
    expect(send(log, 5, { producerEpoch: 2 })).toMatchObject({
      kind: 'rejected',
      errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
    });
    expect(send(log, 0, { producerEpoch: 2 })).toMatchObject({ kind: 'appended' });
  });

  test('goes on at 0 after the largest sequence number', () => {
    const log = openLog(new MemoryDisk());
    send(log, 0x7fff_fffe, { count: 2 });
    expect(send(log, 0)).toMatchObject({ kind: 'appended' });
    expect(send(log, 0x7fff_fffe, { count: 2 })).toMatchObject({ kind: 'duplicate', firstOffset: 0 });
  });

  test.each([true, false])('is remembered across a restart (clean: %s) and a roll', (cleanShutdown) => {
    const disk = new MemoryDisk();
    const log = openLog(disk, { set: { segmentBytes: 250 } });
    for (let sequence = 0; sequence < 6; sequence++) send(log, sequence);
    expect(log.segmentOffsets.length).toBeGreaterThan(1);
    if (cleanShutdown) log.close();
    const reopened = openLog(disk, { cleanShutdown });
    expect(send(reopened, 5)).toMatchObject({ kind: 'duplicate', firstOffset: 5 });
    expect(send(reopened, 7)).toMatchObject({ kind: 'rejected' });
    expect(send(reopened, 6)).toMatchObject({ kind: 'appended', firstOffset: 6 });
  });

  test.each([true, false])(
    'is remembered across a restart though its records are older than producer.id.expiration.ms (clean: %s)',
    (cleanShutdown) => {
      const disk = new MemoryDisk();
      const log = openLog(disk);
      const twoDaysAgo = now - 2 * 86_400_000;
      for (let sequence = 0; sequence < 6; sequence++) send(log, sequence, { timestamp: twoDaysAgo });
      if (cleanShutdown) log.close();
      const reopened = openLog(disk, { cleanShutdown });
      const again = send(reopened, 5, { timestamp: twoDaysAgo });
      expect(again).toMatchObject({ kind: 'duplicate', firstOffset: 5 });
    },
  );

  test('is judged anew after a truncation took its last records away', () => {
    const log = openLog(new MemoryDisk());
    for (let sequence = 0; sequence < 3; sequence++) send(log, sequence);
    log.truncateTo(1);
    expect(send(log, 2)).toMatchObject({ kind: 'rejected' });
    expect(send(log, 1)).toMatchObject({ kind: 'appended', firstOffset: 1 });
  });

  test('a damaged snapshot is passed over', () => {
    const disk = new MemoryDisk();
    const log = openLog(disk);
    for (let sequence = 0; sequence < 3; sequence++) send(log, sequence);
    log.close();
    disk.flipBit('/data/topic-0/00000000000000000003.snapshot', 80);
    expect(send(openLog(disk, { cleanShutdown: true }), 2)).toMatchObject({ kind: 'duplicate' });
  });
});

describe('a transaction', () => {
  const marker = (type: 0 | 1) =>
    encodeBatch({
      timestamp: now,
      isControl: true,
      isTransactional: true,
      producerId: 7,
      producerEpoch: 0,
      records: [{ key: Buffer.from([0, 0, 0, type]), value: Buffer.from([0, 0, 0, 0, 0, 5]) }],
    });
  const transactional = (log: Log, baseSequence: number) =>
    log.appendAsLeader(
      batchOf(['t'], { producerId: 7, producerEpoch: 0, baseSequence, isTransactional: true }),
      { leaderEpoch: 0, nowMs: now },
    );

  test('holds the last stable offset until its marker is written, and an aborted one is listed', () => {
    const log = openLog(new MemoryDisk());
    transactional(log, 0);
    transactional(log, 1);
    expect(log.lastStableOffset(2)).toBe(0);
    log.appendAsLeader(marker(0), { leaderEpoch: 0, nowMs: now, origin: 'coordinator' });
    expect(log.lastStableOffset(3)).toBe(3);
    expect(log.abortedTransactions(0, 3)).toEqual([
      { producerId: 7, firstOffset: 0, lastOffset: 2, lastStableOffset: 3 },
    ]);
    transactional(log, 2);
    expect(log.lastStableOffset(4)).toBe(3);
    log.appendAsLeader(marker(1), { leaderEpoch: 0, nowMs: now, origin: 'coordinator' });
    expect(log.abortedTransactions(3, 5)).toEqual([]);
  });

  const ending = (producerEpoch: number, coordinatorEpoch: number) =>
    encodeBatch({
      timestamp: now,
      isControl: true,
      isTransactional: true,
      producerId: 7,
      producerEpoch,
      records: [{ key: Buffer.from([0, 0, 0, 0]), value: Buffer.from([0, 0, 0, 0, 0, coordinatorEpoch]) }],
    });
  const end = (log: Log, marker: Buffer, transactionVersion = 0) =>
    log.appendAsLeader(marker, { leaderEpoch: 0, nowMs: now, origin: 'coordinator', transactionVersion });

  test('is not ended by the marker of an older epoch or of an older coordinator', () => {
    const log = openLog(new MemoryDisk());
    const inTransaction = (producerEpoch: number, baseSequence = 0) =>
      log.appendAsLeader(
        batchOf(['t'], { producerId: 7, producerEpoch, baseSequence, isTransactional: true }),
        { leaderEpoch: 0, nowMs: now },
      );
    inTransaction(1);
    expect(end(log, ending(0, 5))).toMatchObject({ errorCode: ErrorCode.INVALID_PRODUCER_EPOCH });
    expect(end(log, ending(1, 5))).toMatchObject({ kind: 'appended' });
    inTransaction(1, 1);
    expect(end(log, ending(1, 4))).toMatchObject({ errorCode: ErrorCode.TRANSACTION_COORDINATOR_FENCED });
    expect(log.lastStableOffset(log.logEndOffset)).toBe(2);
    expect(end(log, ending(1, 5))).toMatchObject({ kind: 'appended' });
  });

  test('of version 2 is not ended by the marker of the one before, sent again (KIP-890)', () => {
    const log = openLog(new MemoryDisk());
    const inTransaction = (producerEpoch: number) =>
      log.appendAsLeader(
        batchOf(['t'], { producerId: 7, producerEpoch, baseSequence: 0, isTransactional: true }),
        { leaderEpoch: 0, nowMs: now },
      );
    inTransaction(0);
    expect(end(log, ending(1, 5), 2)).toMatchObject({ kind: 'appended' });
    expect(inTransaction(1)).toMatchObject({ kind: 'appended' });
    expect(end(log, ending(1, 5), 2)).toMatchObject({ errorCode: ErrorCode.INVALID_PRODUCER_EPOCH });
    expect(log.lastStableOffset(log.logEndOffset)).toBe(2);
    expect(end(log, ending(2, 5), 2)).toMatchObject({ kind: 'appended' });
  });

  test.each(['clean', 'killed', 'killed without a snapshot'])(
    'aborted ones are known after a restart (%s)',
    (end) => {
      const disk = new MemoryDisk();
      const log = openLog(disk, { set: { segmentBytes: 300 } });
      const write = (type: 0 | 1) =>
        log.appendAsLeader(marker(type), { leaderEpoch: 0, nowMs: now, origin: 'coordinator' });
      for (let round = 0; round < 6; round++) {
        transactional(log, round);
        write(round % 2 === 0 ? 0 : 1);
      }
      const aborted = log.abortedTransactions(0, 100);
      expect(aborted.map((transaction) => transaction.firstOffset)).toEqual([0, 4, 8]);
      if (end === 'clean') log.close();
      if (end === 'killed without a snapshot') {
        for (const name of disk.list('/data/topic-0')) {
          if (name.endsWith('.snapshot')) disk.remove(`/data/topic-0/${name}`);
        }
      }
      const reopened = openLog(disk, { cleanShutdown: end === 'clean', set: { segmentBytes: 300 } });
      expect(reopened.abortedTransactions(0, 100)).toEqual(aborted);
      expect(reopened.abortedTransactions(6, 100).map((transaction) => transaction.firstOffset)).toEqual([8]);
      reopened.truncateTo(9);
      expect(reopened.abortedTransactions(0, 100)).toEqual(aborted.slice(0, 2));
      expect(reopened.lastStableOffset(9)).toBe(8);
    },
  );
});
