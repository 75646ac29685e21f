/** The words that verdicts are made of, in both languages. */
import { particleAfter } from '../lab/josa.ts';
import type { Bound, Localized } from '../lab/schema.ts';

export function say(ko: string, en: string): Localized {
  return { ko, en };
}

/** Sentences one after the other; `null` ones are left out. */
export function join(...parts: readonly (Localized | null)[]): Localized {
  const there = parts.filter((part) => part !== null);
  return say(there.map((part) => part.ko).join(' '), there.map((part) => part.en).join(' '));
}

/** `orders`가: the value as code with the particle that fits its reading. */
export function code(value: string | number, particle = ''): string {
  const text = String(value);
  return `\`${text}\`${particle === '' ? '' : particleAfter(text, particle)}`;
}

/** Long values are shown by their beginning. */
export function codeCut(value: string, particle = ''): string {
  return value.length > 60
    ? `\`${value.slice(0, 57)}…\`${particle && particleAfter(value, particle)}`
    : code(value, particle);
}

export interface Noun {
  readonly ko: string;
  /** The counter that follows the number: 개, 명. */
  readonly counter: string;
  readonly one: string;
  readonly many: string;
}

export const PARTITION: Noun = { ko: '파티션', counter: '개', one: 'partition', many: 'partitions' };
export const RECORD: Noun = { ko: '레코드', counter: '개', one: 'record', many: 'records' };
export const MEMBER: Noun = { ko: '멤버', counter: '명', one: 'member', many: 'members' };

export function counted(noun: Noun, count: number): Localized {
  return say(`${noun.ko} ${number(count)}${noun.counter}`, countEn(noun, count));
}

export function countEn(noun: Noun, count: number): string {
  return `${number(count)} ${count === 1 ? noun.one : noun.many}`;
}

/** "3개", "3개 이상", "1개 이하"; "3", "at least 3", "at most 1". */
export function boundText(bound: Bound, counter: string): Localized {
  if (typeof bound === 'number') return say(`${number(bound)}${counter}`, number(bound));
  if (!('atLeast' in bound))
    return say(`${number(bound.atMost)}${counter} 이하`, `at most ${number(bound.atMost)}`);
  const least = number(bound.atLeast);
  if (bound.atMost === undefined) return say(`${least}${counter} 이상`, `at least ${least}`);
  const most = number(bound.atMost);
  return say(`${least}~${most}${counter}`, `${least} to ${most}`);
}

export function fits(bound: Bound, count: number): boolean {
  return distance(bound, count) === 0;
}

/** How many are missing (negative) or too many (positive). */
export function distance(bound: Bound, count: number): number {
  const least = typeof bound === 'number' ? bound : 'atLeast' in bound ? bound.atLeast : 0;
  const most = typeof bound === 'number' ? bound : (bound.atMost ?? Number.POSITIVE_INFINITY);
  if (count < least) return count - least;
  return count > most ? count - most : 0;
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** 3.6초, 1시간: a time in milliseconds as a person says it; 일, 시간, 분, 초. */
export function durationText(ms: number): Localized {
  const units = [
    { ms: 86_400_000, ko: '일', one: 'day' },
    { ms: 3_600_000, ko: '시간', one: 'hour' },
    { ms: 60_000, ko: '분', one: 'minute' },
    { ms: 1000, ko: '초', one: 'second' },
  ];
  const unit = units.find((candidate) => ms >= candidate.ms) ?? { ms: 1, ko: ' ms', one: 'millisecond' };
  const count = Number((ms / unit.ms).toFixed(1));
  return say(`${number(count)}${unit.ko}`, `${number(count)} ${unit.one}${count === 1 ? '' : 's'}`);
}
