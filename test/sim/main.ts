/**
 * Many seeded runs: `npm run sim -- --seeds N [--seed FIRST] [--minutes M] [--bug voteTwice|lyingDisk|ackEarly]`.
 * Prints the seed of every run that broke an invariant; exit code 1 when there was one.
 */
import { parseArgs } from 'node:util';
import { simulate } from './run.ts';
import type { WorldOptions } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    /** Simulated minutes of faults in each run; left out: twelve seconds. */
    minutes: { type: 'string', default: '0.2' },
    bug: { type: 'string', default: 'none' },
  },
});

const first = Number(values.seed);
const count = Number(values.seeds);
if (!Number.isInteger(first) || !Number.isInteger(count) || count < 1) {
  console.error(`--seeds and --seed are whole numbers, not "${values.seeds}" and "${values.seed}"`);
  process.exit(2);
}

let failures = 0;
let events = 0;
let acknowledged = 0;
const people = { assigned: 0, held: 0, commits: 0, transactions: 0 };
const startMs = performance.now();
for (let seed = first; seed < first + count; seed++) {
  const result = simulate(seed, {
    bug: values.bug as WorldOptions['bug'],
    faultyMs: Number(values.minutes) * 60_000,
  });
  events += result.summary.events;
  acknowledged += result.summary.acknowledged;
  for (const key of Object.keys(people) as (keyof typeof people)[]) people[key] += result.summary[key];
  if (result.failure === null) continue;
  failures += 1;
  console.log(`seed ${seed}: ${result.failure.stack ?? result.failure.message}`);
}
const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
console.log(
  `${count} runs, ${events} events, ${acknowledged} acknowledged records, ${people.assigned} + ${people.held} assignments, ${people.commits} commits, ${people.transactions} transactions, ${failures} failures in ${seconds} s`,
);
process.exit(failures > 0 ? 1 : 0);
