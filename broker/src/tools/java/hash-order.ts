/** Iteration order of Java's HashMap and HashSet, which several tools' output follows. */

/** `String.hashCode()`. */
export function hashOfString(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}

/** `TopicPartition.hashCode()`. */
export function hashOfTopicPartition(value: { readonly topic: string; readonly partition: number }): number {
  return (Math.imul(31 + value.partition, 31) + hashOfString(value.topic)) | 0;
}

/**
 * The items as a HashMap holding them (put one by one, in the order given) would iterate.
 * `capacityAtFirst` is the table's size before it grows: 16, or 1 for a map made for exactly these items.
 */
export function inHashOrder<T>(items: readonly T[], hashOf: (item: T) => number, capacityAtFirst = 16): T[] {
  let capacity = capacityAtFirst;
  while (items.length > capacity * 0.75) capacity *= 2;
  const bucket = (item: T) => {
    const hash = hashOf(item);
    return (hash ^ (hash >>> 16)) & (capacity - 1);
  };
  return items
    .map((item, index) => ({ item, index, bucket: bucket(item) }))
    .sort((a, b) => a.bucket - b.bucket || a.index - b.index)
    .map((entry) => entry.item);
}

/**
 * The order after Java's admin client passed them through three maps: one made for the sorted names, its copy
 * (`new HashMap<>(map)`, which is roomier), and one made for the results.
 */
export function inCopiedHashOrder<T>(items: readonly T[], hashOf: (item: T) => number): T[] {
  let copyCapacity = 1;
  while (copyCapacity < Math.floor(items.length / 0.75 + 1)) copyCapacity *= 2;
  const asked = inHashOrder(items, hashOf, 1);
  return inHashOrder(inHashOrder(asked, hashOf, copyCapacity), hashOf, 1);
}

export function stringsInHashOrder(items: readonly string[]): string[] {
  return inHashOrder(items, hashOfString);
}
