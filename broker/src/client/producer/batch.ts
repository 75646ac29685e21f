/** Records on their way to one partition, which travel, fail and are retried together. */
import type { CodecName } from '../../messages/compression.ts';
import { encodeBatch } from '../../messages/records.ts';
import type { TopicPartition } from '../types.ts';
import type { ProducerRecord, SendFailure, SendOutcome } from './options.ts';

const batchOverheadBytes = 61;
const recordOverheadBytes = 21;

export interface ProducerId {
  readonly id: bigint;
  readonly epoch: number;
}

interface Entry {
  readonly record: ProducerRecord;
  readonly timestamp: number;
  readonly onDone: (outcome: SendOutcome) => void;
}

export class Batch {
  readonly target: TopicPartition;
  readonly createdMs: number;
  readonly #entries: Entry[] = [];
  sizeBytes = batchOverheadBytes;
  /** Times it was sent and came back. */
  attempts = 0;
  /** Not sent again before this time. */
  notBeforeMs = 0;
  /** Set when first sent; the same bytes are sent again, so that the broker knows a repetition. */
  sequence: { readonly producer: ProducerId; readonly base: number } | null = null;
  /** Part of the transaction of that producer. */
  transactional = false;
  #encoded: Buffer | null = null;

  constructor(target: TopicPartition, createdMs: number) {
    this.target = target;
    this.createdMs = createdMs;
  }

  get count(): number {
    return this.#entries.length;
  }

  static sizeOf(record: ProducerRecord): number {
    let size = recordOverheadBytes + (record.key?.length ?? 0) + (record.value?.length ?? 0);
    for (const { key, value } of record.headers ?? []) size += 10 + key.length + (value?.length ?? 0);
    return size;
  }

  /** Of a batch with this record alone, at most: what Java's producer holds against `max.request.size`. */
  static sizeAloneMax(record: ProducerRecord): number {
    const part = (bytes: Buffer | null): number => varintBytes(bytes?.length ?? -1) + (bytes?.length ?? 0);
    let size = batchOverheadBytes + recordOverheadBytes + part(record.key) + part(record.value);
    const headers = record.headers ?? [];
    size += varintBytes(headers.length);
    for (const { key, value } of headers) size += part(Buffer.from(key)) + part(value);
    return size;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    this.sizeBytes += Batch.sizeOf(entry.record);
  }

  encode(codec: CodecName): Buffer {
    this.#encoded ??= encodeBatch({
      records: this.#entries.map(({ record, timestamp }) => ({
        key: record.key,
        value: record.value,
        headers: record.headers ?? [],
        timestamp,
      })),
      timestamp: this.#entries[0]!.timestamp,
      codec,
      ...(this.sequence === null
        ? {}
        : {
            producerId: Number(this.sequence.producer.id),
            producerEpoch: this.sequence.producer.epoch,
            baseSequence: this.sequence.base,
            isTransactional: this.transactional,
          }),
    });
    return this.#encoded;
  }

  /** Takes back what was stamped, to be sent under another producer id. */
  unstamp(): void {
    this.sequence = null;
    this.#encoded = null;
  }

  succeed(baseOffset: number, logAppendTimeMs: number): void {
    const { topic, partition } = this.target;
    for (const [index, { timestamp, onDone }] of this.#entries.entries()) {
      const offset = baseOffset < 0 ? -1 : baseOffset + index;
      const stamped = logAppendTimeMs >= 0 ? logAppendTimeMs : timestamp;
      onDone({ ok: true, metadata: { topic, partition, offset, timestamp: stamped } });
    }
  }

  /** All for one reason, or each for its own, by its place in the batch. */
  fail(failure: SendFailure | ((index: number) => SendFailure)): void {
    for (const [index, { onDone }] of this.#entries.entries())
      onDone({ ok: false, failure: typeof failure === 'function' ? failure(index) : failure });
  }

  /** One batch for each record: what the broker found too large together. */
  split(): Batch[] {
    return this.#entries.map((entry) => {
      const single = new Batch(this.target, this.createdMs);
      single.add(entry);
      return single;
    });
  }
}

/** Of a signed number, zigzag-encoded. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = (value << 1) ^ (value >> 31); (rest & ~0x7f) !== 0; rest >>>= 7) bytes++;
  return bytes;
}
