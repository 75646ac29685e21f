/** Reads a topic from its beginning to what is its end now: how state is found again at start. */
import type { Client } from '../../client/client.ts';
import { ClientError } from '../../client/client-error.ts';
import type { FetchedRecord } from '../../client/types.ts';

/** Returns where to read on, by partition. Only committed records are read: the others may yet be undone. */
export async function readTopic(
  client: Client,
  topic: string,
  onRecord: (record: FetchedRecord) => void,
): Promise<ReadonlyMap<number, number>> {
  const { topics } = await client.metadata({ topics: [topic] });
  const found = topics[0];
  const error = found?.error ?? null;
  if (found === undefined || error !== null) {
    const text = `topic ${topic}: ${error?.message ?? 'not found'}`;
    throw new ClientError('refused', text, error === null ? {} : { api: error });
  }
  const places = found.partitions.map(({ partition }) => ({ topic, partition }));
  const isolation = 'read_committed';
  const [starts, ends] = await Promise.all([
    client.listOffsets(places.map((place) => ({ ...place, at: 'earliest' }) as const)),
    client.listOffsets(
      places.map((place) => ({ ...place, at: 'latest' }) as const),
      { isolation },
    ),
  ]);
  const next = new Map<number, number>();
  for (const [index, place] of places.entries()) {
    const [start, end] = [starts[index]!, ends[index]!];
    const failed = start.error ?? end.error;
    if (failed !== null)
      throw new ClientError('refused', `topic ${topic}: ${failed.message}`, { api: failed });
    let from = start.offset;
    while (from < end.offset) {
      const batch = await client.fetchRecords({ ...place, from, isolation, bytesMax: 4 << 20, max: 100_000 });
      for (const record of batch.records) onRecord(record);
      if (batch.nextOffset === from) break;
      from = batch.nextOffset;
    }
    next.set(place.partition, from);
  }
  return next;
}
