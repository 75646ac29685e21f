import {
  CODECS,
  decompress,
  encodeBatch,
  isBatchIntact,
  iterateBatches,
  iterateRecords,
  loadCodec,
  readBatchHeader,
  stampBatch,
} from '@brokerlab/broker/messages';
import { describe, expect, it } from 'vitest';
import { stampAppendTime } from '../../broker/src/messages/records.ts';
import { crc32c, crc32cInJavaScript } from '../../broker/src/wire/crc32c.ts';

const records = Array.from({ length: 50 }, (_, index) => ({
  key: index % 3 === 0 ? null : Buffer.from(`key-${index}`),
  value: index % 7 === 0 ? null : Buffer.from(`값 ${index} `.repeat(index)),
  headers: index % 5 === 0 ? [{ key: 'h', value: Buffer.from('v') }] : [],
  timestamp: 1_795_419_300_000 + index,
}));

describe('record batches', () => {
  for (const codec of CODECS) {
    it(`with ${codec} read back as written`, async () => {
      await loadCodec(codec);
      const batch = encodeBatch({
        records,
        timestamp: 0,
        codec,
        baseOffset: 100,
        producerId: 7,
        baseSequence: 3,
      });
      const header = readBatchHeader(batch);
      expect(header).toMatchObject({
        codec,
        baseOffset: 100,
        lastOffset: 149,
        recordCount: 50,
        producerId: 7,
      });
      expect(isBatchIntact(batch, header)).toBe(true);
      const read = [...iterateRecords(batch, header)];
      expect(read.map(({ offset, ...record }) => record)).toEqual(records);
      expect(read.map((record) => record.offset)).toEqual(records.map((_, index) => 100 + index));
    });

    it(`with ${codec} of rubbish are refused`, async () => {
      await loadCodec(codec);
      if (codec === 'none') return;
      expect(() => decompress(codec, Buffer.from('this is not compressed at all'))).toThrowError(codec);
    });
  }

  it('keep their CRC when offset and epoch are stamped', () => {
    const batch = encodeBatch({ records, timestamp: 0 });
    stampBatch(batch, 0, { baseOffset: 5_000_000_000, partitionLeaderEpoch: 12 });
    const header = readBatchHeader(batch);
    expect(header.baseOffset).toBe(5_000_000_000);
    expect(header.partitionLeaderEpoch).toBe(12);
    expect(isBatchIntact(batch, header)).toBe(true);
  });

  it('take the append time for all records', () => {
    const batch = encodeBatch({ records, timestamp: 0 });
    stampAppendTime(batch, readBatchHeader(batch), 1_800_000_000_000);
    const header = readBatchHeader(batch);
    expect(isBatchIntact(batch, header)).toBe(true);
    expect([...iterateRecords(batch, header)].every((record) => record.timestamp === 1_800_000_000_000)).toBe(
      true,
    );
  });

  it('are cut at a torn tail', () => {
    const one = encodeBatch({ records, timestamp: 0 });
    const two = Buffer.concat([one, one]);
    for (const cut of [one.length, one.length + 1, one.length + 60, two.length - 1]) {
      expect([...iterateBatches(two.subarray(0, cut))]).toHaveLength(1);
    }
    expect([...iterateBatches(two)]).toHaveLength(2);
  });
});

describe('crc32c', () => {
  it('matches the check value of RFC 3720 and agrees between both implementations', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    const large = Buffer.alloc(10_007, 'brokerlab');
    expect(crc32c(large)).toBe(crc32cInJavaScript(large));
  });
});
