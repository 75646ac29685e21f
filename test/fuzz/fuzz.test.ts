import { expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';

it('odd, damaged and random frames on every API neither end a node, nor stall or swell it', async () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000));
  const report = await fuzz({ seed, frames: 2_000 });
  expect(report.broken, `seed ${seed}`).toEqual([]);
  expect(report.frames).toBeGreaterThanOrEqual(2_000);
}, 120_000);
