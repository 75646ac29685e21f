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
