/**
 * Checks with one thing wrong: a value off by one, a name changed, a condition dropped. A lab's solution and wrong
 * answers must tell each from the real one; a mutant that nothing tells apart is a condition that nothing tests.
 *
 * Mutants are made from the check's own data, so that a new condition is covered the day it is added: numbers go one
 * up and down, texts get a letter more, choices take another value, and each condition is left out once.
 */
import type { Bound, Check, QuizCheck } from '../lab/schema.ts';
import { checkSchema } from '../lab/schema.ts';

export interface Mutant {
  /** "partitions 3 → 4" */
  readonly change: string;
  readonly check: Check;
}

export function mutantsOf(check: Check): Mutant[] {
  if (check.kind === 'quiz') return quizMutants(check);
  // What a script holds to is not in the check.
  if (check.kind === 'program' && check.script !== undefined) return [];
  if ('deleted' in check && check.deleted) return deletedMutants(check);
  const conditions = Object.keys(check).filter((key) => !NOT_CONDITIONS.includes(key));
  return conditions.flatMap((key) => {
    const value = (check as Record<string, unknown>)[key];
    return isNothing(value, key) ? [] : [...changed(check, key, value), ...dropped(check, key)];
  });
}

/** Names, ways of looking, and what only makes sense beside something else. */
const NOT_CONDITIONS = [
  'id',
  'kind',
  'cluster',
  'expect',
  'points',
  'trendSeconds',
  'policy',
  'alias',
  'environment',
  'command',
  'files',
  'input',
  'output',
  'deadLetter',
  'committedBefore',
  'crash',
  'until',
  'seconds',
  'committed',
  'acknowledged',
  'unique',
  'ascending',
  'keysStay',
  'noCycles',
  'absent',
];

/** Without these the check is another one, or none: they are changed, never dropped. */
const SUBJECTS = [
  'topic',
  'group',
  'tool',
  'path',
  'broker',
  'partition',
  'onlyPartition',
  'from',
  'to',
  'result',
];

function isNothing(value: unknown, key: string): boolean {
  if (value === undefined || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  // "at least one" is what a records check means by itself, not a condition of its own.
  if (key === 'count') return JSON.stringify(value) === '{"atLeast":1}';
  return key === 'exit' && value === 'any';
}

function dropped(check: Check, key: string): Mutant[] {
  if (SUBJECTS.includes(key)) return [];
  const rest: Record<string, unknown> = { ...check };
  const value = rest[key];
  if (typeof value === 'object' && value !== null && !isBound(value)) return [];
  delete rest[key];
  return mutant(`${key} dropped`, rest);
}

function mutant(change: string, data: unknown): Mutant[] {
  const parsed = checkSchema.safeParse(data);
  return parsed.success ? [{ change, check: parsed.data }] : [];
}

function changed(check: Check, key: string, value: unknown): Mutant[] {
  return others(value, [key]).flatMap(({ at, to }) =>
    mutant(`${at.join('.')} ${show(to)}`, { ...check, [key]: to.whole }),
  );
}

interface Other {
  /** Path of what was changed. */
  readonly at: readonly string[];
  readonly to: { readonly whole: unknown; readonly from?: unknown; readonly now?: unknown };
}

function show({ from, now }: Other['to']): string {
  return now === undefined ? 'dropped' : `${JSON.stringify(from)} → ${JSON.stringify(now)}`;
}

/** Each way to get one value wrong; of maps and lists, each entry in turn. */
function others(value: unknown, at: readonly string[]): Other[] {
  const swap = (now: unknown): Other => ({ at, to: { whole: now, from: value, now } });
  if (isBound(value)) return neighbours(value).map(swap);
  const choices = choicesAt(at, value);
  if (choices !== undefined) return choices.map(swap);
  if (typeof value === 'string')
    return [swap(numberBeside(value) ?? `${value}${at.length === 1 ? '-x' : 'x'}`)];
  if (typeof value === 'boolean') return at.length > 1 && at[0] === 'where' ? [swap(!value)] : [];
  if (value === null) return [swap('x')];
  if (Array.isArray(value)) return ofList(value, at);
  return typeof value === 'object' ? ofMap(value as Record<string, unknown>, at) : [];
}

function numberBeside(text: string): string | undefined {
  return /^\d+$/.test(text) ? String(Number(text) + 1) : undefined;
}

function ofList(list: readonly unknown[], at: readonly string[]): Other[] {
  return list.flatMap((item, index) => {
    const without = list.filter((_other, i) => i !== index);
    const swapped = others(item, [...at, String(index)]).map(({ at: where, to }) => ({
      at: where,
      to: { ...to, whole: list.map((other, i) => (i === index ? to.whole : other)) },
    }));
    // The places of numbers mean something: one left out would change them all.
    const drops = typeof item === 'string' ? [{ at: [...at, String(item)], to: { whole: without } }] : [];
    return [...drops, ...swapped];
  });
}

function ofMap(map: Readonly<Record<string, unknown>>, at: readonly string[]): Other[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const { [key]: _left, ...rest } = map;
    const swapped = others(value, [...at, key]).map(({ at: where, to }) => ({
      at: where,
      to: { ...to, whole: { ...map, [key]: to.whole } },
    }));
    return [{ at: [...at, key], to: { whole: rest } }, ...swapped];
  });
}

