/** A producer: partitions, batches, sends and retries records. Works like Java's, with its defaults and messages. */
import { setTimeout as delay } from 'node:timers/promises';
import { ClientError } from '../client-error.ts';
import { Network } from '../network.ts';
import { type KnownTopic, TopicMap } from '../topic-map.ts';
import type { OffsetToCommit } from '../types.ts';
import { Accumulator } from './accumulator.ts';
import { Batch } from './batch.ts';
import { partitionForKey } from './murmur2.ts';
import {
  type ProducerOptions,
  type ProducerRecord,
  type ResolvedProducerOptions,
  resolveProducerOptions,
  type SendFailure,
  type SendOutcome,
} from './options.ts';
import { Sender } from './sender.ts';
import { Sequences } from './sequences.ts';
import { StickyPartitioner } from './sticky-partitioner.ts';
import type { TransactionGroup } from './transaction-requests.ts';
import { Transactions } from './transactions.ts';

export class Producer {
  readonly #network: Network;
  readonly #topics: TopicMap;
  readonly #options: ResolvedProducerOptions;
  readonly #accumulator: Accumulator;
  readonly #sender: Sender;
  readonly #transactions: Transactions | null = null;
  readonly #sticky: StickyPartitioner;
  #waiting: (() => void)[] = [];

