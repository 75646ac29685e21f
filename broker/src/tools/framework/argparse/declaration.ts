/**
 * Command lines as argparse4j reads them in Apache Kafka's tools: options with prefixes of their names, `--name=value`,
 * exclusive groups, commands with options of their own. Declared as data; `parse.ts` reads, `screens.ts` writes.
 */
import type { Wording } from '../options.ts';

export interface Argument {
  /** `['--topic']`, `['-h', '--help']`; none: a positional argument. */
  readonly flags: readonly string[];
  /** The key of its value in the result. */
  readonly name: string;
  readonly help: Wording;
  /** Default `value`. */
  readonly action?: 'value' | 'true' | 'append' | 'help' | 'version';
  /** `one or more`, `any number`, `at most one` values; default exactly one. */
  readonly count?: '+' | '*' | '?';
  readonly metavar?: string;
  readonly required?: true;
  readonly type?: 'Short' | 'Integer' | 'Long' | 'Double' | 'Boolean';
  readonly choices?: readonly string[];
  readonly default?: string;
  /** Key of one of the parser's groups. */
  readonly group?: string;
  /** Absent from help and usage. */
  readonly hidden?: true;
}

export interface ArgumentGroup {
  /** Without a title, its arguments stand among the others. */
  readonly title?: Wording;
  readonly description?: Wording;
  /** One of its arguments at most. */
  readonly exclusive?: true;
  /** With `exclusive`: one of them at least. */
  readonly required?: true;
}

export interface Parser {
  /** Of a command: the command's name. */
  readonly name: string;
  readonly description?: Wording;
  /** Of a command: its line in the help of the whole. */
  readonly summary?: Wording;
  readonly arguments: readonly Argument[];
  readonly groups?: Readonly<Record<string, ArgumentGroup>>;
  readonly commands?: readonly Parser[];
  readonly commandsTitle?: Wording;
  readonly commandsMetavar?: string;
}

export const helpArgument: Argument = {
  flags: ['-h', '--help'],
  name: 'help',
  action: 'help',
  help: { en: 'show this help', ko: '이 도움말을 보여 줍니다' },
};

export const versionArgument: Argument = {
  flags: ['-v', '--version'],
  name: 'version',
  action: 'version',
  help: { en: 'show the version', ko: '버전을 보여 줍니다' },
};

export function textualName(argument: Argument): string {
  return argument.flags.length > 0 ? argument.flags.join('/') : argument.name;
}

export function takesValue(argument: Argument): boolean {
  const action = argument.action ?? 'value';
  return action === 'value' || action === 'append';
}
