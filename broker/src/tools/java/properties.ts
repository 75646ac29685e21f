/** Java's `.properties` files: comments, continued lines, `=`, `:` or blank between key and value, escapes. */

export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const [key, value] = splitLine(line);
    properties.set(unescapeText(key), unescapeText(value));
  }
  return properties;
}

function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open = false;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.replace(/^[ \t\f]+/, '');
    if (!open && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const backslashes = /\\*$/.exec(line)![0].length;
    const goesOn = backslashes % 2 === 1;
    const part = goesOn ? line.slice(0, -1) : line;
    if (open) lines[lines.length - 1] += part;
    else lines.push(part);
    open = goesOn;
  }
  return lines;
}

function splitLine(line: string): [key: string, value: string] {
  const match = /^((?:\\.|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*([\s\S]*)$/.exec(line);
  return [match?.[1] ?? line, match?.[2] ?? ''];
}

function unescapeText(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (_all, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return { t: '\t', n: '\n', r: '\r', f: '\f' }[code] ?? code;
  });
}

/** `key=value` arguments; a value may hold `=`; one without `=` is empty. */
export function parseKeyValues(args: readonly string[]): Map<string, string> {
  return new Map(
    args.map((arg) => {
      const at = arg.indexOf('=');
      return at === -1 ? [arg, ''] : [arg.slice(0, at), arg.slice(at + 1)];
    }),
  );
}
