/** The option table of `--help`, laid out as joptsimple's formatter does: two columns within 80. */
import type { OptionSpec, OptionTable } from './options.ts';
import type { Locale } from './ports.ts';

const overallWidth = 80;
const gap = 2;
const indent = '  ';

interface Row {
  readonly option: string;
  readonly description: string;
}

export function formatHelp(table: OptionTable, locale: Locale): string {
  const names = Object.keys(table).sort();
  const anyRequired = names.some((name) => table[name]!.required);
  const header: Row[] = [
    { option: anyRequired ? 'Option (* = required)' : 'Option', description: 'Description' },
    { option: anyRequired ? '---------------------' : '------', description: '-----------' },
  ];
  const rows = names.map((name) => rowOf(name, table[name]!, locale));
  const all = [...header, ...rows];
  const widestOption = Math.max(...all.map((row) => displayWidth(row.option)));
  const optionWidth = Math.min(Math.floor((overallWidth - gap) / 2), widestOption);
  const widestDescription = Math.max(
    ...all.flatMap((row) => row.description.split('\n').map((line) => displayWidth(line))),
  );
  const descriptionWidth = Math.min(overallWidth - optionWidth - gap, widestDescription);
  return all.map((row) => layOut(row, optionWidth, descriptionWidth)).join('');
}

function rowOf(name: string, spec: OptionSpec, locale: Locale): Row {
  const dashes = name.length === 1 ? '-' : '--';
  const required = spec.required ? '* ' : '';
  const fallback = spec.default === undefined ? '' : ` (default: ${spec.default})`;
  return {
    option: `${required}${dashes}${name}${argumentText(spec)}`,
    description: spec.help[locale] + fallback,
  };
}

function argumentText(spec: OptionSpec): string {
  if (spec.argument === undefined) return '';
  const type = spec.type ?? 'String';
  const text = spec.argument === '' ? type : `${type}: ${spec.argument}`;
  return spec.optional ? ` [${text}]` : ` <${text}>`;
}

function layOut(row: Row, optionWidth: number, descriptionWidth: number): string {
  const options = wrap(row.option, optionWidth);
  const descriptions = wrap(row.description, descriptionWidth);
  const height = Math.max(options.length, descriptions.length);
  let text = '';
  for (let index = 0; index < height; index++) {
    const option = padTo(options[index] ?? '', optionWidth);
    const description = padTo(descriptions[index] ?? '', descriptionWidth);
    text += `${option}${' '.repeat(gap)}${description}\n`;
  }
  return text;
}

/** Lines of at most `width` columns; lines after the first are indented. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = lines.length === 0 ? '' : indent;
    for (const piece of paragraph.split(/(?<= )|(?<=\p{sc=Hangul})(?=\p{sc=Hangul}{8,})/u)) {
      if (displayWidth(line + piece.trimEnd()) > width && line.trim() !== '') {
        lines.push(line.trimEnd());
        line = indent;
      }
      line += piece;
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Columns in a terminal: Hangul and other wide characters take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(character) ? 2 : 1;
  return width;
}
