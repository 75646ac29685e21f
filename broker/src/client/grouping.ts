/** Sorting partitions into the nested lists that requests want, in the order of first appearance. */

export function byTopic<T extends { readonly topic: string }>(
  items: readonly T[],
): { readonly topic: string; readonly items: T[] }[] {
  return [...groupBy(items, (item) => item.topic)].map(([topic, group]) => ({ topic, items: group }));
}

export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
