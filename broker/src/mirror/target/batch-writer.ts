/**
 * Sends batches to the leaders of the target, in the order in which they came for each partition, again and again until
 * each is acknowledged: an outage of the target holds batches up, it loses none.
 */

import { ClientError, toApiError } from '../../client/client-error.ts';
import { byTopic } from '../../client/grouping.ts';
import type { Network } from '../../client/network.ts';
import { TopicMap } from '../../client/topic-map.ts';
import type { ApiError } from '../../client/types.ts';
import { ProduceRequest, ProduceResponse } from '../../messages/00-produce.ts';
import { splitBatch } from '../batches/prepare.ts';
import type { ProducerSettings } from '../settings/settings.ts';
import { FencedError, type Identity } from './identity.ts';
import { type Delivery, Lane, type Place, type Sent } from './lane.ts';

export interface WriterOptions {
  readonly network: Network;
  readonly producer: ProducerSettings;
  /** `null`: neither idempotent nor transactional. */
  readonly identity: Identity | null;
  readonly requestTimeoutMs: number;
  readonly now: () => number;
  readonly onWarning: (text: string) => void;
  /** The target lacks a topic. */
  readonly onMissingTopic: (topic: string) => void;
}

type PartitionResponse = ProduceResponse['responses'][number]['partitionResponses'][number];

interface Flight {
  readonly lane: Lane;
  readonly sent: Sent;
}

const requestsMax = 5;
const requestBytesMin = 1_048_576;
const backoffMs = { first: 100, most: 2_000, refused: 30_000 } as const;
/** The transactional produce version that leaves naming partitions to the client. */
const produceVersion = 11;
const noLeader = 'the target has no leader for it, or does not answer';
const timeout = { code: 13, note: 'the target does not answer' } as const;

