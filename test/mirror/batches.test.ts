/** What goes on as it is, what is rewritten, and that offsets are known afterwards. */
import { encodeBatch, isBatchIntact, iterateBatches, iterateRecords } from '@brokerlab/broker/messages';
import { describe, expect, it } from 'vitest';
import { prepareBatches, splitBatch } from '../../broker/src/mirror/batches/prepare.ts';
import { stampProducer, type TargetBatch } from '../../broker/src/mirror/batches/target-batch.ts';

const options = { from: 0, codec: null, batchBytes: 262_144 } as const;

function batch(baseOffset: number, values: readonly string[], more: object = {}): Buffer {
  return encodeBatch({
    records: values.map((value, index) => ({
      key: Buffer.from(`k${index}`),
      value: Buffer.from(value),
      headers: [{ key: 'h', value: Buffer.from(value) }],
      timestamp: 1_700_000_000_000 + index * 7,
    })),
    timestamp: 1_700_000_000_000,
    baseOffset,
    ...more,
  });
}

function prepare(buffer: Buffer, more: object = {}): TargetBatch[] {
  return prepareBatches(buffer, [...iterateBatches(buffer)], { ...options, ...more });
}

function read(target: TargetBatch) {
  stampProducer(target, { producerId: 9n, producerEpoch: 1, baseSequence: 5, transactional: false });
  const [header] = [...iterateBatches(target.bytes)];
  expect(isBatchIntact(target.bytes, header!)).toBe(true);
  expect(header).toMatchObject({ producerId: 9, baseSequence: 5, baseOffset: 0, isTransactional: false });
  expect(header!.lastOffset + 1).toBe(header!.recordCount);
  const records = [...iterateRecords(target.bytes, header!)];
  return { header: header!, records, values: records.map(({ value }) => value?.toString()) };
}

describe('batches on their way', () => {
  it('of small size and no codec become one, with keys, headers and times kept', () => {
    const [together, ...rest] = prepare(Buffer.concat([batch(10, ['a', 'b']), batch(12, ['c'])]));
    expect(rest).toEqual([]);
    expect(together!.stretches).toEqual([{ offset: 10, count: 3 }]);
    const { values, records } = read(together!);
    expect(values).toEqual(['a', 'b', 'c']);
    expect(records[1]).toMatchObject({ timestamp: 1_700_000_000_007, key: Buffer.from('k1') });
    expect(records[1]!.headers[0]).toEqual({ key: 'h', value: Buffer.from('b') });
  });

  it('with a codec go on as they are', () => {
    const packed = batch(3, ['a', 'b'], { codec: 'gzip', isTransactional: true, producerId: 4 });
    const [target] = prepare(packed);
    expect(target!.bytes.length).toBe(packed.length);
    const { values, header } = read(target!);
    expect(values).toEqual(['a', 'b']);
    expect(header.codec).toBe('gzip');
  });

  it('change their codec when one is asked for', () => {
    const [target] = prepare(batch(3, ['a', 'b']), { codec: 'gzip' });
    expect(read(target!).header.codec).toBe('gzip');
  });

  it('with gaps, as compaction leaves them, are numbered anew and remember where they were', () => {
    const whole = batch(0, ['a', 'b', 'c', 'd']);
    const [header] = [...iterateBatches(whole)];
    // The header of a compacted batch still counts the records that are gone.
    const gapped = { ...header!, lastOffset: 6 };
    const [target] = prepareBatches(whole, [gapped], { ...options, from: 2 });
    expect(read(target!).values).toEqual(['c', 'd']);
    expect(target!.stretches).toEqual([{ offset: 2, count: 2 }]);
  });

  it("with the broker's time carry it in every record", () => {
    const stamped = batch(0, ['a', 'b'], { timestampType: 'LogAppendTime' });
    const { records, header } = read(prepare(stamped)[0]!);
    expect(header.timestampType).toBe('CreateTime');
    expect(new Set(records.map(({ timestamp }) => timestamp)).size).toBe(1);
  });

  it('that are too large are cut in two, each half knowing its offsets', () => {
    const [target] = prepare(Buffer.concat([batch(5, ['a', 'b']), batch(20, ['c'])]));
    const [first, second] = splitBatch(target!)!;
    expect(read(first).values).toEqual(['a', 'b']);
    expect(read(second).values).toEqual(['c']);
    expect([first.stretches, second.stretches]).toEqual([
      [{ offset: 5, count: 2 }],
      [{ offset: 20, count: 1 }],
    ]);
    expect(splitBatch(second)).toBeNull();
  });

  it('that are damaged are not laundered', () => {
    const broken = batch(0, ['abc']);
    broken[broken.length - 1]! ^= 1;
    expect(() => prepare(broken)).toThrow(/damaged/);
  });
});
