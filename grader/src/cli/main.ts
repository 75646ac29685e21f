/** `npm run labs -- …`: the author's tools. Exit 0: all is well; 1: something is not; 2: the call was wrong. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locale } from '../lab/schema.ts';
import { runGrade } from './grade.ts';
import { runHandout } from './handout.ts';
import { runImport } from './import.ts';
import { runLint } from './lint.ts';
import { runList } from './list.ts';
import { runNew } from './new.ts';
import { runSchema } from './schema.ts';
import { runShow } from './show.ts';
import type { Surroundings } from './surroundings.ts';
import { runTest } from './test.ts';
import type { Call } from './usage.ts';
import { HELP, parseCall, tellsItself, UsageError } from './usage.ts';

const abort = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => abort.abort());
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const call = parseCall(argv);
    if (call === 'help') {
      process.stdout.write(HELP);
      return 0;
    }
    return await run(call);
  } catch (error) {
    if (!tellsItself(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function run(call: Call): number | Promise<number> {
  const root = findRoot(dirname(fileURLToPath(import.meta.url)));
  const given = call.options.labs;
  const surroundings: Surroundings = {
    labs: given === undefined ? join(root, 'labs') : resolve(given),
    root,
    language: languageOf(call.options.language, process.env.LC_ALL || process.env.LANG),
    environment: process.env,
    print: (text) => void process.stdout.write(`${text}\n`),
    progress: {
      rewrites: process.stderr.isTTY === true,
      columns: () => process.stderr.columns ?? 80,
      write: (text) => void process.stderr.write(text),
      nowMs: () => performance.now(),
    },
    signal: abort.signal,
  };
  switch (call.command) {
    case 'list':
      return runList(call, surroundings);
    case 'lint':
      return runLint(call, surroundings);
    case 'show':
      return runShow(call, surroundings);
    case 'test':
      return runTest(call, surroundings);
    case 'handout':
      return runHandout(call, surroundings);
    case 'import':
      return runImport(call, surroundings);
    case 'new':
      return runNew(call, surroundings);
    case 'schema':
      return runSchema(surroundings);
    case 'grade':
      return runGrade(call, surroundings);
  }
}

/** From the source and from the bundle alike: the folder that holds the course. */
function findRoot(start: string): string {
  for (let dir = start; dir !== dirname(dir); dir = dirname(dir)) {
    if (existsSync(join(dir, 'labs', 'course.yaml'))) return dir;
  }
  return process.cwd();
}

function languageOf(given: string | undefined, system: string | undefined): Locale {
  if (given === undefined) return system?.startsWith('ko') ? 'ko' : 'en';
  if (given === 'ko' || given === 'en') return given;
  throw new UsageError(`--language ${given} is not known. There are ko and en.`);
}
