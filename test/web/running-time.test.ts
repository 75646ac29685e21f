import { expect, it } from 'vitest';
import { coresInUse, runningTime } from '../../web/features/environments/running-time.ts';

it('tells how long something has run, as a clock', () => {
  expect(runningTime(0)).toBe('00:00:00');
  expect(runningTime(3_626_999)).toBe('01:00:26');
  expect(runningTime(2 * 86_400_000 + 61_000)).toBe('2d 00:01:01');
  expect(runningTime(-5)).toBe('00:00:00');
});

it('tells cores from two readings, and nothing from one', () => {
  expect(coresInUse(undefined, { cpuMs: 5, at: 10 })).toBeNull();
  expect(coresInUse({ cpuMs: 0, at: 0 }, { cpuMs: 1500, at: 3000 })).toBe(0.5);
  expect(coresInUse({ cpuMs: 900, at: 0 }, { cpuMs: 10, at: 3000 })).toBe(0);
  expect(coresInUse({ cpuMs: 0, at: 10 }, { cpuMs: 5, at: 10 })).toBeNull();
});
