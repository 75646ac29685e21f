/** Text filled to 75 columns with both edges straight, as argparse4j does. */
import { displayWidth } from '../help.ts';

export const formatWidth = 75;
const helpColumn = 25;
const titleWidthMax = 21;

/** Lines of at most `width` columns; every line but the last is stretched at its blanks. */
export function fill(
  text: string,
  options: { readonly offset?: number; readonly indent?: string } = {},
): string {
  const { offset = 0, indent = '' } = options;
  let filled = '';
  let line = '';
  let lineWidth = offset;
  for (const piece of pieces(text)) {
    const width = displayWidth(piece);
    if (lineWidth + width > formatWidth) {
      filled += `${stretch(line, formatWidth - lineWidth)}\n${indent}`;
      line = '';
      lineWidth = indent.length;
    }
    line += piece;
    lineWidth += width;
    if (piece.endsWith('\n')) {
      filled += line + indent;
      line = '';
      lineWidth = indent.length;
    }
  }
  return filled + line;
}

/** Where a line may end: after blanks and line ends, after a hyphen, a colon or a dot inside a word, between syllables. */
function pieces(text: string): string[] {
  return text.split(
    /(?<=\s)(?!\s)|(?<=\n)|(?<=-)(?=[^\s\d-])|(?<=[a-z][:.])(?=[A-Za-z])|(?<=\p{sc=Hangul})(?=\p{sc=Hangul}{8,})/u,
  );
}

function stretch(line: string, missingAtFirst: number): string {
  const trimmed = line.replace(/^ +| +$/g, '');
  const missing = missingAtFirst + (line.length - trimmed.length);
  const gaps = trimmed.match(/ +/g)?.length ?? 0;
  if (gaps === 0 || missing <= 0) return trimmed;
  const each = Math.floor(missing / gaps);
  const rest = missing % gaps;
  // What is left over goes to the gaps in the middle.
  const from = Math.floor((gaps - rest + 1) / 2);
  let gap = 0;
  return trimmed.replace(/ +/g, (blanks) => {
    const more = each + (from <= gap && gap < from + rest ? 1 : 0);
    gap++;
    return blanks + ' '.repeat(more);
  });
}

/** One entry of a help screen: its title, and its text from column 25. */
export function entry(title: string, help: string): string {
  if (help === '') return `  ${title}\n`;
  const width = displayWidth(title);
  const margin = ' '.repeat(helpColumn);
  const between = width <= titleWidthMax ? ' '.repeat(helpColumn - width - 2) : `\n${margin}`;
  return `  ${title}${between}${fill(help, { offset: helpColumn, indent: margin })}\n`;
}
