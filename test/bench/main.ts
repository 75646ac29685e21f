/** `npm run bench [-- NAME …] [--json FILE]`: runs the benchmarks and prints one line per number. */
import { writeFileSync } from 'node:fs';
import { echoBench } from './echo.ts';
import { idleBench } from './idle.ts';
import type { Bench, Result } from './measure.ts';
import { openBench, openThirtyBench } from './open.ts';
import { toolBench } from './tool.ts';
import { verdictBench } from './verdict.ts';

const ALL: readonly Bench[] = [openBench, openThirtyBench, idleBench, verdictBench, echoBench, toolBench];

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

function line(result: Result): string {
  const value = `${result.name.padEnd(16)} ${result.value.toFixed(2).padStart(9)} ${result.unit}`;
  if (result.target === undefined) return value;
  return `${value}  (at most ${result.target}: ${result.met ? 'met' : 'NOT met'})`;
}
