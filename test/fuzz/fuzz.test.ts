import { expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';

it('odd, damaged and random frames on every API neither end a node, nor stall or swell it', async () => {
  // The same frames each time; `npm run fuzz` draws others.
  const seed = Number(process.env.SEED ?? 8);
  const report = await fuzz({ seed, frames: 20_000 });
  expect(report.broken, `seed ${seed}`).toEqual([]);
  expect(report.frames).toBe(20_000);
  // An Envelope whose request cannot be read ends its connection; whatever else can be read is answered.
  const { Envelope, ...refused } = report.refused;
  expect(refused, `seed ${seed}`).toEqual({});
}, 300_000);
