/** `labs test` of each lab of the course, as its author runs it. */
import { join } from 'node:path';
import { loadCourse } from '../../grader/src/lab/load.ts';
import { ROOT, runLabs } from '../grader/cli/run-labs.ts';
import { atMost, type Bench, type Result } from './measure.ts';

const SEEDS = 3;
const TIMEOUT_MS = 600_000;

export const labsTestBench: Bench = {
  name: 'labs-test',
  what: `labs test of one lab, ${SEEDS} seeds: each lab of the course, the slowest last`,
  async run(report) {
    const seconds: Result[] = [];
    for (const { id } of loadCourse(join(ROOT, 'labs')).labs) {
      const began = performance.now();
      const { exitCode, stdout } = await runLabs(['test', id, '--seeds', String(SEEDS)], TIMEOUT_MS);
      if (exitCode !== 0) throw new Error(`${id} is not proven:\n${stdout}`);
      const value = (performance.now() - began) / 1000;
      report(`${id} ${value.toFixed(1)} s`);
      seconds.push({ name: `labs-test-${id}`, value, unit: 's' });
    }
    const slowest = Math.max(...seconds.map(({ value }) => value));
    return [...seconds, atMost('labs-test', slowest, { unit: 's', target: 60 })];
  },
};
