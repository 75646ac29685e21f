import { describe, expect, test } from 'vitest';
import { untilCommonMoment } from '../../broker/src/raft/together.ts';

describe('what nodes repeat together', () => {
  test('whoever asks between two moments waits for the same one', () => {
    const moments = [12_001, 12_800, 15_979].map((nowMs) => nowMs + untilCommonMoment(4_000, nowMs));
    expect(moments).toEqual([16_000, 16_000, 16_000]);
  });

  test.each([12_000, 15_990, 15_999.9])(
    'a timer that came at %d is not set for the same moment again',
    (nowMs) => {
      const waitMs = untilCommonMoment(4_000, nowMs);
      expect(waitMs).toBe(4_000);
    },
  );
});
