/** Reads a command line by a declared parser, with argparse4j's rules and sentences. */
import type { Locale } from '../ports.ts';
import { versionLine } from '../version.ts';
import { type Argument, type Parser, takesValue, textualName } from './declaration.ts';
import { helpScreen, type Path, usage } from './screens.ts';
import { meant } from './suggestions.ts';
import { fill } from './text.ts';

export type ArgumentValue = string | number | boolean | readonly string[];

export interface Arguments {
  readonly command: string | null;
  readonly values: ReadonlyMap<string, ArgumentValue>;
}

/** Help or version were asked for; nothing else is to be done. */
export class HelpScreen extends Error {
  readonly screen: string;
  readonly kind: 'help' | 'version';

  constructor(kind: 'help' | 'version', screen: string) {
    super(kind);
    this.kind = kind;
    this.screen = screen;
  }
}

/** A command line that makes no sense: the sentence, and the screen argparse4j prints for it. */
export class ArgumentError extends Error {
  readonly screen: string;

  constructor(message: string, path: Path, suggestions = '') {
    super(message);
    this.screen = usage(path) + fill(`${path[0].name}: error: ${message}\n`) + suggestions;
  }
}

interface State {
  readonly args: readonly string[];
  index: number;
  /** Told only when the whole line was read. */
  deferred: ArgumentError | null;
  /** After `--`, all is positional. */
  onlyPositional: boolean;
  readonly values: Map<string, ArgumentValue>;
}

export function parseArguments(parser: Parser, args: readonly string[], locale: Locale): Arguments {
  const state: State = { args, index: 0, deferred: null, onlyPositional: false, values: new Map() };
  const command = new Reading([parser], state, locale).run();
  if (state.deferred !== null) throw state.deferred;
  return { command, values: state.values };
}

class Reading {
  readonly #path: Path;
  readonly #parser: Parser;
  readonly #state: State;
  readonly #locale: Locale;
  readonly #used = new Set<Argument>();
  readonly #positional: string[] = [];

  constructor(path: Path, state: State, locale: Locale) {
    this.#path = path;
    this.#parser = path[1] ?? path[0];
    this.#state = state;
    this.#locale = locale;
  }

