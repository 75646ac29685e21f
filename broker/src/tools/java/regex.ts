/** Java's regular expressions, as far as they are used to name topics and groups. */
import { JavaError } from './java-error.ts';

const internalTopics = new Set(['__consumer_offsets', '__transaction_state', '__share_group_state']);

export function isInternalTopic(name: string): boolean {
  return internalTopics.has(name);
}

/** `Pattern.compile(text)` for a match of the whole. `null`: not a regular expression. */
export function wholeMatch(text: string): RegExp | null {
  const flags = /^\(\?([is]+)\)/.exec(text);
  const body = flags === null ? text : text.slice(flags[0].length);
  // Possessive quantifiers and atomic groups only save backtracking, so that the greedy ones match the same names here.
  const greedy = body.replace(/([*+?}])\+/g, '$1').replace(/\(\?>/g, '(?:');
  try {
    return new RegExp(`^(?:${greedy})$`, flags?.[1] ?? '');
  } catch {
    return null;
  }
}

/** What Java says of a text that is not a regular expression, for the slips that people make. */
export function syntaxError(text: string): string {
  const { what, index } = slip(text);
  const mark = index < text.length ? `\n${' '.repeat(index)}^` : '';
  return `${what} near index ${index}\n${text}${mark}`;
}

function slip(text: string): { readonly what: string; readonly index: number } {
  let open = 0;
  for (let index = 0; index < text.length; index++) {
    const sign = text[index];
    if (sign === '\\') index++;
    else if (sign === '[') {
      const end = text.indexOf(']', index + 2);
      if (end < 0) return { what: 'Unclosed character class', index: text.length - 1 };
      index = end;
    } else if (sign === '(') open++;
    else if (sign === ')' && --open < 0)
      return { what: "Unmatched closing ')'", index: Math.max(index - 1, 0) };
    else if (/[*+?]/.test(sign!) && (index === 0 || /[(|]/.test(text[index - 1]!)))
      return { what: `Dangling meta character '${sign}'`, index };
  }
  return { what: open > 0 ? 'Unclosed group' : 'Illegal repetition', index: open > 0 ? text.length : 0 };
}

/** Kafka's IncludeList: a regular expression in which commas mean "or". */
export function includeList(text: string): (topic: string) => boolean {
  const pattern = text
    .trim()
    .replaceAll(',', '|')
    .replaceAll(' ', '')
    .replace(/^["']+/, '')
    .replace(/["']+$/, '');
  const regex = wholeMatch(pattern);
  if (regex === null) throw new JavaError('java.lang.RuntimeException', `${pattern} is an invalid regex.`);
  return (topic) => regex.test(topic);
}
