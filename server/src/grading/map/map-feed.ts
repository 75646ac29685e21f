/**
 * The feed of one environment's map: looks at its clusters only while somebody watches, and tells what changed. A change
 * tick makes it look at once; without ticks it polls.
 */
import type { Client } from '@brokerlab/broker/client';
import { type MapCluster, type MapHistory, type MapUpdate, mapChange } from '../../contract/main.ts';
import { ClusterLooks } from './cluster-looks.ts';
import { KeptMap } from './map-history.ts';

export interface MapFeedOptions {
  /** Opens clients of the environment's clusters, by the lab's names for them, the first one first; null: it does not run. */
  readonly connect: () => readonly MapSource[] | null;
  readonly onUpdate: (update: MapUpdate) => void;
  readonly onError: (error: unknown) => void;
  readonly now: () => number;
  /** Clusters that say when something changed are asked all the same now and then. */
  readonly pollMs?: number;
}

export interface MapSource {
  readonly id: string;
  readonly client: Client;
  /** Ids of the brokers it was started with. */
  readonly brokers: readonly number[];
}

const POLL_MS = 10_000;
/** A map on its own looks ten times a second at most; the more are open, the slower each. */
const LOOK_EVERY_MS_MIN = 100;
const LOOK_EVERY_MS_PER_MAP = 14;
/** Seen again after longer than this, what has changed meanwhile did not change just now. */
const GAP_MS = 5_000;

let openMaps = 0;
const everyMs = (): number => Math.max(LOOK_EVERY_MS_MIN, openMaps * LOOK_EVERY_MS_PER_MAP);

export class MapFeed {
  readonly #options: MapFeedOptions;
  readonly #kept = new KeptMap();
  #looks = new Map<string, ClusterLooks>();
  /** Clusters that have not been seen whole since watching began: what is told of before is not of now. */
  #unseen = new Set<string>();
  #clusters: Readonly<Record<string, MapCluster>> = {};
  #poll: NodeJS.Timeout | undefined;
  #watching = false;
  #revision = 0;
  #closedAt = 0;

  constructor(options: MapFeedOptions) {
    this.#options = options;
  }

  /** The whole, for a window that begins to watch; null: nothing has been seen yet, it will be pushed. */
  whole(): MapUpdate | null {
    const { state } = this.#kept;
    if (state === null || this.#unseen.size > 0 || this.#looks.size === 0) return null;
    return { kind: 'whole', revision: this.#revision, at: this.#options.now(), state };
  }

  history(): MapHistory {
    return this.#kept.read();
  }

  watch(on: boolean): void {
    if (this.#watching === on) return;
    this.#watching = on;
    if (on) this.#open();
    else void this.#close();
  }

  /** The environment has (or has no more) clusters to connect to. */
  restart(): void {
    void this.#close();
    if (this.#watching) this.#open();
  }

  /** The clusters begin anew: what was kept is of others. */
  forget(): void {
    this.#kept.clear();
  }

  wake(kinds: readonly string[]): void {
    for (const looks of this.#looks.values()) looks.wake(kinds);
  }

  async stop(): Promise<void> {
    this.#watching = false;
    await this.#close();
  }

  #open(): void {
    if (this.#looks.size > 0) return;
    const sources = this.#options.connect();
    if (sources === null || sources.length === 0) return;
    openMaps += 1;
    this.#unseen = new Set(sources.map(({ id }) => id));
    const before = this.#kept.state?.clusters ?? {};
    this.#clusters = {};
    this.#looks = new Map(
      sources.map(({ id, client, brokers }) => [
        id,
        new ClusterLooks({
          client,
          brokers,
          before: before[id],
          everyMs,
          onChange: (cluster) => this.#take(id, cluster),
          onError: this.#options.onError,
        }),
      ]),
    );
    this.wake([]);
    this.#poll = setInterval(() => this.wake([]), this.#options.pollMs ?? POLL_MS);
    this.#poll.unref();
  }

  async #close(): Promise<void> {
    if (this.#looks.size === 0) return;
    openMaps -= 1;
    this.#closedAt = this.#options.now();
    clearInterval(this.#poll);
    const looks = [...this.#looks.values()];
    this.#looks = new Map();
    await Promise.all(looks.map((one) => one.stop()));
  }

  #take(id: string, cluster: MapCluster): void {
    const first = this.#unseen.delete(id);
    this.#clusters = { ...this.#clusters, [id]: cluster };
    if (this.#unseen.size > 0) return;
    const at = this.#options.now();
    // In the order of the lab, not in that of their answers.
    const state = {
      clusters: Object.fromEntries([...this.#looks.keys()].map((name) => [name, this.#clusters[name]!])),
    };
    const before = this.#kept.state;
    const change = before === null ? null : mapChange(before, state);
    if (!first && change === null) return;
    this.#revision += 1;
    const revision = this.#revision;
    this.#kept.add({ at, state, change, gap: first && at - this.#closedAt > GAP_MS });
    if (first || change === null) this.#options.onUpdate({ kind: 'whole', revision, at, state });
    else this.#options.onUpdate({ kind: 'change', revision, at, change });
  }
}
