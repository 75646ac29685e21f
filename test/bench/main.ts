/** `npm run bench [-- NAME …] [--json FILE]`: runs the benchmarks and prints one line per number. */
import { writeFileSync } from 'node:fs';
import { classBench } from './class-50.ts';
import { clusterMemoryBench, partitionsBench, startBench, toolsBench } from './cluster.ts';
import { echoBench } from './echo.ts';
import { gradeSixtyBench } from './grade-60.ts';
import { idleBench } from './idle.ts';
import { labsTestBench } from './labs-test.ts';
import { mapBench, mapThirtyBench } from './map.ts';
import type { Bench, Result } from './measure.ts';
import { mirrorBench } from './mirror.ts';
import { openBench, openThirtyBench, wakeBench } from './open.ts';
import { pageBench } from './page.ts';
import { consumeBench, latencyBench, produceBench } from './records.ts';
import { secondClusterBench } from './second-cluster.ts';
import { toolBench } from './tool.ts';
import { verdictBench } from './verdict.ts';
import { verdictApacheBench } from './verdict-apache.ts';

const ALL: readonly Bench[] = [
  ...[
    openBench,
    openThirtyBench,
    wakeBench,
    pageBench,
    idleBench,
    verdictBench,
    verdictApacheBench,
    echoBench,
    toolBench,
  ],
  ...[mapBench, mapThirtyBench],
  ...[startBench, clusterMemoryBench, produceBench, consumeBench, latencyBench, toolsBench, partitionsBench],
  ...[gradeSixtyBench, labsTestBench, mirrorBench, secondClusterBench],
  classBench,
];

function parse(argv: readonly string[]): { names: string[]; json: string | undefined } {
  const names: string[] = [];
  let json: string | undefined;
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index]!;
    if (argument === '--json') {
      json = argv[++index];
      if (json === undefined) stop('--json needs a file name after it.');
    } else if (argument.startsWith('-')) stop(`Unknown option ${argument}; known is --json FILE.`);
    else names.push(argument);
  }
  return { names, json };
}

function stop(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

const { names, json } = parse(process.argv.slice(2));
const chosen =
  names.length === 0
    ? ALL
    : ALL.filter((bench) => names.some((name) => bench.name.split(' ').includes(name)));
if (chosen.length === 0)
  stop(`No benchmark of that name; there are ${ALL.map(({ name }) => name).join(', ')}.`);

const results: Result[] = [];
let broken = false;
for (const bench of chosen) {
  process.stdout.write(`\n${bench.name}: ${bench.what}\n`);
  try {
    const measured = await bench.run((sentence) => process.stdout.write(`  ${sentence}\n`));
    for (const result of measured) process.stdout.write(`  ${line(result)}\n`);
    results.push(...measured);
  } catch (error) {
    broken = true;
    process.stdout.write(`  failed: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
process.exit(broken ? 1 : 0);

function line({ name, value, unit, peer, ratio, target, met }: Result): string {
  const verdict = met ? 'met' : 'NOT met';
  const ours = `${name.padEnd(22)} ${value.toFixed(2).padStart(10)} ${unit}`;
  if (peer === undefined || ratio === undefined)
    return target === undefined ? ours : `${ours}  (at most ${target}: ${verdict})`;
  const bound = met === ratio >= (target ?? 0) ? 'at least' : 'at most';
  return `${ours}  Apache Kafka ${peer.toFixed(2)} ${unit}, ratio ${ratio.toFixed(2)} (${bound} ${target}: ${verdict})`;
}
