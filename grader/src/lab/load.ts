/** Reads a course from its folder, and draws a trainee's lab from it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ParsedText } from './markdown.ts';
import { parseMarkdown } from './markdown.ts';
import { drawParameters, ParameterError } from './parameters.ts';
import type { Problem } from './problem.ts';
import { LabError } from './problem.ts';
import { fillLabText } from './render.ts';
import type { CourseData, Lab, LabData, LabText, Localized, ParameterSpec, Parameters } from './schema.ts';
import { courseSchema, LOCALES, labHeadSchema, labSchema } from './schema.ts';
import { fillText, fillValue, onlyWhen, TemplateError } from './template.ts';
import { validateLab } from './validate.ts';
import type { Path, YamlSource } from './yaml-source.ts';
import { parseYaml, readYaml } from './yaml-source.ts';

export interface Course {
  readonly title: CourseData['title'];
  /** In the course's order. */
  readonly labs: readonly LabSource[];
  readonly conceptIds: readonly string[];
}

/** A lab as its author wrote it, checked; `drawLab` makes it a trainee's. */
export interface LabSource {
  readonly id: string;
  /** Absolute path of its folder. */
  readonly dir: string;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  readonly yaml: YamlSource;
  readonly texts: Localized<ParsedText>;
  /** The texts' files as they are. */
  readonly raw: Localized;
}

/** The seed with which labs are checked when they are read. */
const SAMPLE_SEED = 'sample';

/** Throws `LabError` with everything that is wrong, each with file and line. */
export function loadCourse(dir: string): Course {
  const { course, problems, labs } = readCourse(dir);
  if (problems.length > 0) throw new LabError(problems);
  return { title: course.title, labs, conceptIds: course.concepts };
}

export interface CourseReading {
  readonly course: CourseData;
  readonly labs: readonly LabSource[];
  readonly problems: readonly Problem[];
}

/** Like `loadCourse`, but goes on past broken labs and tells of them. A broken course.yaml throws. */
export function readCourse(dir: string, only?: string): CourseReading {
  const file = join(dir, 'course.yaml');
  const shown = relative(process.cwd(), file) || file;
  if (!existsSync(file)) {
    throw new LabError([
      { file: shown, line: 1, message: 'There is no such file. A course folder has a course.yaml.' },
    ]);
  }
  const yaml = readYaml(shown, readFileSync(file, 'utf8'));
  const course = parseYaml(yaml, courseSchema, yaml.data);
  const problems = unlisted(dir, course, shown);
  const labs: LabSource[] = [];
  for (const [index, id] of course.labs.entries()) {
    if (only !== undefined && id !== only) continue;
    try {
      labs.push(loadLab(join(dir, id), { listedAt: { file: shown, line: yaml.lineOf(['labs', index]) } }));
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      problems.push(...error.problems);
    }
  }
  return { course, labs, problems };
}

function unlisted(dir: string, course: CourseData, file: string): Problem[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(dir, entry.name, 'lab.yaml')))
    .filter((entry) => !course.labs.includes(entry.name))
    .map((entry) => ({ file, line: 1, message: `The lab ${entry.name} is not listed. Add it to labs.` }));
}

export function loadLab(
  dir: string,
  options: { readonly listedAt?: { file: string; line: number } } = {},
): LabSource {
  const folder = dir.split(/[\\/]/).filter(Boolean).at(-1) ?? dir;
  const yamlText = readLabFile(dir, 'lab.yaml', options);
  const yaml = readYaml(shownPath(dir, 'lab.yaml'), yamlText);
  const head = parseYaml(yaml, labHeadSchema, yaml.data);
  const raw = {
    ko: readLabFile(dir, 'ko.md', options),
    en: readLabFile(dir, 'en.md', options),
  };
  const texts = {
    ko: parseMarkdown(shownPath(dir, 'ko.md'), raw.ko),
    en: parseMarkdown(shownPath(dir, 'en.md'), raw.en),
  };
  const source: LabSource = { id: head.id, dir, parameters: head.parameters, yaml, texts, raw };
  const parameters = drawOrTell(source, SAMPLE_SEED);
  const problems = [
    ...LOCALES.flatMap((locale) => textTemplates(dir, `${locale}.md`, parameters)),
    ...valueTemplates(yaml, { value: withoutParameters(yaml.data), path: [], parameters }),
  ];
  if (problems.length > 0) throw new LabError(problems);
  const data = allData(source, parameters);
  const found = validateLab({ data, yaml, texts, folder });
  if (found.length > 0) throw new LabError(found);
  return source;
}

