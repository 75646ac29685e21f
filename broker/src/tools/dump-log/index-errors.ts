/** What does not fit together, gathered over all files and told at the end on standard error. */
import { stringsInHashOrder } from '../java/hash-order.ts';

export class IndexErrors {
  /** By file, lines in the order found. */
  readonly #mismatches = new Map<string, Map<number, number>>();
  readonly #timestamps = new Map<string, string[]>();
  readonly #order = new Map<string, string[]>();
  readonly #notFound = new Map<string, string[]>();
  readonly #gaps = new Map<string, Map<number, number>>();

  mismatch(file: string, { offset, lastOffset }: { offset: number; lastOffset: number }): void {
    entryOf(this.#mismatches, file, () => new Map()).set(offset, lastOffset);
  }

  timestampMismatch(file: string, { timestamp, found }: { timestamp: number; found: number }): void {
    entryOf(this.#timestamps, file, () => []).push(
      `  Index timestamp: ${timestamp}, log timestamp: ${found}\n`,
    );
  }

  outOfOrder(file: string, { timestamp, previous }: { timestamp: number; previous: number }): void {
    entryOf(this.#order, file, () => []).push(
      `  Index timestamp: ${timestamp}, Previously indexed timestamp: ${previous}\n`,
    );
  }

  offsetNotFound(file: string, { offset, found }: { offset: number; found: number }): void {
    entryOf(this.#notFound, file, () => []).push(`Indexed offset: ${offset}, found log offset: ${found}\n`);
  }

  gap(file: string, { after, offset }: { after: number; offset: number }): void {
    entryOf(this.#gaps, file, () => new Map()).set(after, offset);
  }

  text(): string {
    const newestFirst = (pairs: Map<number, number>) => [...pairs].sort(([a], [b]) => b - a);
    return [
      ...listed(this.#mismatches, 'Mismatches in :', (pairs) =>
        newestFirst(pairs).map(([index, log]) => `  Index offset: ${index}, log offset: ${log}\n`),
      ),
      ...listed(this.#timestamps, 'Found timestamp mismatch in :', (lines) => lines),
      ...listed(this.#order, 'Found out of order timestamp in :', (lines) => lines),
      ...listed(this.#notFound, 'The following indexed offsets are not found in :', (lines) => lines),
      ...listed(this.#gaps, 'Non-consecutive offsets in ', (pairs) =>
        newestFirst(pairs)
          .toReversed()
          .map(([after, offset]) => `  ${after} is followed by ${offset}\n`),
      ),
    ].join('');
  }
}

function entryOf<T>(map: Map<string, T>, file: string, create: () => T): T {
  const known = map.get(file) ?? create();
  map.set(file, known);
  return known;
}

function listed<T>(
  map: ReadonlyMap<string, T>,
  title: string,
  lines: (value: T) => readonly string[],
): string[] {
  return stringsInHashOrder([...map.keys()]).flatMap((file) => [
    `${title}${file}\n`,
    ...lines(map.get(file)!),
  ]);
}
