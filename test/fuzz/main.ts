/**
 * `npm run fuzz -- [--frames N] [--seed S] [--from F]`: a million frames on every API; exit code 1 when the nodes did what they
 * must not. A frame that is named in the end comes again by `--seed S --from F --frames 1`.
 */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import type { Holdings } from './host.ts';

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    from: { type: 'string', default: '0' },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const [frames, from] = [Number(values.frames), Number(values.from)];
if (![seed, frames, from].every((one) => Number.isInteger(one) && one >= 0) || frames < 1) {
  console.error(
    `--frames, --seed and --from are whole numbers, not "${values.frames}", "${values.seed}" and "${values.from}"`,
  );
  process.exit(2);
}
console.log(`seed ${seed}`);
const report = await fuzz({ seed, frames, from, say: (line) => console.log(line) });
const { ends, seconds, holdings, refused } = report;
console.log(
  `${report.frames} frames in ${seconds.toFixed(0)} s (${Math.round(report.frames / seconds)}/s): ${ends.answered} answered, ` +
    `${ends.closed} closed, ${ends.left} left with their connection; slowest ${Math.round(report.slowestMs)} ms`,
);
console.log(`closed although readable: ${JSON.stringify(refused)}`);
for (const [index, when] of ['a fifth of the way', 'the end'].entries()) {
  console.log(`at rest at ${when}: ${told(holdings[index]!)}`);
}
for (const sentence of report.broken) console.log(`BROKEN ${sentence}`);
process.exit(report.broken.length > 0 ? 1 : 0);

function told({ heap, buffers, resident, sockets, files, timers }: Holdings): string {
  const [onHeap, outside, all] = [heap, buffers, resident].map(
    (bytes) => `${(bytes / 1048576).toFixed(1)} MB`,
  );
  return `heap ${onHeap}, buffers ${outside}, resident ${all}, ${sockets} sockets, ${files} files, ${timers} timers`;
}
