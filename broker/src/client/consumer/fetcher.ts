/** Long polls of the leaders: one request at a time to each, for the partitions that have nothing in hand. */
import { FetchRequest, FetchResponse } from '../../messages/01-fetch.ts';
import { ClientError, toApiError } from '../client-error.ts';
import { decodeFetched, type FetchedPartition } from '../fetched-records.ts';
import { byTopic, groupBy } from '../grouping.ts';
import { toInt64 } from '../int64.ts';
import type { Network } from '../network.ts';
import type { TopicMap } from '../topic-map.ts';
import type { ResolvedConsumerOptions } from './options.ts';
import type { PartitionState, PartitionStates } from './partition-state.ts';

const fetcherLogger = 'org.apache.kafka.clients.consumer.internals.FetchCollector';
const backoffMs = 100;
const recordsPerPartition = Number.MAX_SAFE_INTEGER;

export interface FetcherParts {
  readonly network: Network;
  readonly topics: TopicMap;
  readonly states: PartitionStates;
  readonly options: ResolvedConsumerOptions;
  /** Told when something came or failed. */
  readonly onProgress: () => void;
  readonly onError: (error: Error) => void;
}

export class Fetcher {
  readonly #parts: FetcherParts;

  constructor(parts: FetcherParts) {
    this.#parts = parts;
  }

  /** Starts the fetches that can start; true when partitions wait for a leader to be known. */
  start(now: number): boolean {
    const { states, topics } = this.#parts;
    const ready = states.all.filter(
      (state) =>
        state.position !== null && state.buffered.length === 0 && !state.fetching && state.notBeforeMs <= now,
    );
    const leaderOf = (state: PartitionState) => topics.partition(state.target)?.leader ?? null;
    for (const [leader, group] of groupBy(ready, leaderOf)) {
      if (leader !== null) this.#fetch(leader, group);
    }
    return ready.some((state) => leaderOf(state) === null);
  }

  #fetch(leader: number, group: readonly PartitionState[]): void {
    const generations = new Map(group.map((state) => [state, state.generation]));
    for (const state of group) state.fetching = true;
    this.#ask(leader, group)
      .then((answer) => this.#take(answer, generations))
      .catch((error: unknown) => this.#failed(error, group))
      .finally(() => {
        for (const state of group) state.fetching = false;
        this.#parts.onProgress();
      });
  }

  #ask(leader: number, group: readonly PartitionState[]): Promise<FetchResponse> {
    const { network, topics, options } = this.#parts;
    const entries = group.map((state) => ({ topic: state.target.topic, state }));
    return network.send(leader, {
      request: FetchRequest,
      response: FetchResponse,
      body: {
        maxWaitMs: options.fetchWaitMsMax,
        minBytes: options.fetchBytesMin,
        maxBytes: options.fetchBytesMax,
        isolationLevel: options.isolation === 'read_committed' ? 1 : 0,
        topics: byTopic(entries).map(({ topic, items }) => ({
          topic,
          topicId: topics.get(topic)!.topicId,
          partitions: items.map(({ state }) => ({
            partition: state.target.partition,
            currentLeaderEpoch: topics.partition(state.target)!.leaderEpoch,
            fetchOffset: toInt64(state.position!.offset),
            partitionMaxBytes: options.partitionBytesMax,
          })),
        })),
      },
      timeoutMs: network.limits.requestTimeoutMs + options.fetchWaitMsMax,
    });
  }

  async #take(answer: FetchResponse, generations: ReadonlyMap<PartitionState, number>): Promise<void> {
    const failed = toApiError(answer.errorCode);
    if (failed !== null) throw new ClientError('refused', failed.message, { api: failed });
    for (const topic of answer.responses) {
      const name = topic.topic || this.#parts.topics.topicNamed(topic.topicId);
      if (name === undefined) continue;
      for (const part of topic.partitions) {
        const state = this.#parts.states.get({ topic: name, partition: part.partitionIndex });
        if (state === undefined || state.position === null) continue;
        if (generations.get(state) !== state.generation) continue;
        await this.#takePartition(state, part);
      }
    }
  }

  async #takePartition(state: PartitionState, part: FetchedPartition): Promise<void> {
    if (part.errorCode !== 0) {
      this.#partitionFailed(state, part.errorCode);
      return;
    }
    const generation = state.generation;
    const { topic, partition } = state.target;
    const position = state.position!;
    const { records, nextOffset } = await decodeFetched(part, {
      topic,
      partition,
      from: position.offset,
      max: recordsPerPartition,
      isolation: this.#parts.options.isolation,
    });
    if (state.generation !== generation) return;
    state.buffered = [...records];
    state.bufferedEnd = nextOffset;
    // Nothing for the application in what came (control records, aborted ones): move past it at once.
    if (records.length === 0) state.position = { ...position, offset: nextOffset };
  }

  #partitionFailed(state: PartitionState, code: number): void {
    const error = toApiError(code)!;
    const { topic, partition } = state.target;
    const { network, topics, options, states } = this.#parts;
    state.notBeforeMs = Date.now() + backoffMs;
    if (error.name === 'OFFSET_OUT_OF_RANGE') {
      if (options.offsetReset === 'none') {
        const text = `Fetch position ${state.position?.offset} is out of range for partition ${topic}-${partition}, and no reset policy is set`;
        this.#parts.onError(new ClientError('refused', text, { api: error }));
      } else {
        states.seek(state.target, options.offsetReset);
      }
      return;
    }
    if (error.name === 'UNKNOWN_TOPIC_OR_PARTITION') {
      network.warn(
        'WARN',
        `Received unknown topic or partition error in fetch for partition ${topic}-${partition}`,
        fetcherLogger,
      );
    }
    if (!error.retriable) {
      this.#parts.onError(new ClientError('refused', error.message, { api: error }));
      return;
    }
    topics.refresh([topic]).catch(() => {}); // not answered now: asked again with the next fetch
  }

  #failed(error: unknown, group: readonly PartitionState[]): void {
    const canRetry = error instanceof ClientError && error.canRetry;
    if (!canRetry) {
      if (error instanceof ClientError && error.code === 'closed') return;
      this.#parts.onError(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    for (const state of group) state.notBeforeMs = Date.now() + backoffMs;
    this.#parts.topics.refresh([]).catch(() => {}); // not answered now: asked again with the next fetch
  }
}
