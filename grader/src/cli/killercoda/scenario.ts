/**
 * A scenario of Killercoda as it lies in its folder: `index.json` with its texts and scripts. Only what a scenario can
 * say is read here; what becomes of it stands in `convert.ts`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import type { Problem } from '../../lab/problem.ts';
import type { Path, YamlSource } from '../../lab/yaml-source.ts';
import { parseYaml, readYaml } from '../../lab/yaml-source.ts';
import { UsageError } from '../usage.ts';

const page = {
  title: z.string().optional(),
  text: z.string().optional(),
  foreground: z.string().optional(),
  background: z.string().optional(),
};
const asset = z.looseObject({ file: z.string(), target: z.string(), chmod: z.string().optional() });

const scenarioSchema = z.looseObject({
  title: z.string().min(1),
  description: z.string().default(''),
  time: z.string().optional(),
  details: z
    .looseObject({
      intro: z.looseObject(page).optional(),
      steps: z.array(z.looseObject({ ...page, verify: z.string().optional() })).default([]),
      finish: z.looseObject(page).optional(),
      assets: z.record(z.string(), z.array(asset)).default({}),
    })
    .default({ steps: [], assets: {} }),
  backend: z.looseObject({ imageid: z.string().optional() }).default({}),
});

export type ScenarioData = z.output<typeof scenarioSchema>;
export type ScenarioAsset = z.output<typeof asset>;
export type ScenarioPage = NonNullable<ScenarioData['details']['intro']>;

export interface ScenarioFile {
  /** As it is told of: relative to where the command was called. */
  readonly shown: string;
  readonly content: string;
}

/** The folder; every file is read through it, and what is missing or outside is told. */
export class Scenario {
  readonly data: ScenarioData;
  readonly problems: Problem[] = [];
  readonly #dir: string;
  readonly #index: YamlSource;

  constructor(dir: string) {
    this.#dir = resolve(dir);
    const file = join(this.#dir, 'index.json');
    if (!existsSync(file)) throw new UsageError(noScenario(this.#dir));
    // JSON is YAML, read so that what is wrong has its line.
    this.#index = readYaml(this.#shown('index.json'), readFileSync(file, 'utf8'));
    this.data = parseYaml(this.#index, scenarioSchema, this.#index.data);
  }

  /** Of a place in index.json. */
  tell(path: Path, message: string): void {
    this.problems.push({ file: this.#index.file, line: this.#index.lineOf(path), message });
  }

  tellOf(file: string, line: number, message: string): void {
    this.problems.push({ file, line, message });
  }

  /** A text or script that index.json names at `path`; null: there is none. */
  read(name: string | undefined, path: Path): ScenarioFile | null {
    if (name === undefined) return null;
    const file = resolve(this.#dir, name);
    if (relative(this.#dir, file).startsWith('..') || !existsSync(file)) {
      this.tell(
        path,
        `There is no file ${name} in the scenario's folder. Put it there, or take it out of index.json.`,
      );
      return null;
    }
    return { shown: this.#shown(name), content: readFileSync(file, 'utf8').replaceAll('\r\n', '\n') };
  }

  /** Every file below assets/, by its path there. */
  assets(): ReadonlyMap<string, Buffer> {
    const folder = join(this.#dir, 'assets');
    if (!existsSync(folder)) return new Map();
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    return new Map(
      files.map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return [relative(folder, file), readFileSync(file)];
      }),
    );
  }

  #shown(name: string): string {
    const file = join(this.#dir, name);
    return relative(process.cwd(), file) || file;
  }
}

function noScenario(dir: string): string {
  const inside = existsSync(dir)
    ? readdirSync(dir, { withFileTypes: true }).filter(
        (entry) => entry.isDirectory() && existsSync(join(dir, entry.name, 'index.json')),
      )
    : [];
  const which =
    inside.length > 0
      ? ` There are ${inside.map(({ name }) => name).join(', ')} in it: import them one by one.`
      : '';
  return `There is no index.json in ${dir}. Give the folder of one scenario.${which}`;
}
