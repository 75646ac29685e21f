/**
 * Option tables and their parser, behaving as joptsimple 5 does in Apache Kafka's tools: `--name value`,
 * `--name=value`, `-name value`; no abbreviations; repeated options; values converted only when asked for.
 */
import { JavaError } from '../java/java-error.ts';

export interface Wording {
  readonly en: string;
  readonly ko: string;
}

export interface OptionSpec {
  readonly help: Wording;
  /** Present: the option takes an argument, described so in the help (`''`: no description). */
  readonly argument?: string;
  /** The argument may be left out. */
  readonly optional?: true;
  readonly type?: 'Integer' | 'Long' | 'Double';
  /** Listed beside the option when its type is neither text nor a number (`TopicType`). */
  readonly choices?: readonly string[];
  readonly default?: string;
  /** One argument may hold several values, with this between them. */
  readonly separator?: string;
  readonly availableIf?: readonly string[];
  /** joptsimple's own "required" (marked with an asterisk); the tools' own checks are elsewhere. */
  readonly required?: true;
  /** Given, what is required may be missing. */
  readonly forHelp?: true;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

export class OptionError extends JavaError {}

/** What was given on the command line. */
export class OptionSet<T extends OptionTable> {
  readonly table: T;
  /** Options in the order given; an option without its (optional) argument has `null`. */
  readonly #given = new Map<string, (string | null)[]>();
  readonly others: string[] = [];
  /** Names as given, repetitions included. */
  readonly order: string[] = [];

  constructor(table: T) {
    this.table = table;
  }

  add(name: string, value: string | null): void {
    this.order.push(name);
    const separator = this.table[name]?.separator;
    const pieces = separator === undefined || value === null ? [value] : splitValues(value, separator);
    this.#given.set(name, [...(this.#given.get(name) ?? []), ...pieces]);
  }

  has(name: keyof T & string): boolean {
    return this.#given.has(name);
  }

