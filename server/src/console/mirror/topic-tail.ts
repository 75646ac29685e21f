/** What MirrorMaker has written to a topic of its own, read on from where the last look stopped. */
import type { Client, FetchedRecord, TopicMetadata } from '@brokerlab/broker/client';

/** Of a partition that is longer when it is seen first, the newest. */
const FIRST_RECORDS_MAX = 20_000;
const FETCH_BYTES = 1024 * 1024;
const FETCHES_MAX = 8;

export class TopicTail {
  readonly #client: Client;
  readonly #onRecord: (record: FetchedRecord) => void;
  readonly #onAnew: () => void;
  readonly #next = new Map<number, number>();
  #topicId = '';

  /** `onAnew`: the topic is another one now; what was read before does not count any more. */
  constructor(client: Client, listeners: { onRecord: (record: FetchedRecord) => void; onAnew: () => void }) {
    this.#client = client;
    this.#onRecord = listeners.onRecord;
    this.#onAnew = listeners.onAnew;
  }

  async read(topic: TopicMetadata | undefined): Promise<void> {
    if (topic?.topicId !== this.#topicId) {
      this.#topicId = topic?.topicId ?? '';
      this.#next.clear();
      this.#onAnew();
    }
    if (topic === undefined) return;
    const led = topic.partitions.filter(({ leader }) => leader !== null);
    const places = led.map(({ partition }) => ({ topic: topic.name, partition }));
    const isolation = 'read_committed' as const;
    const [starts, ends] = await Promise.all([
      this.#client.listOffsets(places.map((place) => ({ ...place, at: 'earliest' as const }))),
      this.#client.listOffsets(
        places.map((place) => ({ ...place, at: 'latest' as const })),
        { isolation },
      ),
    ]);
    for (const [index, place] of places.entries()) {
      const [start, end] = [starts[index], ends[index]];
      if (!start || !end || start.error !== null || end.error !== null) continue;
      await this.#readTo(place, { start: start.offset, end: end.offset });
    }
  }

  async #readTo(
    place: { readonly topic: string; readonly partition: number },
    { start, end }: { start: number; end: number },
  ): Promise<void> {
    const { partition } = place;
    const known = this.#next.get(partition) ?? end - FIRST_RECORDS_MAX;
    let from = known > end ? start : Math.max(start, known);
    for (let fetches = 0; from < end && fetches < FETCHES_MAX; fetches++) {
      const batch = await this.#client.fetchRecords({
        ...place,
        from,
        isolation: 'read_committed',
        bytesMax: FETCH_BYTES,
        max: FIRST_RECORDS_MAX,
      });
      for (const record of batch.records) this.#onRecord(record);
      if (batch.nextOffset <= from) break;
      from = batch.nextOffset;
    }
    this.#next.set(partition, from);
  }
}
