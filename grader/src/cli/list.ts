/** `labs list`: one lab a line, its id first. */
import { drawLab, loadCourse } from '../lab/load.ts';
import type { Surroundings } from './surroundings.ts';
import type { Call } from './usage.ts';

export function runList({ json }: Call, { labs, print }: Surroundings): number {
  const course = loadCourse(labs);
  const drawn = course.labs.map((source) => drawLab(source, '1'));
  if (json) {
    const list = drawn.map(({ id, minutes, steps, text }) => ({
      id,
      title: { ko: text.ko.title, en: text.en.title },
      minutes,
      steps: steps.map((step) => step.id),
    }));
    print(JSON.stringify(list, null, 2));
    return 0;
  }
  const width = Math.max(...drawn.map(({ id }) => id.length));
  for (const { id, minutes, steps, text } of drawn) {
    print(
      `${id.padEnd(width)}  ${text.en.title} / ${text.ko.title}  (${steps.length} steps, ${minutes} min)`,
    );
  }
  return 0;
}