export function drawLab(source: LabSource, seed: string): Lab {
  const parameters = drawOrTell(source, seed);
  const { id, minutes, clusters, setup, steps, next, origin } = drawData(source, parameters);
  const text = {
    ko: fillLabText(source.texts.ko.text, parameters),
    en: fillLabText(source.texts.en.text, parameters),
  };
  return { id, minutes, clusters, setup, steps, next, origin, parameters, dir: source.dir, text };
}

/** Every variant at once, for one sample trainee: for lint. */
export function drawWhole(source: LabSource): { data: LabData; text: Localized<LabText> } {
  const parameters = drawOrTell(source, SAMPLE_SEED);
  const text = {
    ko: fillLabText(source.texts.ko.text, parameters),
    en: fillLabText(source.texts.en.text, parameters),
  };
  return { data: allData(source, parameters), text };
}

function drawData(source: LabSource, parameters: Parameters): LabData {
  const filled = fillValue(withoutParameters(source.yaml.data), parameters);
  return parseYaml(source.yaml, labSchema, onlyWhen(filled, parameters));
}

/** Every variant at once: what is checked when the lab is read, so that no trainee's variant is a surprise. */
function allData(source: LabSource, parameters: Parameters): LabData {
  const filled = fillValue(withoutParameters(source.yaml.data), parameters);
  return parseYaml(source.yaml, labSchema, onlyWhen(filled, null));
}

/** Parameters say how to draw; nothing in them is filled in. */
function withoutParameters(data: unknown): unknown {
  const { parameters: _left, ...rest } = data as Record<string, unknown>;
  return rest;
}

function drawOrTell({ parameters, yaml }: LabSource, seed: string): Parameters {
  try {
    return drawParameters(parameters, seed);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    const line = yaml.lineOf(['parameters', error.parameter]);
    throw new LabError([{ file: yaml.file, line, message: error.message }]);
  }
}

function textTemplates(dir: string, name: string, parameters: Parameters): Problem[] {
  const file = shownPath(dir, name);
  return readLabFile(dir, name, {})
    .split(/\r?\n/)
    .flatMap((line, index) =>
      templateProblem(line, parameters).map((message) => ({ file, line: index + 1, message })),
    );
}

function valueTemplates(
  yaml: YamlSource,
  { value, path, parameters }: { value: unknown; path: Path; parameters: Parameters },
): Problem[] {
  if (typeof value === 'string') {
    const line = yaml.lineOf(path);
    return templateProblem(value, parameters).map((message) => ({ file: yaml.file, line, message }));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const inner = [...path, Array.isArray(value) ? Number(key) : key];
    const ofKey = templateProblem(key, parameters).map((message) => ({
      file: yaml.file,
      line: yaml.lineOf(inner),
      message,
    }));
    return [...ofKey, ...valueTemplates(yaml, { value: item, path: inner, parameters })];
  });
}

function templateProblem(text: string, parameters: Parameters): string[] {
  try {
    fillText(text, parameters);
    return [];
  } catch (error) {
    if (error instanceof TemplateError) return [error.message];
    throw error;
  }
}

function readLabFile(
  dir: string,
  name: string,
  { listedAt }: { readonly listedAt?: { file: string; line: number } },
): string {
  const file = join(dir, name);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const missing = `${shownPath(dir, name)} does not exist. Every lab has lab.yaml, ko.md and en.md.`;
  throw new LabError([{ ...(listedAt ?? { file: shownPath(dir, name), line: 1 }), message: missing }]);
}

function shownPath(dir: string, name: string): string {
  return relative(process.cwd(), join(dir, name)) || join(dir, name);
}
