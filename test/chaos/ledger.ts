/** What lies in the topics afterwards, held against what was acknowledged. Pure but for reading. */
import type { Client } from '@brokerlab/broker/client';

export interface StoredRecord {
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
}

export interface Acknowledged {
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
}

/** Every record of a topic, in order of partition and offset. */
export async function readTopic(
  client: Client,
  topic: string,
  isolation: 'read_committed' | 'read_uncommitted',
): Promise<StoredRecord[]> {
  const { topics } = await client.metadata({ topics: [topic] });
  const records: StoredRecord[] = [];
  for (const { partition } of topics[0]!.partitions) {
    const [end] = await client.listOffsets([{ topic, partition, at: 'latest' }], { isolation });
    for (let from = 0; from < end!.offset; ) {
      const batch = await client.fetchRecords({
        topic,
        partition,
        from,
        isolation,
        max: 100_000,
        waitMs: 500,
      });
      for (const { offset, value } of batch.records) {
        records.push({ partition, offset, value: Buffer.from(value ?? []).toString() });
      }
      if (batch.nextOffset <= from) throw new Error(`${topic}-${partition} gives nothing from ${from} on`);
      from = batch.nextOffset;
    }
  }
  return records;
}

/** Acknowledged records that are not exactly where the broker said they were. */
export function lost(acknowledged: readonly Acknowledged[], stored: readonly StoredRecord[]): string[] {
  const at = new Map(stored.map(({ partition, offset, value }) => [`${partition}/${offset}`, value]));
  return acknowledged
    .filter(({ partition, offset, value }) => at.get(`${partition}/${offset}`) !== value)
    .map(
      ({ partition, offset, value }) =>
        `${value} at ${partition}/${offset}: ${at.get(`${partition}/${offset}`)}`,
    );
}

/** Values stored more than once. */
export function doubled(stored: readonly StoredRecord[]): string[] {
  const seen = new Set<string>();
  return stored.filter(({ value }) => seen.size === seen.add(value).size).map(({ value }) => value);
}

/** Neighbours of one partition whose numbers do not rise: the writer sent them in rising order. */
export function outOfOrder(stored: readonly StoredRecord[]): string[] {
  return stored.flatMap((record, index) => {
    const before = stored[index - 1];
    if (before === undefined || before.partition !== record.partition) return [];
    return Number(before.value) < Number(record.value) ? [] : [`${before.value} before ${record.value}`];
  });
}

/** Transactions that are there in part, twice, though aborted, or not although committed. */
export function brokenTransactions(
  outcomes: ReadonlyMap<number, 'committed' | 'aborted' | 'unknown'>,
  stored: readonly StoredRecord[],
  recordsEach: number,
): string[] {
  const parts = new Map<number, string[]>();
  for (const { value } of stored) {
    const number = Number(value.split(':')[0]);
    parts.set(number, [...(parts.get(number) ?? []), value]);
  }
  const broken: string[] = [];
  for (const number of parts.keys()) if (!outcomes.has(number)) broken.push(`${number} was never reported`);
  for (const [number, outcome] of outcomes) {
    const found = parts.get(number) ?? [];
    const isWhole = found.length === recordsEach && new Set(found).size === recordsEach;
    const allowed =
      outcome === 'committed' ? isWhole : found.length === 0 || (outcome === 'unknown' && isWhole);
    if (!allowed) broken.push(`${number} (${outcome}): ${found.length} of ${recordsEach} records are there`);
  }
  return broken;
}
