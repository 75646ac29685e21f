/** `labs import DIR`: a Killercoda scenario as a lab; what cannot be carried over is told with file, line and cure. */
import { basename, resolve } from 'node:path';
import { stringify } from 'yaml';
import { loadLab } from '../lab/load.ts';
import type { Problem } from '../lab/problem.ts';
import { formatProblem, LabError } from '../lab/problem.ts';
import { addLab, folderOfNew } from './add-lab.ts';
import { convertScenario } from './killercoda/convert.ts';
import { Scenario } from './killercoda/scenario.ts';
import type { Surroundings } from './surroundings.ts';
import type { Call } from './usage.ts';
import { UsageError } from './usage.ts';

const HEAD = `# yaml-language-server: $schema=../lab.schema.json
# Imported from Killercoda: graded in the box, by its own scripts, which are worth no points.
`;

/** 0: carried over whole. 1: carried over, and something is for a person to do. */
export function runImport({ id: dir, options }: Call, { labs, print }: Surroundings): number {
  if (dir === undefined)
    throw new UsageError('Say which scenario: labs import DIR, the folder of its index.json.');
  const scenario = new Scenario(dir);
  const id = options.id ?? idOf(basename(resolve(dir)));
  const folder = folderOfNew(labs, id);
  const { yaml, text, files } = convertScenario(scenario, id);
  addLab(labs, id, {
    'lab.yaml': `${HEAD}${stringify(yaml, { lineWidth: 0 })}`,
    'ko.md': text.ko,
    'en.md': text.en,
    ...Object.fromEntries([...files].map(([path, content]) => [`files/${path}`, content])),
  });
  const problems = [...scenario.problems, ...problemsOf(folder)].sort(
    (one, other) => one.file.localeCompare(other.file) || one.line - other.line,
  );
  for (const problem of problems) print(formatProblem(problem));
  const left =
    problems.length === 0 ? 'all of it was carried over' : `${problems.length} things are for you to do`;
  print(
    `Made ${folder} from ${dir}: ${yaml.steps.length} steps; ${left}. Both languages have the same text: translate one of them. Prove it: npm run labs -- test ${id}`,
  );
  return problems.length === 0 ? 0 : 1;
}

/** What was written must be a lab, whatever the scenario was. */
function problemsOf(folder: string): readonly Problem[] {
  try {
    loadLab(folder);
    return [];
  } catch (error) {
    if (error instanceof LabError) return error.problems;
    throw error;
  }
}

function idOf(name: string): string {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);
  if (id === '') throw new UsageError(`${name} makes no lab id. Give one with --id.`);
  return id;
}
