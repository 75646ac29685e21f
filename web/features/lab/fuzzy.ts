/**
 * Finding by some of the letters, in their order, as editors do: `fstp` finds `first-topic`. Pure. What stands together, at a word's
 * beginning, or in the last part of a path counts more.
 */
export function fuzzyFilter<T>(
  wanted: string,
  items: readonly T[],
  { textOf, most }: { readonly textOf: (item: T) => string; readonly most: number },
): T[] {
  const letters = wanted.toLowerCase().replace(/\s+/g, '');
  if (letters === '') return items.slice(0, most);
  return items
    .flatMap((item) => {
      const score = scoreOf(letters, textOf(item));
      return score === null ? [] : [{ item, score }];
    })
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ item }) => item);
}

function scoreOf(letters: string, text: string): number | null {
  const lower = text.toLowerCase();
  const whole = lower.indexOf(letters);
  if (whole >= 0)
    return (
      1_000 +
      (startsWord(lower, whole) ? 100 : 0) +
      (whole > lower.lastIndexOf('/') ? 50 : 0) -
      text.length / 10
    );
  let score = 0;
  let at = -1;
  for (const letter of letters) {
    const next = lower.indexOf(letter, at + 1);
    if (next < 0) return null;
    score += next === at + 1 ? 5 : startsWord(lower, next) ? 3 : 0;
    at = next;
  }
  return score - text.length / 10;
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || /[\s/._-]/.test(text[at - 1] ?? '');
}