export class BatchWriter {
  readonly #options: WriterOptions;
  readonly #topics: TopicMap;
  readonly #lanes = new Map<string, Lane>();
  readonly #requests = new Map<number, number>();
  #renewing: Promise<void> | null = null;
  #mustRenew: boolean;
  #timer: NodeJS.Timeout | null = null;
  #refreshing = false;
  #closed = false;
  #fenced: FencedError | null = null;
  /** Why transactions cannot be ended or begun now: all partitions wait. */
  #problem: string | null = null;
  /** Told whenever something was acknowledged, failed or became possible. */
  onProgress: () => void = () => {};

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#topics = new TopicMap(options.network, { autoCreate: false });
    this.#mustRenew = options.identity !== null && options.identity.current === null;
  }

  get heldBytes(): number {
    let sum = 0;
    for (const lane of this.#lanes.values()) sum += lane.heldBytes;
    return sum;
  }

  get idle(): boolean {
    for (const lane of this.#lanes.values()) if (!lane.idle) return false;
    return true;
  }

  get fenced(): FencedError | null {
    return this.#fenced;
  }

  heldBytesOf(place: Place): number {
    return this.#lanes.get(keyOf(place))?.heldBytes ?? 0;
  }

  problemOf(place: Place): string | null {
    return this.#lanes.get(keyOf(place))?.problem ?? this.#problem;
  }

  push(place: Place, delivery: Delivery): void {
    const key = keyOf(place);
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = new Lane(place, { transactional: this.#options.identity?.isTransactional === true });
      this.#lanes.set(key, lane);
    }
    lane.push(delivery);
    this.#wakeSoon(0);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** What the open transaction holds so far, in the order of each partition. */
  uncommitted(): { readonly place: Place; readonly delivery: Delivery }[] {
    return [...this.#lanes.values()].flatMap((lane) =>
      lane.uncommitted.map((delivery) => ({ place: lane.place, delivery })),
    );
  }

  /**
   * Commits what was written; call when idle. False: the transaction was lost, its batches are on their way again.
   * Throws what may be tried again as it is.
   */
  async commit(): Promise<boolean> {
    const { identity } = this.#options;
    if (identity === null || this.#mustRenew || this.#renewing !== null || !this.idle) return false;
    try {
      await identity.commit();
      this.#problem = null;
    } catch (error) {
      this.#problem = textOf(error);
      if (error instanceof ClientError && error.canRetry) throw error;
      this.#mustRenew = true;
      this.#wakeSoon(0);
      return false;
    }
    for (const lane of this.#lanes.values()) lane.release();
    return true;
  }

  #wakeSoon(delayMs: number): void {
    if (this.#closed) return;
    if (this.#timer !== null) {
      if (delayMs > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#dispatch();
    }, delayMs);
  }

  #dispatch(): void {
    if (this.#closed || this.#fenced !== null || this.#renewing !== null) return;
    if (this.#mustRenew) {
      if (this.#underWay() === 0) this.#renew();
      return;
    }
    const now = this.#options.now();
    const byLeader = new Map<number, Lane[]>();
    const homeless: Lane[] = [];
    for (const lane of this.#lanes.values()) {
      if (lane.readyBytes(now, this.#underWayMax()) === null) {
        if (!lane.idle && lane.notBeforeMs > now) this.#wakeSoon(lane.notBeforeMs - now);
        continue;
      }
      const leader = this.#topics.partition(lane.place)?.leader ?? null;
      if (leader === null) homeless.push(lane);
      else byLeader.set(leader, [...(byLeader.get(leader) ?? []), lane]);
    }
    this.#findHomes(homeless);
    for (const [leader, lanes] of byLeader) this.#fill(leader, lanes);
  }

  #findHomes(homeless: readonly Lane[]): void {
    if (homeless.length === 0) return;
    for (const lane of homeless) {
      const { topic, partition } = lane.place;
      if (lane.problem !== null || this.#topics.get(topic) === undefined) continue;
      lane.problem = noLeader;
      this.#options.onWarning(`${topic}-${partition} cannot be written to now (${noLeader}); trying again`);
    }
    this.#refresh(homeless.map(({ place }) => place.topic));
  }

  #underWayMax(): number {
    return this.#options.identity === null ? 1 : requestsMax;
  }

  #underWay(): number {
    let sum = 0;
    for (const count of this.#requests.values()) sum += count;
    return sum;
  }

  /** As many requests as may be under way to one leader; one batch of each partition in each. */
  #fill(leader: number, lanes: readonly Lane[]): void {
    const bytesMax = Math.max(requestBytesMin, this.#options.producer.requestBytesMax);
    const identity = this.#options.identity?.current ?? null;
    while ((this.#requests.get(leader) ?? 0) < requestsMax) {
      const flights: Flight[] = [];
      let bytes = 0;
      for (const lane of lanes) {
        const size = lane.readyBytes(this.#options.now(), this.#underWayMax());
        if (size === null || (flights.length > 0 && bytes + size > bytesMax)) continue;
        bytes += size;
        flights.push({ lane, sent: lane.take(identity) });
      }
      if (flights.length === 0) return;
      this.#requests.set(leader, (this.#requests.get(leader) ?? 0) + 1);
      this.#send(leader, flights).finally(() => {
        this.#requests.set(leader, this.#requests.get(leader)! - 1);
        this.onProgress();
        this.#wakeSoon(0);
      });
    }
  }

  async #send(leader: number, flights: readonly Flight[]): Promise<void> {
    const { network, identity, producer, requestTimeoutMs } = this.#options;
    const transactional = identity?.current?.transactional === true;
    try {
      if (transactional) await identity.enlist(flights.map(({ lane }) => lane.place));
      const connection = await network.connection({ broker: leader, channel: 'mirror' });
      const answer = await connection.request({
        request: ProduceRequest,
        response: ProduceResponse,
        ...(transactional ? { versionMax: produceVersion } : {}),
        body: {
          transactionalId: transactional ? identity.transactionalId : null,
          acks: producer.acks,
          timeoutMs: requestTimeoutMs,
          topicData: this.#topicData(flights),
        },
        unanswered: producer.acks === 0,
      });
      for (const flight of flights) this.#settle(flight, this.#partOf(answer, flight.lane.place));
    } catch (error) {
      const api = error instanceof ClientError ? error.api : null;
      const failure = api ?? toApiError(timeout.code, timeout.note)!;
      for (const { lane, sent } of flights) this.#fail(lane, sent, failure);
    }
  }

  #topicData(flights: readonly Flight[]) {
    return byTopic(flights.map((flight) => ({ topic: flight.lane.place.topic, flight }))).map(
      ({ topic, items }) => ({
        name: topic,
        topicId: this.#topics.get(topic)!.topicId,
        partitionData: items.map(({ flight }) => ({
          index: flight.lane.place.partition,
          records: flight.sent.delivery.batch.bytes,
        })),
      }),
    );
  }

  #partOf(answer: ProduceResponse, { topic, partition }: Place): PartitionResponse | undefined {
    const topicId = this.#topics.get(topic)?.topicId;
    return answer.responses
      .find((entry) => entry.name === topic || (entry.name === '' && entry.topicId === topicId))
      ?.partitionResponses.find((entry) => entry.index === partition);
  }

  #settle({ lane, sent }: Flight, part: PartitionResponse | undefined): void {
    const error = toApiError(part?.errorCode ?? 0, part?.errorMessage);
    if (error !== null && error.name !== 'DUPLICATE_SEQUENCE_NUMBER') {
      this.#fail(lane, sent, error);
      return;
    }
    const baseOffset = error === null && part !== undefined ? Number(part.baseOffset) : -1;
    lane.acknowledge(sent, baseOffset);
  }

  #fail(lane: Lane, sent: Sent, error: ApiError): void {
    if (error.name === 'MESSAGE_TOO_LARGE' || error.name === 'RECORD_LIST_TOO_LARGE') {
      if (this.#split(lane, sent)) return;
    }
    const { topic, partition } = lane.place;
    const first = lane.isFirst(sent);
    const lost = error.name === 'OUT_OF_ORDER_SEQUENCE_NUMBER' || error.name === 'UNKNOWN_PRODUCER_ID';
    if ((lost && first) || error.name === 'INVALID_PRODUCER_EPOCH' || error.name === 'PRODUCER_FENCED') {
      this.#mustRenew = true;
    }
    if (this.#options.identity?.current?.transactional === true) this.#mustRenew = true;
    if (!lane.fail(sent, `${error.name}: ${error.message}`)) return;
    const doubled = backoffMs.first * 2 ** Math.min(lane.failures - 1, 10);
    const final = !error.retriable && !lost && !this.#mustRenew;
    const pauseMs = final ? backoffMs.refused : Math.min(doubled, backoffMs.most);
    lane.notBeforeMs = this.#options.now() + pauseMs;
    if (lane.failures === 1 || final) {
      this.#options.onWarning(
        `${topic}-${partition} cannot be written to now (${error.name}: ${error.message}); trying again`,
      );
    }
    if (error.name === 'UNKNOWN_TOPIC_OR_PARTITION' || error.name === 'UNKNOWN_TOPIC_ID') {
      this.#topics.forget(topic);
      this.#options.onMissingTopic(topic);
    }
    this.#refresh([topic]);
  }

  #split(lane: Lane, sent: Sent): boolean {
    const parts = splitBatch(sent.delivery.batch);
    if (parts === null) return false;
    lane.replace(sent, parts);
    return true;
  }

  #renew(): void {
    this.#renewing = this.#options
      .identity!.renew()
      .then(
        () => {
          for (const lane of this.#lanes.values()) lane.startOver();
          this.#mustRenew = false;
          this.#problem = null;
        },
        (error: unknown) => {
          this.#problem = textOf(error);
          if (error instanceof FencedError) this.#fenced = error;
          else return new Promise<void>((resolve) => setTimeout(resolve, backoffMs.first * 5));
        },
      )
      .finally(() => {
        this.#renewing = null;
        this.onProgress();
        this.#wakeSoon(0);
      });
  }

  #refresh(topics: readonly string[]): void {
    if (this.#refreshing) return;
    this.#refreshing = true;
    this.#topics
      .refresh(topics)
      .then(
        () => {
          for (const topic of topics) if (this.#topics.errorOf(topic)) this.#options.onMissingTopic(topic);
        },
        () => {}, // nobody answers: asked again below
      )
      .finally(() => {
        const lacking = topics.some((topic) => this.#topics.get(topic) === undefined);
        setTimeout(
          () => {
            this.#refreshing = false;
            this.#wakeSoon(0);
          },
          lacking ? backoffMs.first * 2 : 0,
        );
      });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function keyOf({ topic, partition }: Place): string {
  return `${topic}-${partition}`;
}
