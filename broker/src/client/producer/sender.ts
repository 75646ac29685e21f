/**
 * Moves batches from the accumulator to the leaders. It runs while there is something to do and rests
 * otherwise: the one timer is set for the moment the next batch is due.
 */
import { ProduceRequest, ProduceResponse } from '../../messages/00-produce.ts';
import { loadCodec } from '../../messages/compression.ts';
import { ClientError, toApiError } from '../client-error.ts';
import { byTopic, groupBy } from '../grouping.ts';
import { fromInt64 } from '../int64.ts';
import type { Network } from '../network.ts';
import type { TopicMap } from '../topic-map.ts';
import type { ApiError } from '../types.ts';
import type { Accumulator, PartitionQueue } from './accumulator.ts';
import type { Batch } from './batch.ts';
import { failureOfApi, type ResolvedProducerOptions, type SendFailure } from './options.ts';
import type { Sequences } from './sequences.ts';

const senderLogger = 'org.apache.kafka.clients.producer.internals.Sender';
const staleLeader = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_TOPIC_ID',
  'NETWORK_EXCEPTION',
  'KAFKA_STORAGE_ERROR',
]);
const networkException = 13;
/** From the next version on, producing in a transaction also enlists the partition (KIP-890). */
const lastVersionThatEnlistsNot = 11;

type PartitionResponse = ProduceResponse['responses'][number]['partitionResponses'][number];

export interface SenderParts {
  readonly network: Network;
  readonly topics: TopicMap;
  readonly accumulator: Accumulator;
  readonly sequences: Sequences | null;
  readonly options: ResolvedProducerOptions;
}

