/** Cuts a typed command line into the commands in it, and each into its words, as far as a check needs to know. */

/** `printf x | tool --a=b && other`: [[printf, x], [tool, --a, b], [other]]. Quotes and backslashes are undone. */
export function commandsIn(line: string): string[][] {
  const commands: string[][] = [[]];
  for (const token of tokens(line)) {
    if (token.kind === 'operator') commands.push([]);
    else commands.at(-1)?.push(...splitOption(token.text));
  }
  return commands.map(withoutPrefix).filter((words) => words.length > 0);
}

/** What may stand before a command's own name: shell keywords, and variables set for it. */
function withoutPrefix(words: readonly string[]): string[] {
  const start = words.findIndex(
    (word) => !/^(?:do|then|else|if|while|until|time|exec|sudo|!|\{|\(|[A-Za-z_]\w*=.*)$/s.test(word),
  );
  return start < 0 ? [] : words.slice(start);
}

/** `./bin/kafka-topics.sh` and `kafka-topics` are `kafka-topics.sh`, too. */
export function isTool(word: string | undefined, tool: string): boolean {
  const base = word?.split('/').at(-1);
  return base === tool || (base !== undefined && `${base}.sh` === tool);
}

export function hasWords(words: readonly string[], wanted: string): boolean {
  const sought = commandsIn(wanted)[0] ?? [];
  return words.some((_word, start) => sought.every((word, index) => words[start + index] === word));
}

function splitOption(word: string): string[] {
  const [, option, value] = /^(--[a-z][a-z-]*)=(.*)$/s.exec(word) ?? [];
  return option === undefined || value === undefined ? [word] : [option, value];
}

interface Token {
  readonly kind: 'word' | 'operator';
  readonly text: string;
}

const TOKEN = /(\|\|?|&&?|;|\n)|((?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|[^\s|&;\\'"]|\\$|['"])+)/g;

function* tokens(line: string): Generator<Token> {
  for (const [text, operator] of line.slice(0, 10_000).replaceAll('\\\n', ' ').matchAll(TOKEN)) {
    if (operator !== undefined) yield { kind: 'operator', text };
    else yield { kind: 'word', text: unquote(text) };
  }
}

function unquote(word: string): string {
  return word.replace(/'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])/g, (_match, single, double, escaped) => {
    if (single !== undefined) return single;
    if (double !== undefined) return double.replace(/\\(["\\$`])/g, '$1');
    return escaped;
  });
}
