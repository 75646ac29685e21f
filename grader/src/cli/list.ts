/** `labs list`: one lab a line, its id first; a broken one does not keep the others from being listed. */
import { drawLab, readCourse } from '../lab/load.ts';
import { LabError } from '../lab/problem.ts';
import type { Lab } from '../lab/schema.ts';
import type { Surroundings } from './surroundings.ts';
import type { Call } from './usage.ts';

export function runList({ json }: Call, { labs, print }: Surroundings): number {
  const { labs: sources, problems } = readCourse(labs);
  const drawn = sources.map((source) => drawLab(source, '1'));
  if (json) {
    const list = drawn.map(({ id, minutes, steps, text }) => ({
      id,
      title: { ko: text.ko.title, en: text.en.title },
      minutes,
      steps: steps.map((step) => step.id),
    }));
    print(JSON.stringify(list, null, 2));
  } else printLines(drawn, print);
  if (problems.length > 0) throw new LabError(problems);
  return 0;
}

function printLines(drawn: readonly Lab[], print: Surroundings['print']): void {
  const width = Math.max(...drawn.map(({ id }) => id.length));
  for (const { id, minutes, steps, text } of drawn) {
    print(
      `${id.padEnd(width)}  ${text.en.title} / ${text.ko.title}  (${steps.length} steps, ${minutes} min)`,
    );
  }
}
