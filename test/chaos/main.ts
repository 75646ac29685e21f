/** `npm run chaos -- [--minutes N] [--seed S]`: minutes of faults in real processes; exit code 1 when a promise was broken. */
import { parseArgs } from 'node:util';
import { chaos, chaosLacks } from './chaos.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '3' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const minutes = Number(values.minutes);
if (!Number.isInteger(seed) || !(minutes > 0 && minutes <= 24 * 60)) {
  console.error(
    `--minutes is a number up to ${24 * 60} and --seed a whole one, not "${values.minutes}" and "${values.seed}"`,
  );
  process.exit(2);
}
const lacks = chaosLacks();
if (lacks !== undefined) {
  console.error(`Chaos needs Apache Kafka's client and kcat to write with: ${lacks}.`);
  process.exit(2);
}
console.log(`seed ${seed}`);
const report = await chaos({ seed, durationMs: minutes * 60_000, say: (line) => console.log(line) });
console.log(`faults ${JSON.stringify(report.faults)}, acknowledged ${JSON.stringify(report.acknowledged)}`);
for (const sentence of report.broken) console.log(`BROKEN ${sentence}`);
process.exit(report.broken.length > 0 ? 1 : 0);
