import { expect, it } from 'vitest';
import { forecastOf } from '../../server/src/admin/forecast.ts';

const GB = 1024 ** 3;
const machine = {
  cpus: 8,
  load: 0.5,
  memoryBytes: 32 * GB,
  memoryAvailableBytes: 16 * GB,
  diskBytes: 500 * GB,
  diskFreeBytes: 200 * GB,
};
const none = { environments: 0, memoryBytes: 0, diskBytes: 0 };

it('names what runs out first', () => {
  expect(forecastOf(machine, none)).toMatchObject({ limitedBy: 'memory', measured: false });
  expect(forecastOf({ ...machine, memoryAvailableBytes: 300 * GB }, none).limitedBy).toBe('processor');
  expect(forecastOf({ ...machine, diskFreeBytes: 1.2 * GB }, none)).toMatchObject({
    limitedBy: 'disk',
    roomFor: 3,
  });
});

it('expects of the next what those that run take, and never less than none', () => {
  const busy = { environments: 10, memoryBytes: 10 * 0.5 * GB, diskBytes: 0 };
  const quiet = { environments: 10, memoryBytes: 0, diskBytes: 0 };
  expect(forecastOf(machine, busy).roomFor).toBeLessThan(forecastOf(machine, quiet).roomFor);
  expect(forecastOf({ ...machine, load: 20 }, none)).toMatchObject({ roomFor: 0, limitedBy: 'processor' });
});
