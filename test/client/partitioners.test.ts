import { describe, expect, it } from 'vitest';
import { murmur2, partitionForKey } from '../../broker/src/client/producer/murmur2.ts';
import { StickyPartitioner } from '../../broker/src/client/producer/sticky-partitioner.ts';

describe('murmur2', () => {
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as the Java client does', (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash);
  });

  it('sends a key to a partition that exists', () => {
    for (const key of ['a', '학생', '', 'x'.repeat(1000)]) {
      const partition = partitionForKey(Buffer.from(key), 7);
      expect(partition).toBeGreaterThanOrEqual(0);
      expect(partition).toBeLessThan(7);
    }
  });
});

describe('records without a key', () => {
  it('stay with one partition until a batch went there, then change', () => {
    const draws = [1, 2];
    const sticky = new StickyPartitioner({ stickyBytes: 100, random: () => draws.shift()! });
    expect(sticky.choose('t', 3, [0, 1, 2])).toBe(1);
    sticky.count('t', 60);
    expect(sticky.choose('t', 3, [0, 1, 2])).toBe(1);
    sticky.count('t', 60);
    expect(sticky.choose('t', 3, [0, 1, 2])).toBe(2);
  });

  it('pass over partitions without a leader', () => {
    const sticky = new StickyPartitioner({ stickyBytes: 100, random: () => 0 });
    expect(sticky.choose('t', 3, [2])).toBe(2);
  });
});