  constructor(options: ProducerOptions) {
    this.#network = new Network(options);
    this.#options = resolveProducerOptions(options);
    this.#topics = new TopicMap(this.#network, { autoCreate: true });
    this.#accumulator = new Accumulator(this.#options);
    const { idempotence, transactionalId } = this.#options;
    const sequences = idempotence
      ? new Sequences(this.#network, { transactional: transactionalId !== null })
      : null;
    if (sequences !== null && transactionalId !== null) {
      this.#transactions = new Transactions(this.#network, sequences, this.#options);
    }
    this.#sender = new Sender({
      network: this.#network,
      topics: this.#topics,
      accumulator: this.#accumulator,
      sequences,
      options: this.#options,
    });
    this.#sender.onProgress = () => {
      for (const resume of this.#waiting.splice(0)) resume();
    };
    this.#sender.onFailure = (failure) => this.#transactions?.recordFailed(failure);
    this.#sticky = new StickyPartitioner({
      stickyBytes: this.#options.batchBytes,
      random: options.random ?? ((bound) => Math.floor(Math.random() * bound)),
    });
  }

  get network(): Network {
    return this.#network;
  }

  /**
   * Accepts a record. Resolves when it is in the buffer (or has failed already); `onDone` hears how it ended.
   * Waits for metadata and for room, up to `blockMsMax`.
   */
  async send(record: ProducerRecord, onDone: (outcome: SendOutcome) => void): Promise<void> {
    const size = Batch.sizeAloneMax(record);
    if (size > this.#options.requestBytesMax) {
      onDone(failed('RecordTooLargeException', tooLarge(size, this.#options.requestBytesMax)));
      return;
    }
    const deadline = Date.now() + this.#options.blockMsMax;
    const topic = this.#topics.get(record.topic) ?? (await this.#awaitTopic(record, deadline));
    if ('exception' in topic) {
      onDone({ ok: false, failure: topic });
      return;
    }
    if (
      this.#accumulator.heldBytes + size > this.#options.bufferBytesMax &&
      !(await this.#awaitRoom(size, deadline))
    ) {
      const text = `Failed to allocate ${size} bytes within the configured max blocking time ${this.#options.blockMsMax} ms.`;
      onDone(failed('BufferExhaustedException', text));
      return;
    }
    const partition = this.#partitionFor(record, topic, size);
    await this.#transactions?.enlist({ topic: record.topic, partition });
    this.#accumulator.append({ topic: record.topic, partition }, record, Date.now(), onDone);
    this.#sender.wake();
  }

  /** Asks anew where its topics' partitions are, and how many there are by now. */
  refresh(): Promise<void> {
    return this.#topics.refresh([]);
  }

  /** Resolves when every record accepted so far has ended. */
  async flush(): Promise<void> {
    this.#sender.flushing = true;
    try {
      this.#sender.wake();
      while (this.#accumulator.openBatches > 0) await this.#progress();
    } finally {
      this.#sender.flushing = false;
    }
  }

  /** Makes the producer the only one of its transactional id; before any transaction. Throws, as all of these do, ClientError. */
  async initTransactions(): Promise<void> {
    await this.#transactional.initialize();
  }

  async beginTransaction(): Promise<void> {
    const transactions = this.#transactional;
    await transactions.begin();
    this.#sender.namesPartitions = transactions.namesPartitions;
  }

  /** The offsets are committed with the transaction (KIP-447). */
  async sendOffsetsToTransaction(offsets: readonly OffsetToCommit[], group: TransactionGroup): Promise<void> {
    await this.#transactional.sendOffsets(offsets, group);
  }

  /** Sends what waits, then commits. Throws when a record failed: the transaction can only be aborted then. */
  async commitTransaction(): Promise<void> {
    await this.flush();
    await this.#transactional.commit();
  }

  /** What waits is not sent any more. */
  async abortTransaction(): Promise<void> {
    const transactions = this.#transactional;
    this.#sender.failAll({
      exception: 'TransactionAbortedException',
      message: 'Failing batch since transaction was aborted',
    });
    await this.flush();
    await transactions.abort();
  }

  get #transactional(): Transactions {
    if (this.#transactions !== null) return this.#transactions;
    throw new ClientError('transaction', 'The producer has no transactionalId');
  }

  async close(): Promise<void> {
    await this.flush();
    this.#sender.stop();
    this.#network.close();
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #partitionFor(record: ProducerRecord, topic: KnownTopic, size: number): number {
    if (record.partition !== undefined) return record.partition;
    const count = topic.partitions.length;
    if (record.key !== null) return partitionForKey(record.key, count);
    const available = topic.partitions.flatMap((entry) => (entry.leader === null ? [] : [entry.partition]));
    const partition = this.#sticky.choose(record.topic, count, available);
    this.#sticky.count(record.topic, size);
    return partition;
  }

  async #awaitTopic(record: ProducerRecord, deadline: number): Promise<KnownTopic | SendFailure> {
    let backoffMs = this.#options.retryBackoffMs;
    for (;;) {
      const refused = await this.#refreshed(record.topic);
      if (refused !== null) return refused;
      const topic = this.#topics.get(record.topic);
      if (topic !== undefined) return topic;
      if (Date.now() + backoffMs > deadline) {
        const text = `Topic ${record.topic} not present in metadata after ${this.#options.blockMsMax} ms.`;
        return { exception: 'TimeoutException', message: text };
      }
      await delay(backoffMs);
      backoffMs = Math.min(backoffMs * 2, this.#options.retryBackoffMaxMs);
    }
  }

  async #refreshed(topic: string): Promise<SendFailure | null> {
    try {
      await this.#topics.refresh([topic]);
    } catch (error) {
      if (!(error instanceof ClientError) || !error.canRetry) throw error;
    }
    const error = this.#topics.errorOf(topic);
    if (error === undefined || error.retriable) return null;
    const invalid = error.name === 'INVALID_TOPIC_EXCEPTION';
    return { exception: error.exception, message: invalid ? `Invalid topics: [${topic}]` : error.message };
  }

  async #awaitRoom(size: number, deadline: number): Promise<boolean> {
    this.#sender.wake();
    while (this.#accumulator.heldBytes + size > this.#options.bufferBytesMax) {
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) return false;
      const abort = new AbortController();
      await Promise.race([
        this.#progress(),
        delay(leftMs, undefined, { signal: abort.signal }).catch(() => {}),
      ]);
      abort.abort();
    }
    return true;
  }
}

function failed(exception: string, message: string): SendOutcome {
  return { ok: false, failure: { exception, message } };
}

function tooLarge(size: number, limit: number): string {
  return `The message is ${size} bytes when serialized which is larger than ${limit}, which is the value of the max.request.size configuration.`;
}
