import { expect, test } from 'vitest';
import { ErrorCode } from '../../broker/src/messages/errors.ts';
import { isBatchIntact, iterateBatches, iterateRecords } from '../../broker/src/messages/records.ts';
import type { LogConfig } from '../../broker/src/storage/log-contract.ts';
import { MemoryDisk } from '../../broker/src/storage/memory-disk.ts';
import { compressionSetting } from '../../broker/src/storage/recompression.ts';
import { append, batchOf, now, openLog, readAll } from './batches.ts';

type Codec = LogConfig['compression']['codec'];
const text = 'x'.repeat(500);

function stored(codec: Codec, sent: Parameters<typeof batchOf>[1]) {
  const log = openLog(new MemoryDisk(), { set: { compression: { codec, level: undefined } } });
  append(log, batchOf(['first', text], sent));
  const result = log.read(0, { maxBytes: 1e6, upTo: 2 });
  if (result.kind !== 'records') throw new Error('nothing stored');
  const [header] = [...iterateBatches(result.records)];
  expect(isBatchIntact(result.records, header!)).toBe(true);
  const records = [...iterateRecords(result.records, header!)];
  return { log, header: header!, values: records.map(({ value }) => String(value)) };
}

test('a batch is stored under the topic’s codec, its records, producer and times unchanged', () => {
  for (const codec of ['gzip', 'snappy', 'lz4', 'none'] as const) {
    const sent = { codec: 'gzip', producerId: 5, producerEpoch: 1, baseSequence: 3 } as const;
    const { header, values } = stored(codec, sent);
    expect(header).toMatchObject({
      codec,
      producerId: 5,
      producerEpoch: 1,
      baseSequence: 3,
      maxTimestamp: now,
    });
    expect(values).toEqual(['first', text]);
  }
});

test('the producer’s own codec stays where the topic says so', () => {
  expect(stored('producer', { codec: 'lz4' }).header.codec).toBe('lz4');
});

test('a batch that is too large once it is stored uncompressed is refused', () => {
  const set = { compression: { codec: 'none', level: undefined } as const, maxMessageBytes: 300 };
  const log = openLog(new MemoryDisk(), { set });
  const result = log.appendAsLeader(batchOf([text], { codec: 'gzip' }), { leaderEpoch: 0, nowMs: now });
  expect(result).toMatchObject({ kind: 'rejected', errorCode: ErrorCode.MESSAGE_TOO_LARGE });
  expect(readAll(log)).toEqual([]);
});

test('a topic’s settings name codec and level', () => {
  const levels = (name: string) => ({ 'compression.zstd.level': 7, 'compression.gzip.level': -1 })[name] ?? 0;
  expect(compressionSetting('zstd', levels)).toEqual({ codec: 'zstd', level: 7 });
  expect(compressionSetting('gzip', levels)).toEqual({ codec: 'gzip', level: undefined });
  expect(compressionSetting('uncompressed', levels)).toEqual({ codec: 'none', level: undefined });
  expect(compressionSetting('producer', levels)).toEqual({ codec: 'producer', level: undefined });
});
