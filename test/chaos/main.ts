/** `npm run chaos -- [--seconds N] [--seed S]`: minutes of faults in real processes; exit code 1 when a promise was broken. */
import { parseArgs } from 'node:util';
import { chaos, chaosLacks } from './chaos.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '180' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const seconds = Number(values.seconds);
if (!Number.isInteger(seed) || !Number.isInteger(seconds) || seconds < 1) {
  console.error(`--seconds and --seed are whole numbers, not "${values.seconds}" and "${values.seed}"`);
  process.exit(2);
}
const lacks = chaosLacks();
if (lacks !== undefined) {
  console.error(`Chaos needs Apache Kafka's client and kcat to write with: ${lacks}.`);
  process.exit(2);
}
console.log(`seed ${seed}`);
const report = await chaos({ seed, durationMs: seconds * 1000, say: (line) => console.log(line) });
console.log(`faults ${JSON.stringify(report.faults)}, acknowledged ${JSON.stringify(report.acknowledged)}`);
for (const sentence of report.broken) console.log(`BROKEN ${sentence}`);
process.exit(report.broken.length > 0 ? 1 : 0);
