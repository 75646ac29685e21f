/** Writes MirrorMaker's own records: a few small ones at a time, put into batches of one partition each. */
import { encodeBatch, type RecordInput } from '../../messages/records.ts';
import type { BatchWriter } from '../target/batch-writer.ts';
import type { Place } from '../target/lane.ts';

export class RecordWriter {
  readonly #writer: BatchWriter;
  readonly #now: () => number;

  constructor(writer: BatchWriter, now: () => number) {
    this.#writer = writer;
    this.#now = now;
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
    this.#writer.push(place, { batch, onAcked: onDone });
  }
}
