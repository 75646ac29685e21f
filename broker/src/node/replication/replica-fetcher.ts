/**
 * Follows all partitions that one other broker leads, over one connection and one incremental fetch session (KIP-227).
 *
 * The leader holds a fetch until there is something to say. When partitions are added meanwhile, the next request of
 * the session is sent at once behind the held one; that makes the leader answer the held one. So at most two are in
 * flight, and an answer is only stored where it begins at the log's end.
 */
import type { Timer, Timers } from '../../handlers/services.ts';
import { FetchRequest, type FetchResponse } from '../../messages/01-fetch.ts';
import { ListOffsetsRequest, type ListOffsetsResponse } from '../../messages/02-list-offsets.ts';
import { ErrorCode } from '../../messages/errors.ts';
import { readBatchHeader } from '../../messages/records.ts';
import {
  type FetchPosition,
  fetchPosition,
  resolveOutOfRange,
  stepFollower,
} from '../../partition/follower.ts';
import { DiskError } from '../../storage/disk.ts';
import { LogError } from '../../storage/log-contract.ts';
import { call } from '../network/call.ts';
import type { Peer } from '../network/peer.ts';
import type { Replica } from './replica.ts';
import type { ReplicationQuota } from './replication-quota.ts';

export interface ReplicaFetcherOptions {
  readonly nodeId: number;
  readonly peer: Peer;
  readonly timers: Timers;
  readonly clientId: string;
  readonly brokerEpoch: () => bigint;
  readonly settings: () => FetcherSettings;
  /** What this node may fetch of throttled partitions while it catches up. */
  readonly quota: ReplicationQuota;
  readonly onAppended: (replica: Replica) => void;
  readonly onError: (replica: Replica, error: unknown) => void;
}

export interface FetcherSettings {
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly partitionMaxBytes: number;
  readonly backoffMs: number;
  readonly requestTimeoutMs: number;
}

interface Followed {
  readonly replica: Replica;
  /** What the session on the leader knows; null: not told yet. */
  told: (FetchPosition & { readonly leaderEpoch: number }) | null;
  /** Set while fetching makes no sense until newer metadata or the back-off's end. */
  resting: boolean;
}

type ResponseTopic = FetchResponse['responses'][number];
type ResponsePartition = ResponseTopic['partitions'][number];
type RequestTopic = NonNullable<(typeof FetchRequest.input)['topics']>[number];

/** How often a partition that is held back looks whether it may go on. */
const throttleLookMs = 50;
/** How long a request may be held that news cannot overtake, for there is no session to tell it in. */
const standingAloneMs = 500;

export class ReplicaFetcher {
  readonly #options: ReplicaFetcherOptions;
  readonly #followed = new Map<string, Followed>();
  /** Partitions the session must forget. */
  readonly #forgotten = new Map<string, Replica>();
  #session = { id: 0, epoch: 0 };
  /** The leader has no room for a session of ours. */
  #standsAlone = false;
  /** A new session makes answers of the one before worthless. */
  #generation = 0;
  #inFlight = 0;
  #retry: Timer | null = null;
  #sendScheduled = false;
  #stopped = false;

  constructor(options: ReplicaFetcherOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#followed.size;
  }

  /** Follows a replica, or goes on with one whose leader epoch is new. */
  follow(replica: Replica): void {
    const key = keyOf(replica);
    this.#forgotten.delete(key);
    const known = this.#followed.get(key);
    if (known === undefined) this.#followed.set(key, { replica, told: null, resting: false });
    else known.resting = false;
    this.#sendSoon();
  }

  unfollow(replica: Replica): void {
    const key = keyOf(replica);
    const known = this.#followed.get(key);
    if (known === undefined) return;
    this.#followed.delete(key);
    if (known.told !== null) this.#forgotten.set(key, replica);
    this.#sendSoon();
  }

  stop(): void {
    this.#stopped = true;
    this.#retry?.cancel();
    this.#followed.clear();
  }

  /** Changes that come together go into one request. */
  #sendSoon(): void {
    if (this.#sendScheduled || this.#stopped || this.#retry !== null) return;
    this.#sendScheduled = true;
    queueMicrotask(() => {
      this.#sendScheduled = false;
      if (!this.#stopped && this.#inFlight < this.#inFlightMax() && this.#hasNews()) this.#send();
    });
  }

  /** Within a session a second request overtakes the one that is held; before its id is known there is none. */
  #inFlightMax(): number {
    return this.#session.id === 0 ? 1 : 2;
  }

