/**
 * Writes offset syncs. While their topic cannot be written to, only the newest of each partition waits, as with Apache Kafka's
 * MirrorMaker: translation is coarser over that stretch, and nothing grows.
 */
import type { RecordWriter } from '../flow/record-writer.ts';
import { writeOffsetSync } from '../formats/internal-records.ts';
import type { OffsetSync } from '../offsets/sync-history.ts';
import type { Place } from '../target/lane.ts';

const underWayMax = 1_000;

export class SyncOutlet {
  readonly #writer: RecordWriter;
  readonly #topic: string;
  /** By place, the newest that has to wait. */
  readonly #waiting = new Map<string, { readonly place: Place; readonly sync: OffsetSync }>();

  constructor(writer: RecordWriter, topic: string) {
    this.#writer = writer;
    this.#topic = topic;
  }

  write(place: Place, due: readonly OffsetSync[]): void {
    const last = due.at(-1);
    if (last === undefined) return;
    const key = `${place.topic}-${place.partition}`;
    if (this.#writer.unacknowledged >= underWayMax) {
      this.#waiting.set(key, { place, sync: last });
      return;
    }
    this.#waiting.delete(key); // what came later says more
    this.#send(due.map((sync) => ({ place, sync })));
  }

  #send(syncs: readonly { readonly place: Place; readonly sync: OffsetSync }[]): void {
    this.#writer.write(
      { topic: this.#topic, partition: 0 },
      syncs.map(({ place, sync }) => writeOffsetSync({ ...place, ...sync })),
      () => this.#goOn(),
    );
  }

  #goOn(): void {
    if (this.#waiting.size === 0 || this.#writer.unacknowledged > 0) return;
    const syncs = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#send(syncs);
  }
}
