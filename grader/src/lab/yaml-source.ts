/** Reads a YAML file into typed data; everything wrong with it is told with its line and in words an author knows. */

import type { Document, Pair, Scalar } from 'yaml';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { closestName } from '../checks/closest-name.ts';
import { actSchema } from './act-schema.ts';
import { checkSchema } from './check-schema.ts';
import type { Problem } from './problem.ts';
import { LabError } from './problem.ts';

export type Path = readonly PropertyKey[];

export interface YamlSource {
  readonly file: string;
  readonly data: unknown;
  /** The line on which the value (or the nearest thing around it) stands. */
  lineOf(path: Path): number;
}

export function readYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // Whatever comes after the first error is noise that it caused.
  const error = document.errors[0];
  if (error !== undefined) {
    const line = Math.max(1, lines.linePos(error.pos[0]).line);
    const what = error.message.split('\n')[0];
    throw new LabError([
      { file, line, message: `This is not valid YAML: ${what}. Texts with : { } or # need quotes.` },
    ]);
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new LabError([{ file, line: 1, message: `This YAML cannot be read: ${(cause as Error).message}` }]);
  }
  return { file, data, lineOf: (path) => lineOf(document, lines, path) };
}

function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const position = positionOf(document, path.slice(0, length));
    if (position !== undefined) return lines.linePos(position).line;
  }
  return 1;
}

function positionOf(document: Document, path: Path): number | undefined {
  const key = path.at(-1);
  const parent =
    document.getIn(path.slice(0, -1), true) ?? (path.length === 1 ? document.contents : undefined);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => String((item as Pair<Scalar>).key?.value) === String(key));
    return (pair as Pair<Scalar> | undefined)?.key?.range?.[0];
  }
  const node = document.getIn(path, true) as { range?: readonly number[] } | undefined;
  return node?.range?.[0];
}

export function parseYaml<S extends z.ZodType>(source: YamlSource, schema: S, data: unknown): z.output<S> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw new LabError(result.error.issues.flatMap((issue) => explain(source, data, { issue, base: [] })));
}

type Issue = z.core.$ZodIssue;

const LAB_KEYS = [
  'minutes',
  'parameters',
  'clusters',
  'setup',
  'steps',
  'checks',
  'solution',
  'commands',
  'wrongAnswers',
  'fails',
  'mend',
  'concepts',
  'needs',
  'look',
  'brokers',
  'firstPort',
  'title',
  'labs',
];

function explain(
  source: YamlSource,
  data: unknown,
  { issue, base }: { issue: Issue; base: Path },
): readonly Problem[] {
  const path = [...base, ...issue.path];
  const at = { file: source.file, line: source.lineOf(path) };
  const where = formatPath(path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        file: source.file,
        line: source.lineOf([...path, key]),
        message: `${formatPath([...path, key])} is not known here. ${meant(key)}`,
      }));
    case 'invalid_union':
      return explainUnion(source, data, { issue, path });
    case 'invalid_type': {
      const value = valueAt(data, path);
      if (value === undefined && path.at(-1) === 'checks') return [{ ...at, message: withoutCheck(where) }];
      if (value === undefined)
        return [{ ...at, message: `${where} is missing. It must be ${article(issue.expected)}.` }];
      return [{ ...at, message: `${where} is ${show(value)}, but must be ${article(issue.expected)}.` }];
    }
    case 'invalid_value':
      return [
        { ...at, message: `${where} is ${show(valueAt(data, path))}, but must be ${oneOf(issue.values)}.` },
      ];
    case 'too_small':
      if (path.at(-1) === 'checks') return [{ ...at, message: withoutCheck(where) }];
      return [
        {
          ...at,
          message: `${where} is ${show(valueAt(data, path))}; ${limit('at least', issue.minimum, issue.origin)}`,
        },
      ];
    case 'too_big':
      return [
        {
          ...at,
          message: `${where} is ${show(valueAt(data, path))}; ${limit('at most', issue.maximum, issue.origin)}`,
        },
      ];
    case 'invalid_format':
      return [{ ...at, message: `${where} is ${show(valueAt(data, path))}, but must be ${issue.message}.` }];
    default:
      return [{ ...at, message: `${where}: ${issue.message}.` }];
  }
}

/** A step that nothing checks is never passed. */
function withoutCheck(where: string): string {
  return `${where}: the step has no check, so nobody could pass it. Add at least one, of a kind like topic, group, records or quiz.`;
}

/** Every key that stands anywhere in a lab; the nearest is most likely what was meant. */
const KEYS = [...new Set([...keysOf(checkSchema), ...keysOf(actSchema), ...LAB_KEYS])];

function meant(key: string): string {
  const close = closestName(key, KEYS);
  return close === undefined ? 'Check its spelling, or take it out.' : `Did you mean ${close}?`;
}

function keysOf(schema: z.ZodType): string[] {
  const text = JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return [...text.matchAll(/"([A-Za-z]+)":\{/g)].flatMap(([, key]) => (key === undefined ? [] : [key]));
}

/** Of the union's branches, the one that came closest is the one the author meant. */
function explainUnion(
  source: YamlSource,
  data: unknown,
  { issue, path }: { issue: Extract<Issue, { code: 'invalid_union' }>; path: Path },
): readonly Problem[] {
  const value = valueAt(data, path);
  if ('discriminator' in issue && issue.discriminator !== undefined) {
    const kind = valueAt(data, path);
    const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
    const must = options.length > 0 ? ` It must be ${oneOf(options)}.` : '';
    return [
      {
        file: source.file,
        line: source.lineOf(path),
        message:
          kind === undefined
            ? `${formatPath(path)} is missing.${must}`
            : `${formatPath(path)} is ${show(kind)}, which is no kind of check.${must}`,
      },
    ];
  }
  const branches = issue.errors.map((errors) => errors as readonly Issue[]);
  const deeper = branches.filter((errors) =>
    errors.every((error) => error.path.length > 0 || error.code === 'unrecognized_keys'),
  );
  const best = [...deeper].sort((a, b) => a.length - b.length)[0];
  if (best !== undefined && typeof value === 'object' && value !== null) {
    return best.flatMap((error) => explain(source, data, { issue: error, base: path }));
  }
  const expected = branches.map((errors) => {
    const first = errors[0];
    return first?.code === 'invalid_type' ? article(first.expected) : 'another form';
  });
  return [
    {
      file: source.file,
      line: source.lineOf(path),
      message: `${formatPath(path)} is ${show(value)}, but must be ${[...new Set(expected)].join(' or ')}.`,
    },
  ];
}

export function formatPath(path: Path): string {
  return (
    path.reduce<string>(
      (text, part) =>
        typeof part === 'number' ? `${text}[${part}]` : `${text}${text ? '.' : ''}${String(part)}`,
      '',
    ) || 'the file'
  );
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    data,
  );
}

function show(value: unknown): string {
  const text = value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
  array: 'a list',
  boolean: 'true or false',
  null: 'empty',
};

function article(expected: string): string {
  return WORDS[expected] ?? expected;
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.map((value) => String(value));
  return shown.length === 1 ? `${shown[0]}` : `one of ${shown.join(', ')}`;
}

function limit(word: string, bound: number | bigint, origin: string): string {
  const unit = origin === 'array' ? ' entries' : origin === 'string' ? ' characters' : '';
  return `${word} ${bound}${unit} ${unit === '' ? 'is' : 'are'} allowed.`;
}
