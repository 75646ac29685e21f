import { describe, expect, it } from 'vitest';
import { ReplicationQuota } from '../../broker/src/node/replication/replication-quota.ts';

function quota(options: { rate: number; list?: string }) {
  const clock = { nowMs: 0 };
  const measured = new ReplicationQuota({
    nodeId: 2,
    nowMs: () => clock.nowMs,
    bytesPerSecond: () => options.rate,
    throttledReplicas: () => options.list,
    window: () => ({ samples: 11, sampleMs: 1000 }),
  });
  return { measured, clock };
}

describe('what replication may take', () => {
  it('is exceeded by more than the rate allows, and no longer once enough time went by', () => {
    const { measured, clock } = quota({ rate: 1000, list: '*' });
    measured.record(3000);
    expect(measured.isExceeded).toBe(true);
    clock.nowMs = 2999;
    expect(measured.isExceeded).toBe(true);
    clock.nowMs = 3000;
    expect(measured.isExceeded).toBe(false);
  });

  it('forgets what lies behind its window', () => {
    const { measured, clock } = quota({ rate: 1000, list: '*' });
    measured.record(1_000_000);
    clock.nowMs = 10_999;
    expect(measured.isExceeded).toBe(true);
    clock.nowMs = 11_000;
    expect(measured.isExceeded).toBe(false);
  });

  for (const [list, rate, expected] of [
    ['*', 1000, true],
    ['0:1,0:2', 1000, true],
    ['0:1,1:2', 1000, false],
    [undefined, 1000, false],
    ['*', Number.POSITIVE_INFINITY, false],
  ] as const) {
    it(`with replicas ${list} and rate ${rate}: ${expected ? '' : 'not '}throttled`, () => {
      const { measured } = quota({ rate, ...(list === undefined ? {} : { list }) });
      expect(measured.isThrottled('t', 0)).toBe(expected);
    });
  }
});