  /** All values, or the default one. */
  values(name: keyof T & string): string[] {
    const values = (this.#given.get(name) ?? []).filter((value) => value !== null);
    const fallback = this.table[name]?.default;
    return values.length === 0 && fallback !== undefined ? [fallback] : values;
  }

  /** The one value, or the default; given twice it is an error, as in joptsimple. */
  value(name: keyof T & string): string | null {
    const values = this.values(name);
    if (values.length > 1) {
      throw new OptionError(
        'joptsimple.MultipleArgumentsForOptionException',
        `Found multiple arguments for option ${name}, but you asked for only one`,
      );
    }
    return values[0] ?? null;
  }

  /** `value` as a number; what is no number of its type is the option's error, here as in joptsimple. */
  number(name: keyof T & string): number | null {
    const text = this.value(name);
    if (text === null) return null;
    return convertNumber(name, text, this.table[name]?.type ?? 'Integer');
  }
}

const limits = { Integer: [-(2n ** 31n), 2n ** 31n - 1n], Long: [-(2n ** 63n), 2n ** 63n - 1n] } as const;

function convertNumber(name: string, text: string, type: 'Integer' | 'Long' | 'Double'): number {
  if (type === 'Double') {
    const value = Number(text);
    if (text.trim() !== '' && !Number.isNaN(value)) return value;
  } else if (/^[+-]?\d+$/.test(text)) {
    const value = BigInt(text.replace(/^\+/, ''));
    const [least, most] = limits[type];
    if (value >= least && value <= most) return Number(value);
  }
  const format = new JavaError('java.lang.NumberFormatException', `For input string: "${text}"`);
  throw conversionError(
    name,
    text,
    new JavaError('joptsimple.internal.ReflectionException', format.line, format),
  );
}

export function conversionError(name: string, text: string, cause: JavaError): OptionError {
  return new OptionError(
    'joptsimple.OptionArgumentConversionException',
    `Cannot parse argument '${text}' of option ${name}`,
    cause,
  );
}

export function parseOptions<T extends OptionTable>(
  table: T,
  args: readonly string[],
  behaviour: { readonly abbreviations?: boolean } = {},
): OptionSet<T> {
  const set = new OptionSet(table);
  const rest = [...args];
  const find = (name: string) => recognize(table, name, behaviour.abbreviations === true);
  while (rest.length > 0) {
    const token = rest.shift()!;
    if (token === '--') {
      set.others.push(...rest.splice(0));
    } else if (token.startsWith('--')) {
      const [name, value] = splitAtEquals(token.slice(2));
      const found = find(name);
      if (found === null) throw unrecognized(name);
      takeOption(set, found, value, rest);
    } else if (token.startsWith('-') && token !== '-') {
      const [name, value] = splitAtEquals(token.slice(1));
      const found = find(name);
      if (found !== null) takeOption(set, found, value, rest);
      else takeCluster(token.slice(1));
    } else {
      set.others.push(token);
    }
  }
  if (!set.has('help') && !set.has('version')) checkAvailability(set);
  return set;
}

/** Our tools have no one-letter options, so a cluster (`-xyz`) always fails at its first letter. */
function takeCluster(letters: string): never {
  throw unrecognized(letters[0] ?? '');
}

function recognize(table: OptionTable, name: string, abbreviations: boolean): string | null {
  if (Object.hasOwn(table, name)) return name;
  if (!abbreviations || name === '') return null;
  const candidates = Object.keys(table).filter((key) => key.startsWith(name));
  return candidates.length === 1 ? candidates[0]! : null;
}

function takeOption<T extends OptionTable>(
  set: OptionSet<T>,
  name: string,
  value: string | null,
  rest: string[],
): void {
  const spec = set.table[name]!;
  if (spec.argument === undefined) {
    set.add(name, null);
  } else if (value !== null && value !== '') {
    set.add(name, value);
  } else if (spec.optional) {
    const next = rest[0];
    // A negative number is a value where a number is wanted.
    const isNumber = spec.type !== undefined && /^-\d+$/.test(next ?? '');
    const taken = next !== undefined && (isNumber || !looksLikeOption(next));
    set.add(name, taken ? rest.shift()! : null);
  } else {
    const next = rest.shift();
    if (next === undefined) {
      throw new OptionError(
        'joptsimple.OptionMissingRequiredArgumentException',
        `Option ${name} requires an argument`,
      );
    }
    set.add(name, next);
  }
}

function checkAvailability<T extends OptionTable>(set: OptionSet<T>): void {
  const names = Object.keys(set.table);
  const missing = names.filter((name) => set.table[name]!.required && !set.has(name));
  const wantsHelp = names.some((name) => set.table[name]!.forHelp && set.has(name));
  if (missing.length > 0 && !wantsHelp) {
    throw new OptionError(
      'joptsimple.MissingRequiredOptionsException',
      `Missing required option(s) ${listNames(missing)}`,
    );
  }
  const unavailable = names.filter((name) => {
    const partners = set.table[name]!.availableIf;
    return partners !== undefined && set.has(name) && !partners.some((partner) => set.has(partner));
  });
  if (unavailable.length > 0) {
    throw new OptionError(
      'joptsimple.UnavailableOptionException',
      `Option(s) ${listNames(unavailable)} are unavailable given other options on the command line`,
    );
  }
}

function listNames(names: readonly string[]): string {
  return `[${names.join(', ')}]`;
}

function looksLikeOption(token: string): boolean {
  return token.startsWith('-') && token !== '-' && token !== '--';
}

function splitValues(value: string, separator: string): string[] {
  const pieces = value.split(separator).filter((piece) => piece !== '');
  return pieces.length === 0 ? [value] : pieces;
}

function splitAtEquals(text: string): [name: string, value: string | null] {
  const at = text.indexOf('=');
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function unrecognized(name: string): OptionError {
  return new OptionError('joptsimple.UnrecognizedOptionException', `${name} is not a recognized option`);
}
