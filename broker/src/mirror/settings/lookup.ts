/** Reads values by their rules, and notes those that break them. */
import { patternProblem } from '../names/filters.ts';
import type { Property } from './property-lines.ts';
import type { Rule } from './rules.table.ts';
import type { Problem } from './settings.ts';

type Table = Readonly<Record<string, Rule>>;
type Value<R extends Rule> = R extends { kind: 'flag' }
  ? boolean
  : R extends { kind: 'number' }
    ? number
    : R extends { kind: 'text' }
      ? string
      : readonly string[];

export class Lookup {
  readonly #byKey = new Map<string, Property>();
  readonly problems: Problem[] = [];
  readonly #told = new Set<string>();

  constructor(properties: readonly Property[]) {
    for (const property of properties) {
      const earlier = this.#byKey.get(property.key);
      if (earlier !== undefined && earlier.value !== property.value) {
        const text = `"${property.key}" is set in line ${earlier.line} too, to "${earlier.value}"; this one ("${property.value}") holds`;
        this.problems.push({ severity: 'warning', line: property.line, text });
      }
      this.#byKey.set(property.key, property);
    }
  }

  get properties(): Iterable<Property> {
    return this.#byKey.values();
  }

  find(key: string): Property | undefined {
    return this.#byKey.get(key);
  }

  error(property: Property | undefined, text: string): void {
    this.#note('error', property, text);
  }

  warn(property: Property | undefined, text: string): void {
    this.#note('warning', property, text);
  }

  /** The first of `keys` that is set, else the rule's default. */
  read<T extends Table, N extends keyof T & string>(table: T, name: N, keys: readonly string[]): Value<T[N]> {
    const property = keys.map((key) => this.#byKey.get(key)).find((found) => found !== undefined);
    const rule: Rule = table[name]!;
    const value = property === undefined ? rule.byDefault : this.#parse(rule, property);
    return value as Value<T[N]>; // the rule's kind decides both
  }

  #parse(rule: Rule, property: Property): boolean | number | string | readonly string[] {
    const { key, value } = property;
    switch (rule.kind) {
      case 'flag':
        if (!/^(true|false)$/i.test(value)) this.error(property, `"${key}" is true or false, not "${value}"`);
        return value.toLowerCase() === 'true';
      case 'number': {
        const parsed = Number(value);
        if (value === '' || !Number.isInteger(parsed) || parsed < rule.least || parsed > rule.most) {
          const most = rule.most >= Number.MAX_SAFE_INTEGER ? '' : ` to ${rule.most}`;
          const range = most === '' ? `${rule.least} or more` : `${rule.least}${most}`;
          this.error(property, `"${key}" is a whole number, ${range}, not "${value}"`);
          return rule.byDefault;
        }
        return parsed;
      }
      case 'text': {
        const { choices } = rule;
        const chosen = choices?.find((choice) => choice.toLowerCase() === value.toLowerCase());
        if (choices !== undefined && chosen === undefined) {
          this.error(property, `"${key}" is one of ${choices.join(', ')}, not "${value}"`);
        }
        return chosen ?? value;
      }
      case 'patterns':
        return this.#patterns(property);
    }
  }

  #patterns(property: Property): string[] {
    const parts = property.value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    for (const part of parts) {
      const problem = patternProblem(part);
      if (problem !== null) {
        this.error(property, `"${property.key}": "${part}" is not a regular expression (${problem})`);
      }
    }
    return parts.filter((part) => patternProblem(part) === null);
  }

  #note(severity: Problem['severity'], property: Property | undefined, text: string): void {
    const key = `${property?.line}:${text}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.problems.push({ severity, line: property?.line ?? null, text });
  }
}
