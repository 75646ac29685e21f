/** Draws a lab's parameters from a seed: the same seed, the same values, on every machine and in every version. */
import { partitionForKey } from '@brokerlab/broker/client';
import type { ParameterSpec, Parameters, ParameterValue } from './schema.ts';

export class ParameterError extends Error {
  override readonly name = 'ParameterError';
  /** The parameter that cannot be drawn. */
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(message);
    this.parameter = parameter;
  }
}

export function drawParameters(specs: Readonly<Record<string, ParameterSpec>>, seed: string): Parameters {
  const drawn: Record<string, ParameterValue> = {};
  for (const [name, spec] of Object.entries(specs)) drawn[name] = drawOne(name, spec, { drawn, seed });
  return drawn;
}

function drawOne(
  name: string,
  spec: ParameterSpec,
  { drawn, seed }: { drawn: Parameters; seed: string },
): ParameterValue {
  if ('sum' in spec) return terms(name, spec.sum, drawn).reduce((total, term) => total + term, 0);
  if ('product' in spec) return terms(name, spec.product, drawn).reduce((total, term) => total * term, 1);
  if ('map' in spec) return mapped(name, spec, drawn);
  const taken = (spec.except ?? []).map((other) => earlier(name, other, drawn));
  const all =
    'oneOf' in spec ? spec.oneOf : Array.from({ length: spec.to - spec.from + 1 }, (_, i) => spec.from + i);
  const suits = 'oneOf' in spec ? keyFilter(name, spec, drawn) : () => true;
  const free = all.filter((value) => !taken.includes(value) && suits(value));
  const chosen = free[hash(`${seed}\n${name}`) % free.length];
  if (chosen === undefined) {
    throw new ParameterError(name, `Parameter ${name} has no value left after except. Give it more values.`);
  }
  return chosen;
}

function mapped(
  name: string,
  spec: Extract<ParameterSpec, { map: unknown }>,
  drawn: Parameters,
): ParameterValue {
  const key = String(earlier(name, spec.of, drawn));
  const value = Object.hasOwn(spec.map, key) ? spec.map[key] : undefined;
  if (value !== undefined) return value;
  throw new ParameterError(name, `Parameter ${name} has no value for ${spec.of} = ${key}. Add it to map.`);
}

/** Which keys go to another partition (or stay) when the number of partitions changes. */
function keyFilter(
  name: string,
  { moves, stays }: Extract<ParameterSpec, { oneOf: unknown }>,
  drawn: Parameters,
): (value: ParameterValue) => boolean {
  const change = moves ?? stays;
  if (change === undefined) return () => true;
  const [from = 1, to = 1] = terms(name, [change.from, change.to], drawn);
  return (value) => {
    const key = Buffer.from(String(value));
    return (partitionForKey(key, from) !== partitionForKey(key, to)) === (moves !== undefined);
  };
}

function terms(name: string, parts: readonly ParameterValue[], drawn: Parameters): number[] {
  return parts.map((part) => {
    const value = typeof part === 'number' ? part : earlier(name, part, drawn);
    if (typeof value === 'number') return value;
    throw new ParameterError(name, `Parameter ${name} counts with ${part}, which is no number but ${value}.`);
  });
}

function earlier(name: string, other: string, drawn: Parameters): ParameterValue {
  const value = Object.hasOwn(drawn, other) ? drawn[other] : undefined;
  if (value !== undefined) return value;
  throw new ParameterError(
    name,
    `Parameter ${name} builds on ${other}, which is not there yet. Write ${other} above it.`,
  );
}

/** FNV-1a over UTF-16 units, then murmur3's finalizer, so that near seeds draw far values. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
