/**
 * Checks with one thing wrong: a value off by one, a name changed, a condition dropped. A lab's solution and wrong
 * answers must tell each from the real one; a mutant that nothing tells apart is a condition that nothing tests.
 */
import type {
  Bound,
  Check,
  GroupCheck,
  QuizCheck,
  RecordsCheck,
  TerminalCheck,
  TopicCheck,
} from '../lab/schema.ts';

export interface Mutant {
  /** "partitions 3 → 4" */
  readonly change: string;
  readonly check: Check;
}

export function mutantsOf(check: Check): Mutant[] {
  switch (check.kind) {
    case 'topic':
      return topicMutants(check);
    case 'records':
      return recordsMutants(check);
    case 'group':
      return groupMutants(check);
    case 'terminal':
      return terminalMutants(check);
    case 'quiz':
      return quizMutants(check);
  }
}

/** `false` conditions and absent ones mean the same, so a dropped one is set to undefined. */
function without<C extends Check>(check: C, key: keyof C & string): Mutant {
  const rest = { ...check };
  delete rest[key];
  return { change: `${key} dropped`, check: rest };
}

function renamed<C extends Check>(check: C, key: keyof C & string): Mutant {
  const value = `${String(check[key])}-x`;
  return { change: `${key} → ${value}`, check: { ...check, [key]: value } };
}

function offByOne<C extends Check>(check: C, key: keyof C & string): Mutant[] {
  const bound = check[key] as Bound | undefined;
  if (bound === undefined) return [];
  return neighbours(bound).map((other) => ({
    change: `${key} ${JSON.stringify(bound)} → ${JSON.stringify(other)}`,
    check: { ...check, [key]: other },
  }));
}

function neighbours(bound: Bound): Bound[] {
  if (typeof bound === 'number') return bound === 0 ? [1] : [bound - 1, bound + 1];
  const shifted = [-1, 1].map((by) =>
    Object.fromEntries(Object.entries(bound).map(([key, value]) => [key, (value ?? 0) + by])),
  ) as Bound[];
  return shifted.filter((other) => Object.values(other).every((value) => value >= 0));
}

function topicMutants(check: TopicCheck): Mutant[] {
  if (check.deleted) return [renamed(check, 'topic'), without(check, 'deleted')];
  const mutants: Mutant[] = [renamed(check, 'topic')];
  for (const key of ['partitions', 'replicationFactor'] as const) {
    if (check[key] !== undefined) mutants.push(...offByOne(check, key), without(check, key));
  }
  if (check.inSync) mutants.push(without(check, 'inSync'));
  for (const [name, value] of Object.entries(check.configs ?? {})) {
    const { [name]: _dropped, ...others } = check.configs ?? {};
    mutants.push({ change: `configs.${name} dropped`, check: { ...check, configs: others } });
    const other =
      value === null ? '1' : Number.isFinite(Number(value)) ? String(Number(value) + 1) : `${value}-x`;
    mutants.push({
      change: `configs.${name} → ${other}`,
      check: { ...check, configs: { ...others, [name]: other } },
    });
  }
  return mutants;
}

function recordsMutants(check: RecordsCheck): Mutant[] {
  const mutants: Mutant[] = [renamed(check, 'topic')];
  // "at least one" is what a records check means by itself, not a condition of its own.
  const counts = JSON.stringify(check.count) !== '{"atLeast":1}';
  if (counts) mutants.push(...offByOne(check, 'count'));
  for (const key of ['samePartition', 'everyPartition'] as const)
    if (check[key]) mutants.push(without(check, key));
  for (const [key, value] of Object.entries(check.where)) {
    const { [key as keyof typeof check.where]: _dropped, ...others } = check.where;
    mutants.push({ change: `where.${key} dropped`, check: { ...check, where: others } });
    const other =
      typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 1 : `${value ?? ''}x`;
    mutants.push({
      change: `where.${key} → ${other}`,
      check: { ...check, where: { ...others, [key]: other } },
    });
  }
  return mutants;
}

function groupMutants(check: GroupCheck): Mutant[] {
  const mutants: Mutant[] = [renamed(check, 'group')];
  if (check.topic !== undefined) mutants.push(renamed(check, 'topic'));
  for (const key of ['members', 'read', 'lag'] as const) {
    if (check[key] !== undefined) mutants.push(...offByOne(check, key), without(check, key));
  }
  if (check.state !== undefined) {
    const state = check.state === 'Empty' ? 'Stable' : 'Empty';
    mutants.push(without(check, 'state'), { change: `state → ${state}`, check: { ...check, state } });
  }
  return mutants;
}

function terminalMutants(check: TerminalCheck): Mutant[] {
  const mutants: Mutant[] = [renamed(check, 'tool')];
  for (const key of ['has', 'printed'] as const) {
    for (const [index, text] of check[key].entries()) {
      const others = check[key].filter((_other, at) => at !== index);
      mutants.push({ change: `${key} "${text}" dropped`, check: { ...check, [key]: others } });
      mutants.push({
        change: `${key} "${text}" → "${text}x"`,
        check: { ...check, [key]: [...others, `${text}x`] },
      });
    }
  }
  if (check.exit !== 'any') {
    const exit = check.exit === 'success' ? 'failure' : 'success';
    mutants.push({ change: `exit → ${exit}`, check: { ...check, exit } });
    mutants.push({ change: 'exit dropped', check: { ...check, exit: 'any' } });
  }
  return mutants;
}

/** A prediction passes with any answer: there is nothing in it to get wrong. */
function quizMutants(check: QuizCheck): Mutant[] {
  if (check.form === 'predict') return [];
  const { answer } = check;
  if (typeof answer !== 'object') {
    const other = check.choices?.find((choice) => choice !== String(answer)) ?? `${answer}x`;
    return [{ change: `answer → ${other}`, check: { ...check, answer: other } }];
  }
  const [kind, place] = Object.entries(answer)[0] as [string, Record<string, string | number>];
  return Object.entries(place).map(([key, value]) => {
    const other = typeof value === 'number' ? value + 1 : `${value}x`;
    return {
      change: `${kind}.${key} → ${other}`,
      check: { ...check, answer: { [kind]: { ...place, [key]: other } } as QuizCheck['answer'] },
    };
  });
}