function isBound(value: unknown): value is Bound {
  if (typeof value === 'number') return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0 &&
    Object.keys(value).every((key) => key === 'atLeast' || key === 'atMost')
  );
}

/** A range of larger numbers is a rough figure ("at least 10 read"): one up or down means nothing there. */
const ROUGH_FROM = 8;

function neighbours(bound: Bound): Bound[] {
  if (typeof bound === 'number') return bound === 0 ? [1] : [bound - 1, bound + 1];
  const least = 'atLeast' in bound ? bound.atLeast : undefined;
  if (Math.max(least ?? 0, bound.atMost ?? 0) >= ROUGH_FROM)
    return least === undefined ? [] : [{ atLeast: least * 10 }];
  const shifted = [-1, 1].map((by) =>
    Object.fromEntries(Object.entries(bound).map(([key, value]) => [key, (value ?? 0) + by])),
  ) as Bound[];
  return shifted.filter((other) => Object.values(other).every((value) => value >= 0));
}

/** Words of a closed list take one other of it. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  state: ['Empty', 'Stable', 'running', 'down'],
  protocol: ['classic', 'consumer'],
  lagTrend: ['growing', 'steady', 'falling'],
  exit: ['success', 'failure'],
  records: ['all', 'some'],
  compression: ['none', 'gzip', 'zstd'],
  delivered: [],
  committed: ['all', 'none'],
  firstReplicas: [],
};

function choicesAt(at: readonly string[], value: unknown): string[] | undefined {
  const choices = CHOICES[at.at(-1) ?? ''];
  if (choices === undefined || typeof value !== 'string') return undefined;
  const family =
    value === 'running' || value === 'down'
      ? choices.slice(2)
      : at.at(-1) === 'state'
        ? choices.slice(0, 2)
        : choices;
  return family.filter((choice) => choice !== value).slice(0, 1);
}

function deletedMutants(check: Check): Mutant[] {
  const subject = check.kind === 'group' ? 'group' : 'topic';
  const { deleted: _left, ...rest } = check as Check & { deleted?: true };
  const name = String((check as Record<string, unknown>)[subject]);
  // Another group is not there either.
  const renamed =
    subject === 'group' ? [] : mutant(`${subject} → ${name}-x`, { ...check, [subject]: `${name}-x` });
  return [...renamed, ...mutant('deleted dropped', rest)];
}

/** A prediction passes with any answer: there is nothing in it to get wrong. */
function quizMutants(check: QuizCheck): Mutant[] {
  if (check.form === 'predict') return [];
  const { answer } = check;
  if (typeof answer !== 'object') {
    const other = check.choices?.find((choice) => choice !== String(answer)) ?? `${answer}x`;
    return [{ change: `answer → ${other}`, check: { ...check, answer: other } }];
  }
  const [kind, place] = Object.entries(answer)[0] as [string, Record<string, string | number> | true];
  if (place === true) return [{ change: 'answer → x', check: { ...check, answer: 'x' } }];
  return Object.entries(place).map(([key, value]) => {
    const other = typeof value === 'number' ? value + 1 : `${value}x`;
    return {
      change: `${kind}.${key} → ${other}`,
      check: { ...check, answer: { [kind]: { ...place, [key]: other } } as QuizCheck['answer'] },
    };
  });
}