  /** The request that makes the session is answered at once: from then on news need not wait. */
  #maxWaitMs(isNewSession: boolean, longestMs: number): number {
    if (!isNewSession) return longestMs;
    return this.#standsAlone ? Math.min(longestMs, standingAloneMs) : 0;
  }

  #hasNews(): boolean {
    if (this.#forgotten.size > 0) return this.#session.id !== 0;
    for (const followed of this.#followed.values()) if (needsTelling(followed)) return true;
    return false;
  }

  /** With nothing to follow and nothing to forget there is nothing to ask. */
  #isIdle(): boolean {
    for (const followed of this.#followed.values()) if (!followed.resting) return false;
    return true;
  }

  #send(): void {
    const { peer, clientId, settings } = this.#options;
    const { minBytes, maxBytes, requestTimeoutMs, ...limits } = settings();
    const isNewSession = this.#session.epoch === 0;
    const maxWaitMs = this.#maxWaitMs(isNewSession, limits.maxWaitMs);
    const generation = this.#generation;
    const topics = this.#requestTopics(isNewSession);
    if (isNewSession && topics.length === 0) return;
    const forgotten = isNewSession ? [] : forgottenTopics(this.#forgotten.values());
    this.#forgotten.clear();
    const body: typeof FetchRequest.input = {
      replicaState: { replicaId: this.#options.nodeId, replicaEpoch: this.#options.brokerEpoch() },
      maxWaitMs,
      minBytes,
      maxBytes,
      sessionId: this.#session.id,
      sessionEpoch: this.#session.epoch,
      topics,
      forgottenTopicsData: forgotten,
    };
    this.#session = { ...this.#session, epoch: this.#session.epoch + 1 };
    this.#inFlight++;
    call(peer, { apiKey: FetchRequest.key, body, clientId, timeoutMs: maxWaitMs + requestTimeoutMs })
      .then((answer) => {
        this.#inFlight--;
        if (!this.#stopped) this.#answered(answer as FetchResponse, generation);
      })
      .catch((error: unknown) => {
        this.#inFlight--;
        if (!this.#stopped && generation === this.#generation) this.#failed(error);
      });
  }

  #requestTopics(everything: boolean): RequestTopic[] {
    const { partitionMaxBytes } = this.#options.settings();
    const topics = new Map<string, { topic: string; topicId: string; partitions: object[] }>();
    for (const followed of this.#followed.values()) {
      const { replica } = followed;
      if (followed.resting || (!everything && !needsTelling(followed))) continue;
      const position = fetchPosition(replica.log);
      const { leaderEpoch } = replica;
      followed.told = { ...position, leaderEpoch };
      const { topic, topicId, partition } = replica;
      let entry = topics.get(topicId);
      if (entry === undefined) {
        entry = { topic, topicId, partitions: [] };
        topics.set(topicId, entry);
      }
      entry.partitions.push({
        partition,
        currentLeaderEpoch: leaderEpoch,
        fetchOffset: BigInt(position.fetchOffset),
        lastFetchedEpoch: position.lastFetchedEpoch,
        logStartOffset: BigInt(position.logStartOffset),
        partitionMaxBytes,
      });
    }
    return [...topics.values()] as RequestTopic[];
  }

  #answered(response: FetchResponse, generation: number): void {
    if (generation !== this.#generation) return;
    if (response.errorCode !== ErrorCode.NONE) {
      this.#restartSession();
      this.#retryLater(response.errorCode === ErrorCode.FETCH_SESSION_ID_NOT_FOUND ? 0 : null);
      return;
    }
    this.#standsAlone = response.sessionId === 0;
    if (this.#session.id === 0 && response.sessionId !== 0) {
      this.#session = { ...this.#session, id: response.sessionId };
    } else if (this.#standsAlone) {
      this.#session = { id: 0, epoch: 0 };
    }
    for (const topic of response.responses) {
      for (const partition of topic.partitions) this.#takePartition(topic, partition);
    }
    if (this.#inFlight === 0 && !this.#isIdle()) this.#send();
    else this.#sendSoon();
  }

  #takePartition(topic: ResponseTopic, answer: ResponsePartition): void {
    const followed = this.#followed.get(`${topic.topicId}/${answer.partitionIndex}`);
    if (followed === undefined || followed.replica.leaderId !== this.#options.peer.nodeId) return;
    try {
      this.#step(followed, answer);
    } catch (error) {
      if (!(error instanceof LogError || error instanceof DiskError)) throw error;
      this.#options.onError(followed.replica, error);
      this.#rest(followed);
    }
  }

  #step(followed: Followed, answer: ResponsePartition): void {
    const { replica } = followed;
    const records = answer.records ?? Buffer.alloc(0);
    const step = stepFollower(
      {
        errorCode: answer.errorCode,
        highWatermark: Number(answer.highWatermark),
        logStartOffset: Number(answer.logStartOffset),
        divergingEpoch: {
          epoch: answer.divergingEpoch.epoch,
          endOffset: Number(answer.divergingEpoch.endOffset),
        },
        recordsBytes: records.length,
      },
      replica.log,
      replica.highWatermark,
    );
    switch (step.kind) {
      case 'append':
        if (records.length > 0 && !this.#append(replica, records)) return;
        replica.followed({
          highWatermark: Number(answer.highWatermark),
          logStartOffset: Number(answer.logStartOffset),
        });
        this.#throttle(followed, records.length);
        return;
      case 'truncate':
        replica.log.truncateTo(step.offset);
        return;
      case 'askOffsets':
        followed.resting = true;
        void this.#askOffsets(followed);
        return;
      case 'awaitMetadata':
        // Newer metadata may already be here, or never come when the leader is the one behind.
        this.#rest(followed);
        return;
      case 'retry':
        this.#rest(followed);
        return;
    }
  }

  /** False: an answer to a request that was overtaken, its records are here already. */
  #append(replica: Replica, records: Buffer): boolean {
    if (records.length >= 61 && readBatchHeader(records).baseOffset < replica.log.logEndOffset) return false;
    replica.log.appendAsFollower(records);
    this.#options.onAppended(replica);
    return true;
  }

  /** Has taken more than its share: the session forgets the partition until others had theirs. */
  #throttle(followed: Followed, bytes: number): void {
    const { quota, timers } = this.#options;
    const { replica } = followed;
    if (!quota.isThrottled(replica.topic, replica.partition)) return;
    quota.record(bytes);
    if (!quota.isExceeded || replica.offsetLag === 0) return;
    if (followed.told !== null) this.#forgotten.set(keyOf(replica), replica);
    followed.told = null;
    followed.resting = true;
    const look = () => {
      if (this.#stopped || this.#followed.get(keyOf(replica)) !== followed) return;
      if (quota.isExceeded) {
        timers.after(throttleLookMs, look);
        return;
      }
      followed.resting = false;
      this.#forgotten.delete(keyOf(replica));
      this.#sendSoon();
    };
    timers.after(throttleLookMs, look);
  }

  #rest(followed: Followed): void {
    followed.resting = true;
    this.#options.timers.after(this.#options.settings().backoffMs, () => {
      followed.resting = false;
      followed.told = null;
      this.#sendSoon();
    });
  }

  async #askOffsets(followed: Followed): Promise<void> {
    const { replica } = followed;
    try {
      const [start, end] = await Promise.all([this.#offsetAt(replica, -2n), this.#offsetAt(replica, -1n)]);
      const step = resolveOutOfRange({ logStartOffset: start, logEndOffset: end }, replica.log);
      if (step.kind === 'truncate') replica.log.truncateTo(step.offset);
      else if (step.kind === 'startAt') replica.log.truncateFullyAndStartAt(step.offset);
      followed.resting = false;
      followed.told = null;
      this.#sendSoon();
    } catch {
      this.#rest(followed);
    }
  }

  async #offsetAt(replica: Replica, timestamp: bigint): Promise<number> {
    const { peer, clientId, nodeId, settings } = this.#options;
    const { topic: name, partition: partitionIndex, leaderEpoch: currentLeaderEpoch } = replica;
    const body: typeof ListOffsetsRequest.input = {
      replicaId: nodeId,
      topics: [{ name, partitions: [{ partitionIndex, currentLeaderEpoch, timestamp }] }],
    };
    const timeoutMs = settings().requestTimeoutMs;
    const answer = await call(peer, { apiKey: ListOffsetsRequest.key, body, clientId, timeoutMs });
    const partition = (answer as ListOffsetsResponse).topics[0]?.partitions[0];
    if (partition === undefined || partition.errorCode !== ErrorCode.NONE) {
      throw new Error(`the leader of ${replica.name} did not say where its log begins and ends`);
    }
    return Number(partition.offset);
  }

  #failed(_error: unknown): void {
    this.#restartSession();
    this.#retryLater(null);
  }

  #restartSession(): void {
    this.#generation++;
    this.#session = { id: 0, epoch: 0 };
    this.#forgotten.clear();
    for (const followed of this.#followed.values()) followed.told = null;
  }

  /** After the back-off everything is asked for anew. */
  #retryLater(delayMs: number | null): void {
    if (this.#retry !== null) return;
    const { timers, settings } = this.#options;
    this.#retry = timers.after(delayMs ?? settings().backoffMs, () => {
      this.#retry = null;
      if (!this.#stopped && !this.#isIdle()) this.#send();
    });
  }
}

function needsTelling({ replica, told, resting }: Followed): boolean {
  if (resting) return false;
  if (told === null) return true;
  const { log } = replica;
  return (
    told.leaderEpoch !== replica.leaderEpoch ||
    told.fetchOffset !== log.logEndOffset ||
    told.lastFetchedEpoch !== log.latestEpoch ||
    told.logStartOffset !== log.logStartOffset
  );
}

function forgottenTopics(replicas: Iterable<Replica>) {
  const topics = new Map<string, { topic: string; topicId: string; partitions: number[] }>();
  for (const { topic, topicId, partition } of replicas) {
    const entry = topics.get(topicId);
    if (entry === undefined) topics.set(topicId, { topic, topicId, partitions: [partition] });
    else entry.partitions.push(partition);
  }
  return [...topics.values()];
}

function keyOf(replica: Replica): string {
  return `${replica.topicId}/${replica.partition}`;
}
