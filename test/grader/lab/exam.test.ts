/** Papers of exams, drawn from the course as it is. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawExam } from '../../../grader/src/lab/exam.ts';
import { loadCourse } from '../../../grader/src/lab/load.ts';

const { labs } = loadCourse(join(import.meta.dirname, '../../../labs'));
const seeds = Array.from({ length: 25 }, (_, index) => `8.30.seed-${index}`);

describe('a paper', () => {
  it.each(seeds)('%s: as many tasks as wanted, of many labs, no two about the same thing', (seed) => {
    const { lab, tasks } = drawExam(labs, seed);
    expect(lab).toMatchObject({ id: 'exam', minutes: 30, exam: { minutes: 30 } });
    expect(lab.steps).toHaveLength(8);
    expect(new Set(tasks.map((task) => task.lab.id)).size).toBeGreaterThanOrEqual(7);
    const names = tasks.flatMap((task) => [...task.names]);
    expect(new Set(names).size).toBe(names.length);
    const checks = lab.steps.flatMap((step) => step.checks.map(({ id }) => id));
    expect(new Set(checks).size).toBe(checks.length);
  });

  it('is the same for the same seed, and another for another', () => {
    const ids = (seed: string) => drawExam(labs, seed).lab.steps.map(({ id }) => id);
    expect(ids('6.20.a')).toEqual(ids('6.20.a'));
    expect(new Set(seeds.map((seed) => ids(seed).join())).size).toBeGreaterThan(10);
  });

  it('begins every task with whole brokers and without the load of those before it', () => {
    const { lab, tasks } = drawExam(labs, '10.30.loads');
    const started = new Set<string>();
    for (const [index, step] of lab.steps.entries()) {
      expect(step.setup[0]).toEqual({ broker: { restore: true } });
      const stopped = step.setup.flatMap((act) => ('stopLoad' in act ? [act.stopLoad] : []));
      expect(stopped).toEqual(expect.arrayContaining([...started]));
      for (const act of [...tasks[index]!.lab.setup, ...tasks[index]!.step.setup])
        if ('load' in act) started.add(act.load.id);
    }
  });

  it('has nothing that helps', () => {
    const { lab } = drawExam(labs, '10.60.bare');
    for (const text of Object.values(lab.text).flatMap(({ steps }) => Object.values(steps))) {
      expect(text).toMatchObject({ hints: [], solution: '' });
      expect(text.blocks.filter(({ kind }) => kind === 'command' || kind === 'note')).toEqual([]);
    }
    for (const step of lab.steps) expect(step.solution.commands).toEqual([]);
  });
});
