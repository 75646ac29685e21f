/** Long polls of the source's leaders for whole batches: one request at a time to each leader, while there is room. */
import { setTimeout as delay } from 'node:timers/promises';
import { ClientError, toApiError } from '../../client/client-error.ts';
import { abortedBatches, type FetchedPartition } from '../../client/fetched-records.ts';
import { byTopic, groupBy } from '../../client/grouping.ts';
import { listOffsets } from '../../client/list-offsets.ts';
import type { Network } from '../../client/network.ts';
import { TopicMap } from '../../client/topic-map.ts';
import { FetchRequest, FetchResponse } from '../../messages/01-fetch.ts';
import { loadCodec } from '../../messages/compression.ts';
import { iterateBatches } from '../../messages/records.ts';
import { prepareBatches } from '../batches/prepare.ts';
import type { TargetBatch } from '../batches/target-batch.ts';
import type { ConsumerSettings, ProducerSettings } from '../settings/settings.ts';
import type { Place } from '../target/lane.ts';

export interface Position {
  readonly place: Place;
  /** Where to read on; `null`: where `auto.offset.reset` says. */
  offset: number | null;
  /** -1: not known yet. */
  endOffset: number;
  fetching: boolean;
  notBeforeMs: number;
  problem: string | null;
}

export interface ReaderOptions {
  readonly network: Network;
  readonly consumer: ConsumerSettings;
  readonly producer: ProducerSettings;
  readonly requestTimeoutMs: number;
  readonly now: () => number;
  /** Whether more of this partition may be held in memory. */
  readonly hasRoom: (place: Place) => boolean;
  readonly onBatches: (position: Position, batches: readonly TargetBatch[]) => void;
  readonly onWarning: (text: string) => void;
}

const backoffMs = 200;
const offsetOutOfRange = 1;
const noLeader = 'the source has no leader for it, or does not answer';

