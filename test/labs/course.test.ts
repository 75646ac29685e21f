/** The labs as they ship, without a cluster: read, linted, drawn for many trainees. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mutantsOf } from '../../grader/src/checks/mutations.ts';
import { neededObservations } from '../../grader/src/checks/needs.ts';
import { lintConcept, readConcepts } from '../../grader/src/lab/concepts.ts';
import { lintLab } from '../../grader/src/lab/lint.ts';
import { drawLab, loadCourse, readCourse } from '../../grader/src/lab/load.ts';

const LABS = join(import.meta.dirname, '../../labs');
const course = loadCourse(LABS);
const { course: listed } = readCourse(LABS);

it('has sound concept pages, and each is used by a step', () => {
  const { concepts, problems } = readConcepts(LABS, listed.concepts);
  expect([...problems, ...concepts.flatMap((concept) => lintConcept(LABS, concept))]).toEqual([]);
  const used = course.labs.flatMap((source) => drawLab(source, '1').steps.flatMap((step) => step.concepts));
  for (const { id } of concepts.filter((concept) => concept.id !== 'group')) expect(used).toContain(id);
});

describe.each(course.labs.map((source) => [source.id, source] as const))('%s', (_id, source) => {
  it('says everything in both languages, in the words of the course', () => {
    expect(lintLab(source)).toEqual([]);
  });

  it('can be drawn for any trainee, with nothing left to fill in', () => {
    for (let trainee = 0; trainee < 40; trainee++) {
      const lab = drawLab(source, `trainee-${trainee}`);
      expect(JSON.stringify(lab)).not.toMatch(/\{\{|undefined|NaN/);
      const names = Object.values(lab.parameters).filter((value) => typeof value === 'string');
      expect(new Set(names).size, 'no two names alike').toBe(names.length);
    }
  });

  it('has 4 to 8 steps, each with a solution, a wrong answer and three hints', () => {
    const lab = drawLab(source, '1');
    expect(lab.steps.length).toBeGreaterThanOrEqual(4);
    expect(lab.steps.length).toBeLessThanOrEqual(8);
    for (const step of lab.steps) {
      expect(step.solution.commands.length, step.id).toBeGreaterThan(0);
      expect(step.wrongAnswers.length, step.id).toBeGreaterThan(0);
      expect(lab.text.ko.steps[step.id]?.hints.length).toBe(3);
    }
  });

  it('never asks for points by what can be forged alone: each step looks at the cluster', () => {
    const lab = drawLab(source, '1');
    for (const step of lab.steps) {
      const looks = step.checks.some(
        // An answer is taken by the server; a prediction passes whatever it is.
        (check) =>
          check.kind !== 'terminal' &&
          check.kind !== 'file' &&
          !(check.kind === 'quiz' && check.form === 'predict'),
      );
      expect(looks, step.id).toBe(true);
      const observed = Object.keys(neededObservations(lab, step));
      expect(lab.clusters.map(({ id }) => id)).toEqual(expect.arrayContaining(observed));
    }
  });

  it('has something to mutate in every check but predictions', () => {
    for (const step of drawLab(source, '1').steps) {
      for (const check of step.checks) {
        if (check.kind !== 'quiz' || check.form !== 'predict')
          expect(mutantsOf(check).length, check.id).toBeGreaterThan(0);
      }
    }
  });
});
