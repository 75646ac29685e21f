/** Finds a lab by its id; an unknown one is told with those there are. */

import type { LabSource } from '../lab/load.ts';
import { readCourse } from '../lab/load.ts';
import { LabError } from '../lab/problem.ts';
import { UsageError } from './usage.ts';

/** Only the lab asked for must be sound. */
export function findLab(dir: string, id: string): LabSource {
  const { course, labs, problems } = readCourse(dir, id);
  requireListed(course.labs, id);
  const lab = labs[0];
  if (lab === undefined) throw new LabError(problems);
  return lab;
}

export function requireListed(listed: readonly string[], id: string): void {
  if (!listed.includes(id)) throw new UsageError(`There is no lab ${id}. There are ${listed.join(', ')}.`);
}
