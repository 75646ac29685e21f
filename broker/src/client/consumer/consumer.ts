/** A consumer: assigned by hand or by its group, polled for records, committing as it goes. */

import { offsetFetch } from '../admin-groups.ts';
import { ClientError } from '../client-error.ts';
import { listOffsets } from '../list-offsets.ts';
import { Network } from '../network.ts';
import { TopicMap } from '../topic-map.ts';
import type { FetchedRecord, OffsetToCommit, TopicPartition } from '../types.ts';
import { ClassicMembership } from './classic-membership.ts';
import { Fetcher } from './fetcher.ts';
import type { GroupHooks, Membership } from './membership.ts';
import { ModernMembership } from './modern-membership.ts';
import { type ConsumerOptions, type ResolvedConsumerOptions, resolveConsumerOptions } from './options.ts';
import { type PartitionState, PartitionStates } from './partition-state.ts';
import { Signal } from './signal.ts';
import { Subscription } from './subscription.ts';

const retryMs = 100;

/** Told within `poll` or `close` of what was assigned and of what is about to be given up, in order of topic and partition. */
export interface RebalanceListener {
  /** What is new; nothing, when a rebalance brought nothing. */
  readonly assigned: (partitions: readonly TopicPartition[]) => void;
  readonly revoked: (partitions: readonly TopicPartition[]) => void;
}

/** `poll` was told to return, by `wakeup`. */
export class WakeupError extends Error {
  override readonly name = 'WakeupError';
}

export class Consumer {
  readonly #network: Network;
  readonly #topics: TopicMap;
  readonly #options: ResolvedConsumerOptions;
  readonly #states = new PartitionStates();
  readonly #fetcher: Fetcher;
  readonly #signal = new Signal();
  readonly #subscription: Subscription;
  #membership: Membership | null = null;
  #listener: RebalanceListener | null = null;
  #wakeup = false;
  #failure: Error | null = null;
  #joining: Promise<void> | null = null;
  #positioning: Promise<void> | null = null;
  #retryAtMs = 0;
  #nextCommitMs = 0;
  #committed = '';
  #awaySinceMs: number | null = null;