  /** The command's name, when there is one. */
  run(): string | null {
    for (const argument of this.#parser.arguments) {
      if (argument.default !== undefined)
        this.#state.values.set(argument.name, this.#convert(argument, argument.default));
      else if (argument.action === 'true') this.#state.values.set(argument.name, false);
    }
    const state = this.#state;
    while (state.index < state.args.length) {
      const token = state.args[state.index]!;
      if (this.#isFlag(token) && token !== '--') {
        this.#takeFlag(token);
      } else if (token === '--' && !state.onlyPositional) {
        state.onlyPositional = true;
        state.index++;
      } else if (this.#positionalLeft()) {
        this.#positional.push(token);
        state.index++;
      } else if (!state.onlyPositional && this.#parser.commands !== undefined) {
        return this.#enterCommand(token);
      } else {
        throw this.#fail(`unrecognized arguments: '${state.args.slice(state.index).join(' ')}'`);
      }
    }
    if (this.#parser.commands !== undefined) throw this.#fail('too few arguments');
    this.#finish();
    return null;
  }

  #enterCommand(token: string): string {
    const commands = this.#parser.commands!;
    this.#finish();
    const found = oneOf(commands, token, ({ name }) => name);
    if (Array.isArray(found)) {
      throw this.#fail(`ambiguous command: ${token} could match ${found.sort().join(', ')}`);
    }
    if (found === null) {
      const names = commands.map(({ name }) => name);
      const list = names.map((name) => `'${name}'`).join(', ');
      throw this.#fail(`invalid choice: '${token}' (choose from ${list})`, meant(token, names));
    }
    this.#state.index++;
    new Reading([this.#path[0], found], this.#state, this.#locale).run();
    return found.name;
  }

  #takeFlag(token: string): void {
    const at = token.indexOf('=');
    const flag = at === -1 ? token : token.slice(0, at);
    const argument = this.#resolve(flag);
    if (argument === null) {
      const flags = this.#parser.arguments
        .flatMap(({ flags }) => flags)
        .filter((name) => name.replace(/^-+/, '').length > 1);
      const body = token.replace(/^-+/, '');
      const suggestions = body.length >= 2 ? meant(body, flags) : '';
      throw this.#fail(`unrecognized arguments: '${token}'`, suggestions);
    }
    this.#state.index++;
    this.#checkExclusive(argument);
    this.#store(argument, at === -1 ? null : token.slice(at + 1));
    this.#used.add(argument);
  }

  #resolve(flag: string): Argument | null {
    const pairs = this.#parser.arguments.flatMap((argument) =>
      argument.flags.map((name) => ({ name, argument })),
    );
    const found = oneOf(pairs, flag, ({ name }) => name);
    if (Array.isArray(found)) {
      throw this.#fail(`ambiguous option: ${flag} could match ${found.sort().join(', ')}`);
    }
    return found?.argument ?? null;
  }

  #store(argument: Argument, given: string | null): void {
    const { values } = this.#state;
    if (argument.action === 'help') throw new HelpScreen('help', helpScreen(this.#path, this.#locale));
    if (argument.action === 'version') throw new HelpScreen('version', `${versionLine}\n`);
    if (!takesValue(argument)) {
      if (given !== null) throw this.#fail(`ignore implicit argument '${given}'`, '', argument);
      values.set(argument.name, true);
    } else if (argument.count === '+' || argument.count === '*') {
      const list = given === null ? this.#takeWhileValues() : [given];
      if (argument.count === '+' && list.length === 0)
        throw this.#fail('expected 1 argument(s)', '', argument);
      values.set(argument.name, list);
    } else {
      const value = given ?? this.#takeValue();
      if (value === null && argument.count !== '?') throw this.#fail('expected one argument', '', argument);
      if (value !== null) this.#set(argument, value);
    }
  }

  #set(argument: Argument, text: string): void {
    const { values } = this.#state;
    if (argument.action === 'append') {
      const earlier = values.get(argument.name);
      values.set(argument.name, [...(Array.isArray(earlier) ? earlier : []), text]);
    } else {
      values.set(argument.name, this.#convert(argument, text));
    }
  }

  #convert(argument: Argument, text: string): ArgumentValue {
    if (argument.choices !== undefined && !argument.choices.includes(text)) {
      throw this.#fail(
        `invalid choice: '${text}' (choose from {${argument.choices.join(',')}})`,
        '',
        argument,
      );
    }
    switch (argument.type) {
      case undefined:
        return text;
      case 'Boolean':
        return text.toLowerCase() === 'true';
      default: {
        const number = parseJavaNumber(text, argument.type);
        if (number !== null) return number;
        const why =
          text === '' && argument.type === 'Double' ? 'empty String' : `For input string: "${text}"`;
        throw this.#fail(`could not convert '${text}' to ${argument.type} (${why})`, '', argument);
      }
    }
  }

  #takeValue(): string | null {
    const token = this.#state.args[this.#state.index];
    if (token === undefined || this.#isFlag(token)) return null;
    this.#state.index++;
    return token;
  }

  #takeWhileValues(): string[] {
    const list: string[] = [];
    for (let value = this.#takeValue(); value !== null; value = this.#takeValue()) list.push(value);
    return list;
  }

  #positionalLeft(): boolean {
    const own = this.#parser.arguments.filter(({ flags }) => flags.length === 0);
    return this.#positional.length < own.length || own.some(({ count }) => count === '+' || count === '*');
  }

  #isFlag(token: string): boolean {
    if (this.#state.onlyPositional) return false;
    return token === '--' || (/^-./.test(token) && !/^-\d+$/.test(token));
  }

  #checkExclusive(argument: Argument): void {
    if (argument.group === undefined || !this.#parser.groups?.[argument.group]?.exclusive) return;
    const other = [...this.#used].find((used) => used.group === argument.group && used !== argument);
    if (other !== undefined)
      throw this.#fail(`not allowed with argument ${textualName(other)}`, '', argument);
  }

  /** What is missing is told last of all; of several, the last. */
  #finish(): void {
    this.#takePositional();
    if (this.#state.deferred !== null) return;
    for (const argument of this.#parser.arguments) {
      if (argument.required && argument.flags.length > 0 && !this.#used.has(argument)) {
        this.#state.deferred = this.#fail(`argument ${textualName(argument)} is required`);
      }
    }
    if (this.#state.deferred !== null) return;
    for (const [key, group] of Object.entries(this.#parser.groups ?? {})) {
      const members = this.#parser.arguments.filter((argument) => argument.group === key);
      if (!group.exclusive || !group.required || members.some((member) => this.#used.has(member))) continue;
      const names = members.filter(({ hidden }) => hidden === undefined).map(textualName);
      this.#state.deferred = this.#fail(`one of the arguments ${names.join(' ')} is required`);
    }
  }

  #takePositional(): void {
    const own = this.#parser.arguments.filter(({ flags }) => flags.length === 0);
    const needed = own.filter(({ count }) => count === undefined || count === '+').length;
    if (needed > this.#positional.length) throw this.#fail('too few arguments');
    for (const argument of own) {
      if (argument.count === '+' || argument.count === '*') {
        this.#state.values.set(argument.name, this.#positional.splice(0));
      } else {
        const value = this.#positional.shift();
        if (value !== undefined) this.#set(argument, value);
      }
    }
  }

  #fail(message: string, suggestions = '', argument?: Argument): ArgumentError {
    const text = argument === undefined ? message : `argument ${textualName(argument)}: ${message}`;
    return new ArgumentError(text, this.#path, suggestions);
  }
}

/** The item of that name or of the only name that begins so; several names: the names; none: `null`. */
function oneOf<T extends object>(
  items: readonly T[],
  wanted: string,
  nameOf: (item: T) => string,
): T | string[] | null {
  const exact = items.find((item) => nameOf(item) === wanted);
  if (exact !== undefined || wanted === '') return exact ?? null;
  const near = items.filter((item) => nameOf(item).startsWith(wanted));
  if (near.length > 1) return near.map(nameOf);
  return near[0] ?? null;
}

const limits = {
  Short: [-(2n ** 15n), 2n ** 15n - 1n],
  Integer: [-(2n ** 31n), 2n ** 31n - 1n],
  Long: [-(2n ** 63n), 2n ** 63n - 1n],
} as const;

function parseJavaNumber(text: string, type: 'Short' | 'Integer' | 'Long' | 'Double'): number | null {
  if (type === 'Double') {
    return text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text);
  }
  if (!/^[+-]?\d+$/.test(text)) return null;
  const value = BigInt(text.replace(/^\+/, ''));
  const [least, most] = limits[type];
  return value >= least && value <= most ? Number(value) : null;
}
