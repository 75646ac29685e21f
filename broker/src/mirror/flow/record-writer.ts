/** Writes MirrorMaker's own records: a few small ones at a time, put into batches of one partition each. */
import { encodeBatch, type RecordInput } from '../../messages/records.ts';
import type { TargetBatch } from '../batches/target-batch.ts';
import type { BatchWriter } from '../target/batch-writer.ts';
import type { Place } from '../target/lane.ts';

export class RecordWriter {
  readonly #writer: BatchWriter;
  readonly #now: () => number;
  #unacknowledged = 0;

  constructor(writer: BatchWriter, now: () => number) {
    this.#writer = writer;
    this.#now = now;
  }

  /** Records that are not there yet: what is written again and again looks at it, so that an outage piles nothing up. */
  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  /** `onDone` hears when all of them are there. */
  write(place: Place, records: readonly RecordInput[], onDone: () => void = () => {}): void {
    if (records.length === 0) return;
    const timestamp = this.#now();
    const bytes = encodeBatch({ records, timestamp });
    const recordCount = records.length;
    const batch = {
      bytes,
      recordCount,
      stretches: [],
      baseTimestamp: timestamp,
      maxTimestamp: timestamp,
      valueBytes: 0,
    };
    let left = recordCount;
    this.#unacknowledged += recordCount;
    const onAcked = (part: TargetBatch) => {
      this.#unacknowledged -= part.recordCount;
      left -= part.recordCount;
      if (left === 0) onDone();
    };
    this.#writer.push(place, { batch, onAcked });
  }
}
