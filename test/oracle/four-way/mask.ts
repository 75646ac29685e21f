/** What is another on every run: ids, times, ports, folders, stack frames, the tables of --help (in our own words). */

/** A pattern and what stands in its place. */
export type Mask = readonly [RegExp, string | ((found: string) => string)];

const MASKS: readonly Mask[] = [
  [/^\s+(?:at |\.\.\. )[^\n]*\n/gm, ''],
  [/^\[\d{4}-[^\]]*\]/gm, '[<time>]'],
  // Option tables of joptsimple.
  [/^Option\b[^\n]* Description +$[\s\S]*/m, '<help>\n'],
  [/localhost:\d+/g, 'localhost:<port>'],
  [/localhost\/127\.0\.0\.1:\d+/g, 'localhost/127.0.0.1:<port>'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/console-consumer-\d+/g, 'console-consumer-<number>'],
  // As Kafka writes them in 22 letters, which is also the length of InvalidRecordException.
  [/(?<![\w-])(?!\w*Exception)[\w-]{22}(?![\w-])/g, '<uuid>'],
  // Counted in a JVM, which has run other tools before.
  [/\b(adminclient|producer)-\d+/g, '$1-<number>'],
  [/correlation id \d+/g, 'correlation id <number>'],
  // How often a client asks before the answer changes is a matter of time.
  [/^(\[<time>\] WARN [^\n]*\n)\1+/gm, '$1'],
  // Java's small sets have another order in each JVM.
  [/\[[\w-]+\](?:, \[[\w-]+\])+/g, inOrder],
  [/(?<=^Invalid .* Valid (?:states|types) are: )[\w, ]+$/gm, inOrder],
];

/** For `--help`, whose first lines are in our own words, too. */
export const HELP: readonly Mask[] = [[/^[^\n]*\n(?=<help>)/m, '']];

/** Lines sorted: they come out of a map of random ids, or as the brokers answered one after another. */
export const ROWS: readonly Mask[] = [[/[\s\S]+/, (text) => text.split('\n').sort().join('\n')]];

/** Where the sequence leaves the brokers to chance. */
const PLACES: readonly Mask[] = [
  [/(Leader|Replicas|Isr): [\d,]+/g, '$1: <ids>'],
  [/localhost:<port> {2}\(\d\) /g, 'localhost:<port>  (<id>) '],
];

function inOrder(list: string): string {
  return list.split(', ').sort().join(', ');
}

function apply(masks: readonly Mask[], text: string): string {
  return masks.reduce(
    (masked, [pattern, instead]) =>
      typeof instead === 'string' ? masked.replace(pattern, instead) : masked.replace(pattern, instead),
    text,
  );
}

export function mask(
  text: string,
  { masks = [], placed }: { masks?: readonly Mask[]; placed?: true },
): string {
  return apply([...MASKS, ...(placed ? [] : PLACES), ...masks], text);
}
