/** What a mistyped option or command may have meant: the nearest names, by git's measure. */

const similarityMax = 7;
const cost = { swap: 0, substitute: 2, add: 1, remove: 4 } as const;

/** Empty when nothing is near. */
export function meant(typed: string, names: readonly string[]): string {
  const candidates = names
    .map((name) => ({ name, distance: distanceTo(typed, name.replace(/^-+/, '')) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  const nearest = candidates[0]?.distance ?? similarityMax;
  if (nearest >= similarityMax) return '';
  const list = candidates.filter(({ distance }) => distance === nearest).map(({ name }) => `\t${name}\n`);
  return `\nDid you mean:\n${list.join('')}`;
}

function distanceTo(typed: string, name: string): number {
  if (name.startsWith(typed)) return 0;
  let before: number[] = [];
  let above = Array.from({ length: name.length + 1 }, (_, index) => index);
  for (let i = 1; i <= typed.length; i++) {
    const row = [i];
    for (let j = 1; j <= name.length; j++) {
      const same = typed[i - 1] === name[j - 1];
      let value = above[j - 1]! + (same ? 0 : cost.substitute);
      const swapped =
        i >= 2 && j >= 2 && !same && typed[i - 2] === name[j - 1] && typed[i - 1] === name[j - 2];
      if (swapped) value = Math.min(value, before[j - 2]! + cost.swap);
      row.push(Math.min(value, above[j]! + cost.remove, row[j - 1]! + cost.add));
    }
    before = above;
    above = row;
  }
  return above[name.length]!;
}
