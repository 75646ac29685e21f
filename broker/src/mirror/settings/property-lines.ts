/** Java's `.properties` format, each setting with the number of the line it begins on. */

export interface Property {
  readonly key: string;
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
}

/** In the order of the file; a key may come twice, the last one holds. */
export function readProperties(text: string): Property[] {
  return logicalLines(text).map(({ text: line, number }) => {
    const match = /^((?:\\.|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*([\s\S]*)$/.exec(line);
    return { key: unescaped(match?.[1] ?? line), value: unescaped(match?.[2] ?? '').trim(), line: number };
  });
}

function logicalLines(text: string): { text: string; number: number }[] {
  const lines: { text: string; number: number }[] = [];
  let open = false;
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.replace(/^[ \t\f]+/, '');
    if (!open && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const backslashes = /\\*$/.exec(line)![0].length;
    const goesOn = backslashes % 2 === 1;
    const part = goesOn ? line.slice(0, -1) : line;
    if (open) lines.at(-1)!.text += part;
    else lines.push({ text: part, number: index + 1 });
    open = goesOn;
  }
  return lines;
}

function unescaped(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (_all, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return { t: '\t', n: '\n', r: '\r', f: '\f' }[code] ?? code;
  });
}