export class Sender {
  readonly #parts: SenderParts;
  readonly #inFlight = new Map<number, number>();
  #timer: NodeJS.Timeout | null = null;
  #preparing: Promise<void> | null = null;
  #prepared = false;
  #refreshAtMs = 0;
  flushing = false;
  /** In a transaction whose partitions the client names itself (transaction.version below 2). */
  namesPartitions = false;
  /** Told of each batch that failed for good. */
  onFailure: (failure: SendFailure) => void = () => {};
  /** Told whenever a batch ended, for those who wait for room or for the end. */
  onProgress: () => void = () => {};

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Looks for what can go now; call after every append. */
  wake(): void {
    if (!this.#prepared) {
      this.#preparing ??= this.#prepare();
      return;
    }
    const now = Date.now();
    for (const batch of this.#parts.accumulator.takeExpired(now)) this.#expire(batch, now);
    const due: PartitionQueue[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const queue of this.#parts.accumulator.queues.values()) {
      const at = this.#parts.accumulator.readyAt(queue, this.flushing);
      if (at === null) continue;
      if (at > now) next = Math.min(next, at);
      else due.push(queue);
    }
    next = Math.min(next, this.#dispatch(due, now));
    this.#schedule(next);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** The codec's module, and the producer's id where there is one, before the first batch. */
  async #prepare(): Promise<void> {
    const { options, sequences } = this.#parts;
    try {
      if (options.compression !== 'none') await loadCodec(options.compression);
      if (sequences !== null && !sequences.ready) await sequences.init();
    } catch (error) {
      this.failAll(asFailure(error));
    }
    this.#prepared = true;
    this.#preparing = null;
    this.wake();
  }

  /** Ends all that waits to be sent. */
  failAll(failure: SendFailure): void {
    const { accumulator } = this.#parts;
    for (const batch of accumulator.takeWaiting()) {
      accumulator.drop(batch);
      batch.fail(failure);
    }
    this.onProgress();
  }

  /** Sends what has a leader; returns when to look again for the rest. */
  #dispatch(due: readonly PartitionQueue[], now: number): number {
    const { topics, options } = this.#parts;
    let next = Number.POSITIVE_INFINITY;
    const homeless = due.filter((queue) => (topics.partition(queue.target)?.leader ?? null) === null);
    if (homeless.length > 0) {
      next = now + options.retryBackoffMs;
      this.#refresh(homeless.map((queue) => queue.target.topic));
    }
    const placed = due.filter((queue) => !homeless.includes(queue));
    for (const [leader, queues] of groupBy(placed, (queue) => topics.partition(queue.target)!.leader!)) {
      let rest = queues;
      while (rest.length > 0 && (this.#inFlight.get(leader) ?? 0) < options.inFlightMax) {
        rest = this.#sendOne(leader, rest);
      }
    }
    return next;
  }

  /** Fills one request; returns the queues it had no room for. */
  #sendOne(leader: number, queues: readonly PartitionQueue[]): PartitionQueue[] {
    const { accumulator, options, sequences } = this.#parts;
    const batches: Batch[] = [];
    let bytes = 0;
    let index = 0;
    for (; index < queues.length; index++) {
      const size = queues[index]!.batches[0]!.sizeBytes;
      if (batches.length > 0 && bytes + size > options.requestBytesMax) break;
      bytes += size;
      const batch = accumulator.take(queues[index]!);
      if (sequences?.isCurrent(batch) === false) batch.unstamp();
      sequences?.stamp(batch);
      batches.push(batch);
    }
    this.#inFlight.set(leader, (this.#inFlight.get(leader) ?? 0) + 1);
    this.#send(leader, batches).finally(() => {
      this.#inFlight.set(leader, this.#inFlight.get(leader)! - 1);
      this.onProgress();
      this.wake();
    });
    return queues.slice(index);
  }

  async #send(leader: number, batches: readonly Batch[]): Promise<void> {
    const { network, options, topics } = this.#parts;
    let correlationId = 0;
    const topicData = byTopic(batches.map((batch) => ({ topic: batch.target.topic, batch }))).map(
      ({ topic, items }) => ({
        name: topic,
        topicId: topics.get(topic)!.topicId,
        partitionData: items.map(({ batch }) => {
          return { index: batch.target.partition, records: batch.encode(options.compression) };
        }),
      }),
    );
    try {
      const answer = await network.send(leader, {
        request: ProduceRequest,
        response: ProduceResponse,
        body: {
          transactionalId: options.transactionalId,
          acks: options.acks,
          timeoutMs: options.requestTimeoutMs,
          topicData,
        },
        ...(this.namesPartitions ? { versionMax: lastVersionThatEnlistsNot } : {}),
        unanswered: options.acks === 0,
        onSent: (id) => {
          correlationId = id;
        },
      });
      for (const batch of batches) this.#settle(batch, this.#partOf(answer, batch), correlationId);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      const due = error.code === 'timeout' ? ' due to timeout' : '';
      const lost = toApiError(networkException, `Disconnected from node ${leader}${due}`)!;
      const api = error.api ?? lost;
      for (const batch of batches) this.#retryOrFail(batch, api, correlationId);
    }
  }

  #partOf(answer: ProduceResponse, batch: Batch): PartitionResponse | undefined {
    const { topic, partition } = batch.target;
    const topicId = this.#parts.topics.get(topic)?.topicId;
    return answer.responses
      .find((entry) => entry.name === topic || (entry.name === '' && entry.topicId === topicId))
      ?.partitionResponses.find((entry) => entry.index === partition);
  }

  #settle(batch: Batch, part: PartitionResponse | undefined, correlationId: number): void {
    const { accumulator, options } = this.#parts;
    const error = toApiError(part?.errorCode ?? 0, part?.errorMessage);
    if (error === null || error.name === 'DUPLICATE_SEQUENCE_NUMBER') {
      accumulator.finish(batch);
      const unanswered = options.acks === 0 || part === undefined;
      batch.succeed(unanswered ? -1 : fromInt64(part.baseOffset), fromInt64(part?.logAppendTimeMs ?? -1n));
      return;
    }
    if (part !== undefined && part.recordErrors.length > 0 && !error.retriable) {
      this.#giveUp(batch, error, failuresOfRecords(error, part));
    } else this.#retryOrFail(batch, error, correlationId);
  }

  #retryOrFail(batch: Batch, error: ApiError, correlationId: number): void {
    const { network, options, accumulator } = this.#parts;
    const { topic, partition } = batch.target;
    const place = `correlation id ${correlationId} on topic-partition ${topic}-${partition}`;
    const left = options.retries - batch.attempts;
    if (error.name === 'MESSAGE_TOO_LARGE' && batch.count > 1) {
      const text = `Got error produce response in ${place}, splitting and retrying (${left} attempts left). Error: ${error.name}`;
      network.warn('WARN', text, senderLogger);
      this.#split(batch);
      return;
    }
    const expired = Date.now() - batch.createdMs >= options.deliveryTimeoutMs;
    if (!this.#canRetry(batch, error) || left <= 0 || expired) {
      this.#giveUp(batch, error);
      return;
    }
    const detail =
      error.message === toApiError(error.code)!.message ? '' : `. Error Message: ${error.message}`;
    const attempts = `retrying (${left - 1} attempts left)`;
    network.warn(
      'WARN',
      `Got error produce response with ${place}, ${attempts}. Error: ${error.name}${detail}`,
      senderLogger,
    );
    batch.attempts++;
    const doubled = options.retryBackoffMs * 2 ** Math.min(batch.attempts - 1, 10);
    batch.notBeforeMs = Date.now() + Math.min(doubled, options.retryBackoffMaxMs);
    accumulator.putBack([batch]);
    if (staleLeader.has(error.name)) this.#refresh([topic]);
  }

  /** A gap in the sequence is cured by a new epoch, when nothing else of this partition is under way. */
  #canRetry(batch: Batch, error: ApiError): boolean {
    const { sequences } = this.#parts;
    if (sequences?.isTransactional && !error.retriable) return false;
    if (error.name === 'OUT_OF_ORDER_SEQUENCE_NUMBER' || error.name === 'UNKNOWN_PRODUCER_ID') {
      if (sequences === null) return false;
      if (sequences.isCurrent(batch)) sequences.startOver();
      batch.unstamp();
      return true;
    }
    if (error.name === 'INVALID_PRODUCER_EPOCH' && sequences !== null && !sequences.isCurrent(batch)) {
      batch.unstamp();
      return true;
    }
    return error.retriable;
  }

  #split(batch: Batch): void {
    const { accumulator, sequences } = this.#parts;
    if (batch.sequence !== null) sequences?.startOver();
    accumulator.drop(batch);
    const parts = batch.split();
    for (const part of parts) {
      part.attempts = 1;
      accumulator.openBatches++;
      accumulator.heldBytes += part.sizeBytes;
    }
    accumulator.putBack(parts);
  }

  #giveUp(batch: Batch, error: ApiError, ofRecords?: (index: number) => SendFailure): void {
    if (batch.sequence !== null) this.#parts.sequences?.startOver();
    this.#parts.accumulator.finish(batch);
    const failure = failureOfApi(error);
    this.onFailure(failure);
    batch.fail(ofRecords ?? failure);
  }

  #fail(batch: Batch, failure: SendFailure): void {
    this.onFailure(failure);
    batch.fail(failure);
  }

  #expire(batch: Batch, now: number): void {
    const { topic, partition } = batch.target;
    this.#parts.accumulator.drop(batch);
    this.#fail(batch, {
      exception: 'TimeoutException',
      message: `Expiring ${batch.count} record(s) for ${topic}-${partition}:${now - batch.createdMs} ms has passed since batch creation`,
    });
    this.onProgress();
  }

  #refresh(topics: readonly string[]): void {
    const now = Date.now();
    if (now < this.#refreshAtMs) return;
    this.#refreshAtMs = now + this.#parts.options.retryBackoffMs;
    this.#parts.topics.refresh(topics).then(
      () => this.wake(),
      () => {}, // nobody answers: the batches stay, and expire when their time is over
    );
  }

  #schedule(atMs: number): void {
    this.stop();
    if (!Number.isFinite(atMs)) {
      if (this.#parts.accumulator.openBatches === 0) return;
    }
    const delayMs = Math.max(1, Math.min(atMs - Date.now(), this.#parts.options.deliveryTimeoutMs));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.wake();
    }, delayMs);
  }
}

/** As Java's producer tells them: who was refused learns why, the others that they were beside one who was. */
function failuresOfRecords(error: ApiError, part: PartitionResponse): (index: number) => SendFailure {
  const { recordErrors } = part;
  const messages = new Map(
    recordErrors.map(({ batchIndex, batchIndexErrorMessage }) => [batchIndex, batchIndexErrorMessage]),
  );
  const exception = recordErrors.length === 1 ? error.exception : 'InvalidRecordException';
  return (index) => {
    if (messages.has(index)) return { exception, message: messages.get(index) ?? error.message };
    const beside =
      'Failed to append record because it was part of a batch which had one more more invalid records';
    return { exception: 'KafkaException', message: beside };
  };
}

function asFailure(error: unknown): SendFailure {
  if (error instanceof ClientError && error.api !== null) return failureOfApi(error.api);
  const message = error instanceof Error ? error.message : String(error);
  return { exception: 'KafkaException', message };
}