  constructor(options: ConsumerOptions) {
    this.#network = new Network(options);
    this.#options = resolveConsumerOptions(options);
    this.#topics = new TopicMap(this.#network, { autoCreate: this.#options.autoCreateTopics });
    this.#subscription = new Subscription(this.#topics, this.#options, () =>
      this.#membership?.topicsChanged(),
    );
    this.#fetcher = new Fetcher({
      network: this.#network,
      topics: this.#topics,
      states: this.#states,
      options: this.#options,
      onProgress: () => this.#signal.raise(),
      onError: (error) => {
        this.#failure = error;
      },
    });
  }

  get network(): Network {
    return this.#network;
  }

  get assignment(): readonly TopicPartition[] {
    return this.#states.targets;
  }

  assign(partitions: readonly TopicPartition[]): void {
    this.#subscription.topics([...new Set(partitions.map(({ topic }) => topic))]);
    this.#states.assign(partitions);
  }

  /** By name, or all topics that a pattern matches. Needs a group. */
  subscribe(topics: readonly string[] | RegExp, listener: RebalanceListener | null = null): void {
    this.#listener = listener;
    if (topics instanceof RegExp) this.#subscription.pattern(topics);
    else this.#subscription.topics(topics);
    this.#membership = this.#createMembership();
  }

  seek(target: TopicPartition, to: number | 'earliest' | 'latest'): void {
    this.#states.seek(target, typeof to === 'number' ? { offset: to, leaderEpoch: null } : to);
  }

  /** Makes a `poll` under way, or the next one, throw WakeupError. */
  wakeup(): void {
    this.#wakeup = true;
    this.#signal.raise();
  }

  /** Records, or none when the time is over. Throws what the application must hear of. */
  async poll(timeoutMs: number): Promise<FetchedRecord[]> {
    this.#awaySinceMs = null;
    try {
      return await this.#poll(timeoutMs);
    } finally {
      this.#awaySinceMs = Date.now();
    }
  }

  async #poll(timeoutMs: number): Promise<FetchedRecord[]> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      if (this.#wakeup) {
        this.#wakeup = false;
        throw new WakeupError('woken up');
      }
      this.#throwFailure();
      const nextMs = await this.#work();
      const records = this.#hand();
      if (records.length > 0) {
        this.#fetcher.start(Date.now());
        return records;
      }
      const now = Date.now();
      if (now >= deadline) return [];
      await this.#signal.wait(Math.min(deadline, nextMs) - now);
    }
  }

  /** Left out: what was handed out so far. */
  async commit(offsets: readonly OffsetToCommit[] = this.#consumed()): Promise<void> {
    if (offsets.length === 0 || this.#membership === null) return;
    await this.#membership.commit(offsets);
    this.#committed = JSON.stringify(offsets);
  }

  /** Commits what was handed out, where it commits by itself, leaves the group and closes the connections. */
  async close(): Promise<void> {
    try {
      if (this.#membership !== null) {
        if (this.#options.autoCommit) await this.commit().catch(ignoreClientError);
        const owned = this.#states.targets;
        if (owned.length > 0) this.#listener?.revoked(inOrder(owned));
        await this.#membership.leave();
      }
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
    } finally {
      this.#membership?.stop();
      this.#network.close();
    }
  }

  #createMembership(): Membership {
    const hooks: GroupHooks = {
      wantedTopics: () => this.#subscription.wanted,
      owned: () => this.#states.targets,
      beforeRevoke: async (partitions) => {
        this.#states.revoke(partitions);
        if (this.#options.autoCommit) await this.commit().catch(() => {}); // as good as it can be done now
        this.#listener?.revoked(inOrder(partitions));
      },
      assign: (partitions) => this.#assigned(partitions),
      clear: () => this.#states.assign([]),
      fail: (error) => {
        this.#failure = error;
        this.#signal.raise();
      },
      wake: () => this.#signal.raise(),
      awaySinceMs: () => this.#awaySinceMs,
    };
    const parts = { network: this.#network, topics: this.#topics, options: this.#options, hooks };
    return this.#options.groupProtocol === 'consumer'
      ? new ModernMembership(parts)
      : new ClassicMembership(parts);
  }

  #assigned(partitions: readonly TopicPartition[]): void {
    const added = partitions.filter((partition) => this.#states.get(partition) === undefined);
    this.#states.assign(this.#options.order(partitions));
    this.#listener?.assigned(inOrder(added));
  }

  #throwFailure(): void {
    const failure = this.#failure ?? this.#subscription.refused;
    this.#failure = null;
    this.#subscription.refused = null;
    if (failure !== null) throw failure;
  }

  /** Does what is due; returns when to look again at the latest. */
  async #work(): Promise<number> {
    const now = Date.now();
    const refreshAtMs = this.#subscription.refreshIfDue(now, () => this.#signal.raise());
    if (this.#subscription.unknown) return refreshAtMs;
    // What it keeps over a rebalance is read on meanwhile (KIP-429).
    const isJoining = this.#membership?.needsAttention === true;
    if (isJoining) this.#join();
    const commitAtMs = isJoining ? Number.POSITIVE_INFINITY : this.#commitIfDue(now);
    this.#findPositions(now);
    const homeless = this.#fetcher.start(now);
    if (homeless) this.#subscription.refreshSoon(now);
    const waiting = this.#states.all.filter((state) => !state.fetching);
    const retryAtMs = waiting.length > 0 ? now + retryMs : Number.POSITIVE_INFINITY;
    return Math.min(refreshAtMs, commitAtMs, retryAtMs);
  }

  #join(): void {
    this.#joining ??= this.#membership!.ensureActive()
      .catch((error: unknown) => {
        this.#failure = error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.#joining = null;
        this.#signal.raise();
      });
  }

  #hand(): FetchedRecord[] {
    const records: FetchedRecord[] = [];
    for (const state of this.#states.all) {
      const room = this.#options.pollRecordsMax - records.length;
      if (room === 0) break;
      if (state.buffered.length === 0 || state.revoking) continue;
      const taken = state.buffered.length <= room ? state.buffered : state.buffered.slice(0, room);
      state.buffered = state.buffered.length <= room ? [] : state.buffered.slice(room);
      const last = taken.at(-1)!;
      const offset = state.buffered.length === 0 ? state.bufferedEnd : last.offset + 1;
      state.position = { offset, leaderEpoch: last.leaderEpoch };
      for (const record of taken) records.push(record);
    }
    return records;
  }

  #consumed(): OffsetToCommit[] {
    return this.#states.all.flatMap(({ target, position }) =>
      position === null
        ? []
        : [{ ...target, offset: position.offset, leaderEpoch: position.leaderEpoch ?? -1 }],
    );
  }

  #commitIfDue(now: number): number {
    if (!this.#options.autoCommit || this.#membership === null) return Number.POSITIVE_INFINITY;
    if (this.#nextCommitMs === 0) this.#nextCommitMs = now + this.#options.autoCommitIntervalMs;
    if (now >= this.#nextCommitMs) {
      this.#nextCommitMs = now + this.#options.autoCommitIntervalMs;
      // What is committed already is not committed again: an idle consumer leaves the log alone.
      if (JSON.stringify(this.#consumed()) !== this.#committed) {
        this.commit().catch(() => {}); // tried again at the next interval
      }
    }
    return this.#nextCommitMs;
  }

  #findPositions(now: number): void {
    if (this.#positioning !== null || now < this.#retryAtMs) return;
    const lost = this.#states.all.filter((state) => state.position === null);
    if (lost.length === 0) return;
    this.#positioning = this.#position(lost)
      .catch((error: unknown) => {
        if (error instanceof ClientError && error.canRetry) return;
        this.#failure = error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.#positioning = null;
        this.#retryAtMs = lost.some((state) => state.position === null) ? Date.now() + retryMs : 0;
        this.#signal.raise();
      });
  }

  async #position(lost: readonly PartitionState[]): Promise<void> {
    const asked = lost.filter((state) => state.seekTo === null && !state.uncommitted);
    if (asked.length > 0 && this.#options.groupId !== null && this.#membership !== null) {
      const targets = asked.map((state) => state.target);
      for (const { topic, partition, offset, leaderEpoch } of await offsetFetch(
        this.#network,
        this.#options.groupId,
        targets,
      )) {
        const state = this.#states.get({ topic, partition });
        if (state === undefined || !asked.includes(state)) continue;
        if (offset === null) state.uncommitted = true;
        else if (state.position === null) state.position = { offset, leaderEpoch };
      }
    }
    await this.#reset(lost.filter((state) => state.position === null));
  }

  async #reset(lost: readonly PartitionState[]): Promise<void> {
    if (lost.length === 0) return;
    const queries = lost.map((state) => {
      const at = state.seekTo ?? this.#options.offsetReset;
      if (at === 'none') {
        const places = lost.map(({ target }) => `${target.topic}-${target.partition}`).join(', ');
        const text = `Undefined offset with no reset policy for partitions: [${places}]`;
        throw new ClientError('no-offset', text);
      }
      return { ...state.target, at };
    });
    const generations = lost.map((state) => state.generation);
    const answers = await listOffsets(this.#network, queries, { isolation: this.#options.isolation });
    for (const [index, { error, offset }] of answers.entries()) {
      const state = lost[index]!;
      if (error === null && state.generation === generations[index]) {
        state.position = { offset, leaderEpoch: null };
        state.seekTo = null;
      }
    }
  }
}

function inOrder(partitions: readonly TopicPartition[]): TopicPartition[] {
  return partitions.toSorted(
    (a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0) || a.partition - b.partition,
  );
}

function ignoreClientError(error: unknown): void {
  if (!(error instanceof ClientError)) throw error;
}
