/** Batches that wait to be sent, one queue for each partition. */
import type { TopicPartition } from '../types.ts';
import { Batch } from './batch.ts';
import type { ProducerRecord, ResolvedProducerOptions, SendOutcome } from './options.ts';

export interface PartitionQueue {
  readonly target: TopicPartition;
  readonly batches: Batch[];
  /** A batch is under way; the next waits, so that the order holds. */
  muted: boolean;
}

export class Accumulator {
  readonly #options: ResolvedProducerOptions;
  readonly queues = new Map<string, PartitionQueue>();
  heldBytes = 0;
  /** Batches not finished, those under way included. */
  openBatches = 0;

  constructor(options: ResolvedProducerOptions) {
    this.#options = options;
  }

  append(
    target: TopicPartition,
    record: ProducerRecord,
    ...[nowMs, onDone]: [nowMs: number, onDone: (outcome: SendOutcome) => void]
  ): void {
    const queue = this.#queueOf(target);
    const size = Batch.sizeOf(record);
    let batch = queue.batches.at(-1);
    const fits = batch !== undefined && batch.attempts === 0 && batch.sequence === null;
    if (batch === undefined || !fits || batch.sizeBytes + size > this.#options.batchBytes) {
      batch = new Batch(target, nowMs);
      queue.batches.push(batch);
      this.openBatches++;
      this.heldBytes += batch.sizeBytes;
    }
    batch.add({ record, timestamp: record.timestamp ?? nowMs, onDone });
    this.heldBytes += size;
  }

  /** When the first batch of a queue may go; `null`: nothing to send there now. */
  readyAt(queue: PartitionQueue, flushing: boolean): number | null {
    const batch = queue.batches[0];
    if (batch === undefined || queue.muted) return null;
    if (batch.attempts > 0) return batch.notBeforeMs;
    const full = queue.batches.length > 1 || batch.sizeBytes >= this.#options.batchBytes;
    const pressed = this.heldBytes >= this.#options.bufferBytesMax;
    return full || flushing || pressed ? 0 : batch.createdMs + this.#options.lingerMs;
  }

  take(queue: PartitionQueue): Batch {
    queue.muted = true;
    return queue.batches.shift()!;
  }

  putBack(batches: readonly Batch[]): void {
    const first = batches[0];
    if (first === undefined) return;
    const queue = this.#queueOf(first.target);
    queue.muted = false;
    queue.batches.unshift(...batches);
  }

  finish(batch: Batch): void {
    this.#queueOf(batch.target).muted = false;
    this.drop(batch);
  }

  /** Removes all that waits. */
  takeWaiting(): Batch[] {
    return [...this.queues.values()].flatMap((queue) => queue.batches.splice(0));
  }

  /** A batch left its queue for good. */
  drop(batch: Batch): void {
    this.heldBytes -= batch.sizeBytes;
    this.openBatches--;
  }

  /** Removes the waiting batches older than the delivery timeout. */
  takeExpired(nowMs: number): Batch[] {
    const expired: Batch[] = [];
    for (const queue of this.queues.values()) {
      while (queue.batches[0] !== undefined && this.#isExpired(queue.batches[0], nowMs)) {
        expired.push(queue.batches.shift()!);
      }
    }
    return expired;
  }

  #isExpired(batch: Batch, nowMs: number): boolean {
    return nowMs - batch.createdMs >= this.#options.deliveryTimeoutMs;
  }

  #queueOf(target: TopicPartition): PartitionQueue {
    const key = `${target.topic}-${target.partition}`;
    let queue = this.queues.get(key);
    if (queue === undefined) {
      queue = { target, batches: [], muted: false };
      this.queues.set(key, queue);
    }
    return queue;
  }
}
