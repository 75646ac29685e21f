/** Each lab proven in a real terminal on a real cluster, with one seed; `npm run labs -- test` takes three. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCourse } from '../../grader/src/lab/load.ts';
import { ROOT, runLabs } from '../grader/cli/run-labs.ts';

const built = existsSync(join(ROOT, 'dist/tools/bin/kafka-topics.sh'));
const TIMEOUT_MS = 400_000;

describe.skipIf(!built)(`the labs (skipped without built tools: npm run build)`, () => {
  it.each(loadCourse(join(ROOT, 'labs')).labs.map(({ id }) => id))(
    '%s fails untouched, passes by its solution, explains its wrong answers and catches every mutant',
    async (lab) => {
      const { exitCode, stdout } = await runLabs(['test', lab, '--seeds', '1'], TIMEOUT_MS);
      expect(stdout).toMatch(
        /^\S+ seed 1: proven \(\d+ steps, \d+ wrong answers, \d+ mutants, [\d.]+ s\)\n$/,
      );
      expect(exitCode).toBe(0);
    },
    TIMEOUT_MS,
  );
});