export class SourceReader {
  readonly #options: ReaderOptions;
  readonly #topics: TopicMap;
  readonly #positions = new Map<string, Position>();
  readonly #polls = new Set<number>();
  readonly #work = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #refreshing = false;
  #closed = false;
  /** The partition that is asked for first, so that none starves behind a full response. */
  #turn = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#topics = new TopicMap(options.network, { autoCreate: false });
  }

  get positions(): Iterable<Position> {
    return this.#positions.values();
  }

  /** Reads these partitions from now on, the others no more. */
  assign(places: readonly { readonly place: Place; readonly offset: number | null }[]): void {
    const wanted = new Set(places.map(({ place }) => keyOf(place)));
    for (const key of this.#positions.keys()) if (!wanted.has(key)) this.#positions.delete(key);
    for (const { place, offset } of places) {
      const key = keyOf(place);
      if (this.#positions.has(key)) continue;
      const fresh = { place, offset, endOffset: -1, fetching: false, notBeforeMs: 0, problem: null };
      this.#positions.set(key, fresh);
    }
    this.wake();
  }

  has(place: Place): boolean {
    return this.#positions.has(keyOf(place));
  }

  /** There may be room again. */
  wake(delayMs = 0): void {
    if (this.#closed) return;
    if (this.#timer !== null) {
      if (delayMs > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#poll();
    }, delayMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await Promise.race([Promise.all(this.#work), delay(this.#options.consumer.fetchWaitMsMax)]);
  }

  #poll(): void {
    const now = this.#options.now();
    const ready: Position[] = [];
    for (const position of this.#positions.values()) {
      if (position.fetching || !this.#options.hasRoom(position.place)) continue;
      if (position.notBeforeMs > now) this.wake(position.notBeforeMs - now);
      else ready.push(position);
    }
    const unplaced = ready.filter((position) => position.offset === null);
    if (unplaced.length > 0) this.#run(unplaced, () => this.#reset(unplaced));
    const placed = ready.filter((position) => position.offset !== null);
    const leaderOf = ({ place }: Position) => this.#topics.partition(place)?.leader ?? null;
    for (const [leader, group] of groupBy(placed, leaderOf)) {
      if (leader === null) this.#findLeaders(group);
      else if (!this.#polls.has(leader)) {
        this.#polls.add(leader);
        this.#run(group, () => this.#fetch(leader, group).finally(() => this.#polls.delete(leader)));
      }
    }
  }

  #findLeaders(group: readonly Position[]): void {
    for (const position of group)
      if (this.#topics.get(position.place.topic) !== undefined) position.problem ??= noLeader;
    this.#refresh(group.map(({ place }) => place.topic));
  }

  #run(group: readonly Position[], action: () => Promise<void>): void {
    for (const position of group) position.fetching = true;
    const work = action()
      .catch((error: unknown) => this.#failed(group, error))
      .finally(() => {
        for (const position of group) position.fetching = false;
        this.#work.delete(work);
        this.wake();
      });
    this.#work.add(work);
  }

  #failed(group: readonly Position[], error: unknown): void {
    if (this.#closed) return;
    const expected = error instanceof ClientError && (error.canRetry || error.code === 'closed');
    const text = error instanceof Error ? error.message : String(error);
    if (!expected) this.#options.onWarning(`reading failed, trying again: ${text}`);
    this.#postpone(group, text);
  }

  #postpone(group: readonly Position[], problem: string): void {
    for (const position of group) {
      position.notBeforeMs = this.#options.now() + backoffMs;
      position.problem = problem;
    }
    this.#refresh(group.map(({ place }) => place.topic));
  }

  /** Where nothing was mirrored yet, or what was to be read next is gone. */
  async #reset(positions: readonly Position[]): Promise<void> {
    const { offsetReset } = this.#options.consumer;
    const at = offsetReset === 'latest' ? 'latest' : 'earliest';
    const answers = await listOffsets(
      this.#options.network,
      positions.map(({ place }) => ({ ...place, at })),
    );
    for (const [index, { error, offset }] of answers.entries()) {
      const position = positions[index]!;
      if (error !== null) this.#postpone([position], `${error.name}: ${error.message}`);
      else position.offset = offset;
    }
  }

  async #fetch(leader: number, group: readonly Position[]): Promise<void> {
    const { network, consumer, requestTimeoutMs } = this.#options;
    this.#turn++;
    const shift = this.#turn % group.length;
    const ordered = [...group.slice(shift), ...group.slice(0, shift)];
    const connection = await network.connection({ broker: leader, channel: 'mirror' });
    const answer = await connection.request({
      request: FetchRequest,
      response: FetchResponse,
      timeoutMs: requestTimeoutMs + consumer.fetchWaitMsMax,
      body: this.#body(ordered),
    });
    const refused = toApiError(answer.errorCode);
    if (refused !== null) throw new ClientError('refused', refused.message, { api: refused });
    for (const topic of answer.responses) {
      const name = topic.topic === '' ? this.#topics.topicNamed(topic.topicId) : topic.topic;
      for (const partition of topic.partitions) {
        const position = this.#positions.get(`${name}-${partition.partitionIndex}`);
        if (position?.fetching) await this.#take(position, partition);
      }
    }
  }

  #body(group: readonly Position[]) {
    const { consumer } = this.#options;
    return {
      maxWaitMs: consumer.fetchWaitMsMax,
      minBytes: consumer.fetchBytesMin,
      maxBytes: consumer.fetchBytesMax,
      isolationLevel: consumer.isolation === 'read_committed' ? 1 : 0,
      topics: byTopic(group.map((position) => ({ topic: position.place.topic, position }))).map(
        ({ topic, items }) => ({
          topic,
          topicId: this.#topics.get(topic)!.topicId,
          partitions: items.map(({ position }) => ({
            partition: position.place.partition,
            currentLeaderEpoch: this.#topics.partition(position.place)!.leaderEpoch,
            fetchOffset: BigInt(position.offset!),
            partitionMaxBytes: consumer.partitionBytesMax,
          })),
        }),
      ),
    };
  }

  async #take(position: Position, fetched: FetchedPartition): Promise<void> {
    if (fetched.errorCode === offsetOutOfRange) {
      this.#lost(position);
      return;
    }
    const error = toApiError(fetched.errorCode);
    if (error !== null) {
      this.#postpone([position], `${error.name}: ${error.message}`);
      return;
    }
    position.problem = null;
    const committed = this.#options.consumer.isolation === 'read_committed';
    position.endOffset = Number(committed ? fetched.lastStableOffset : fetched.highWatermark);
    const buffer = fetched.records;
    if (buffer === null || buffer.length === 0 || this.#closed) return;
    const headers = [...iterateBatches(buffer)];
    const last = headers.at(-1);
    if (last === undefined) return;
    if (headers.some(({ codec }) => codec === 'zstd')) await loadCodec('zstd');
    const { codec, batchBytes } = this.#codecs();
    if (codec !== null) await loadCodec(codec);
    const isAborted = abortedBatches(fetched, this.#options.consumer.isolation);
    const wanted = headers.filter((header) => !isAborted(header, buffer) && !header.isControl);
    const batches = prepareBatches(buffer, wanted, { from: position.offset!, codec, batchBytes });
    position.offset = Math.max(position.offset!, last.lastOffset + 1);
    this.#options.onBatches(position, batches);
  }

  #codecs() {
    const { compression, batchBytes } = this.#options.producer;
    return { codec: compression, batchBytes };
  }

  #lost(position: Position): void {
    const { topic, partition } = position.place;
    const { offsetReset } = this.#options.consumer;
    const where = `offset ${position.offset} of ${topic}-${partition} is not there any more`;
    if (offsetReset === 'none') {
      position.problem = where;
      position.notBeforeMs = Number.POSITIVE_INFINITY;
      this.#options.onWarning(`${where}, and auto.offset.reset=none: the partition is not mirrored further`);
      return;
    }
    this.#options.onWarning(`${where}; going on at the ${offsetReset}`);
    position.offset = null;
  }

  #refresh(topics: readonly string[]): void {
    if (this.#refreshing) return;
    this.#refreshing = true;
    const again = () => {
      this.#refreshing = false;
      this.wake();
    };
    this.#topics.refresh(topics).then(
      () => {
        const lacking = topics.some((topic) => this.#topics.get(topic) === undefined);
        setTimeout(again, lacking ? backoffMs : 0);
      },
      () => setTimeout(again, backoffMs),
    );
  }
}

function keyOf({ topic, partition }: Place): string {
  return `${topic}-${partition}`;
}
