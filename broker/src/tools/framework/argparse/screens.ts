/** What argparse4j prints of a parser: usage, help, and errors with what may have been meant. */
import type { Wording } from '../options.ts';
import type { Locale } from '../ports.ts';
import { type Argument, type Parser, takesValue } from './declaration.ts';
import { entry, fill, formatWidth } from './text.ts';

/** The program's parser, then that of the command, when it is about one. */
export type Path = readonly [Parser] | readonly [Parser, Parser];

const headings = {
  positional: { en: 'positional arguments:', ko: '위치 인수:' },
  optional: { en: 'optional arguments:', ko: '옵션:' },
} as const satisfies Record<string, Wording>;
const usageIndentMax = 30;
const usageIndentNarrow = 6;

export function usage(path: Path): string {
  const [main, command] = path;
  const start = `usage: ${main.name}`;
  const narrow = start.length > usageIndentMax;
  const indent = ' '.repeat(narrow ? usageIndentNarrow : start.length);
  const words =
    command === undefined ? ownWords(main) : [...upperWords(main), command.name, ...ownWords(command)];
  let text = narrow ? `${start}\n${indent}` : start;
  let width = indent.length;
  for (const [index, word] of words.entries()) {
    if (index > 0 && width + word.length + 1 > formatWidth) {
      text += `\n${indent}`;
      width = indent.length;
    }
    text += ` ${word}`;
    width += 1 + word.length;
  }
  return `${text}\n`;
}

function ownWords(parser: Parser): string[] {
  const shown = parser.arguments.filter((argument) => argument.hidden === undefined);
  const options = shown.filter((argument) => argument.flags.length > 0);
  const positional = shown.filter((argument) => argument.flags.length === 0);
  return [
    ...options.filter((argument) => !isExclusive(parser, argument)).map(bracketed),
    ...Object.keys(parser.groups ?? {}).flatMap((key) => exclusiveWords(parser, key)),
    ...positional.map(metavarOf),
    ...(parser.commands === undefined ? [] : [commandsWord(parser), '...']),
  ];
}

/** What must stand before the command. */
function upperWords(parser: Parser): string[] {
  const required = parser.arguments.filter(
    (argument) => argument.required && argument.hidden === undefined && !isExclusive(parser, argument),
  );
  const groups = Object.entries(parser.groups ?? {}).filter(([, group]) => group.required);
  return [...required.map(bracketed), ...groups.flatMap(([key]) => exclusiveWords(parser, key))];
}

function exclusiveWords(parser: Parser, key: string): string[] {
  const group = parser.groups?.[key];
  if (!group?.exclusive) return [];
  const members = parser.arguments.filter(
    (argument) => argument.group === key && argument.hidden === undefined,
  );
  const [open, close] = group.required ? ['(', ')'] : ['[', ']'];
  if (members.length < 2) return members.map(group.required ? unbracketed : bracketed);
  return members.flatMap((member, index) => {
    const word = `${index === 0 ? open : ''}${unbracketed(member)}${index === members.length - 1 ? close : ''}`;
    return index === 0 ? [word] : ['|', word];
  });
}

function isExclusive(parser: Parser, argument: Argument): boolean {
  return argument.group !== undefined && parser.groups?.[argument.group]?.exclusive === true;
}

function bracketed(argument: Argument): string {
  return argument.required ? unbracketed(argument) : `[${unbracketed(argument)}]`;
}

function unbracketed(argument: Argument): string {
  return [argument.flags[0], metavarOf(argument)].filter((word) => word).join(' ');
}

function metavarOf(argument: Argument): string {
  if (!takesValue(argument)) return '';
  const name = metavarName(argument);
  switch (argument.count) {
    case '+':
      return `${name} [${name} ...]`;
    case '*':
      return `[${name} [${name} ...]]`;
    case '?':
      return `[${name}]`;
    default:
      return name;
  }
}

function metavarName(argument: Argument): string {
  if (argument.metavar !== undefined) return argument.metavar;
  if (argument.choices !== undefined) return `{${argument.choices.join(',')}}`;
  if (argument.type === 'Boolean') return '{true,false}';
  return argument.flags.length > 0 ? argument.name.toUpperCase() : argument.name;
}

function commandsWord(parser: Parser): string {
  return parser.commandsMetavar ?? `{${(parser.commands ?? []).map(({ name }) => name).join(',')}}`;
}

export function helpScreen(path: Path, locale: Locale): string {
  const parser = path[1] ?? path[0];
  const about = parser.description === undefined ? '' : `\n${fill(parser.description[locale])}\n`;
  return [usage(path), about, ...sections(parser, locale)].join('');
}

function sections(parser: Parser, locale: Locale): string[] {
  const shown = parser.arguments.filter((argument) => argument.hidden === undefined);
  const loose = shown.filter((argument) => !isTitled(parser, argument));
  const positional = loose.filter(({ flags }) => flags.length === 0).map((one) => lineOf(one, locale));
  const optional = loose.filter(({ flags }) => flags.length > 0).map((one) => lineOf(one, locale));
  const commands = commandLines(parser, locale);
  const untitled = parser.commandsTitle === undefined;
  const listed = untitled ? [...positional, ...commands] : positional;
  const parts: string[] = [];
  if (listed.length > 0) parts.push(`\n${headings.positional[locale]}\n`, ...listed);
  if (optional.length > 0) parts.push(`\n${headings.optional[locale]}\n`, ...optional);
  if (!untitled && commands.length > 0) parts.push(`\n${parser.commandsTitle[locale]}:\n`, ...commands);
  for (const [key, { title, description }] of Object.entries(parser.groups ?? {})) {
    if (title === undefined) continue;
    parts.push(`\n${title[locale]}:\n`);
    if (description !== undefined) {
      parts.push(`  ${fill(description[locale], { offset: 2, indent: '  ' })}\n\n`);
    }
    parts.push(...shown.filter(({ group }) => group === key).map((one) => lineOf(one, locale)));
  }
  return parts;
}

function isTitled(parser: Parser, argument: Argument): boolean {
  return argument.group !== undefined && parser.groups?.[argument.group]?.title !== undefined;
}

function commandLines(parser: Parser, locale: Locale): string[] {
  if (parser.commands === undefined) return [];
  const lines = parser.commands.map((command) => entry(`  ${command.name}`, command.summary?.[locale] ?? ''));
  return [entry(commandsWord(parser), ''), ...lines];
}

function lineOf(argument: Argument, locale: Locale): string {
  const metavar = metavarOf(argument);
  const names = argument.flags.map((flag) => (metavar === '' ? flag : `${flag} ${metavar}`));
  const title = argument.flags.length === 0 ? metavarName(argument) : names.join(', ');
  return entry(title, argument.help[locale]);
}
