/** `labs lint [ID]`: everything that is wrong in the files, a line each. */
import { lintConcept, readConcepts } from '../lab/concepts.ts';
import { lintLab } from '../lab/lint.ts';
import { readCourse } from '../lab/load.ts';
import { formatProblem } from '../lab/problem.ts';
import { requireListed } from './find-lab.ts';
import type { Surroundings } from './surroundings.ts';
import type { Call } from './usage.ts';

export function runLint({ id, json }: Call, { labs, print }: Surroundings): number {
  const { course, labs: sources, problems } = readCourse(labs, id);
  if (id !== undefined) requireListed(course.labs, id);
  const reading = readConcepts(labs, id === undefined ? course.concepts : []);
  const all = [
    ...problems,
    ...reading.problems,
    ...sources.flatMap(lintLab),
    ...reading.concepts.flatMap((concept) => lintConcept(labs, concept)),
  ];
  if (json) print(JSON.stringify(all, null, 2));
  else if (all.length === 0) print(`${sources.map((source) => source.id).join(', ')}: nothing to mend.`);
  else for (const problem of all) print(formatProblem(problem));
  return all.length === 0 ? 0 : 1;
}
