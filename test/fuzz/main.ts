/** `npm run fuzz -- [--frames N] [--seed S]`: a million frames on every API; exit code 1 when the node did what it must not. */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const frames = Number(values.frames);
if (!Number.isInteger(seed) || !Number.isInteger(frames) || frames < 1) {
  console.error(`--frames and --seed are whole numbers, not "${values.frames}" and "${values.seed}"`);
  process.exit(2);
}
console.log(`seed ${seed}`);
const report = await fuzz({ seed, frames, say: (line) => console.log(line) });
const [early, late] = report.memory.map((bytes) => `${Math.round(bytes / 1048576)} MB`);
console.log(
  `${report.frames} frames in ${report.seconds.toFixed(0)} s; memory ${early} → ${late}; slowest answer ${Math.round(report.slowestMs)} ms`,
);
for (const sentence of report.broken) console.log(`BROKEN ${sentence}`);
process.exit(report.broken.length > 0 ? 1 : 0);
