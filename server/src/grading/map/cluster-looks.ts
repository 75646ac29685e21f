/** Looks at one cluster while its map is open, each part at its own pace. */
import type { Client } from '@brokerlab/broker/client';
import type { MapCluster } from '../../contract/main.ts';
import { type Change, MapBrokers } from './brokers.ts';
import { readGroups } from './groups.ts';
import { readEnds, readSlow } from './offsets.ts';
import { PacedLook } from './paced-look.ts';
import { readStructure } from './structure.ts';

export interface ClusterLooksOptions {
  readonly client: Client;
  /** Ids of the brokers it is started with; others are learnt. */
  readonly brokers: readonly number[];
  /** As it was seen last, when somebody watched before. */
  readonly before: MapCluster | undefined;
  readonly everyMs: () => number;
  /** Not before every part has been looked at once. */
  readonly onChange: (cluster: MapCluster) => void;
  readonly onError: (error: unknown) => void;
}

const SLOW_EVERY_MS = 2_000;
/** How much slower than high watermarks. */
const GROUPS_PACE = 2;

const NOTHING_SEEN: MapCluster = {
  controller: -1,
  brokers: {},
  topics: {},
  groups: {},
  topicsLeftOut: 0,
  groupsLeftOut: 0,
};

export class ClusterLooks {
  readonly #options: ClusterLooksOptions;
  readonly #brokers: MapBrokers;
  readonly #coordinators = new Map<string, number>();
  readonly #structure: PacedLook;
  readonly #ends: PacedLook;
  readonly #slow: PacedLook;
  readonly #groups: PacedLook;
  readonly #unseen = new Set(['structure', 'ends', 'slow', 'groups']);
  #cluster: MapCluster;
  #stopped = false;

  constructor(options: ClusterLooksOptions) {
    const { client, everyMs, onError } = options;
    this.#options = options;
    this.#cluster = options.before ?? NOTHING_SEEN;
    this.#brokers = new MapBrokers(client, options.brokers, () => this.#structure.wake());
    const paced = (part: string, burst: number, pace: () => number, read: () => Promise<Change>) =>
      new PacedLook({ burst, everyMs: pace, onError, look: async () => this.#take(part, await read()) });
    this.#structure = paced('structure', 6, everyMs, () => readStructure(this.#brokers));
    this.#ends = paced('ends', 4, everyMs, () => readEnds(this.#brokers, this.#cluster));
    const slowly = () => Math.max(SLOW_EVERY_MS, everyMs());
    this.#slow = paced('slow', 2, slowly, () => readSlow(this.#brokers, this.#cluster));
    const groups = () => readGroups(this.#brokers, this.#coordinators);
    this.#groups = paced('groups', 4, () => everyMs() * GROUPS_PACE, groups);
  }

  /** `kinds` of a change tick; none: something, perhaps everything. */
  wake(kinds: readonly string[]): void {
    const all = kinds.length === 0;
    const only = (kind: string) => kinds.every((one) => one === kind);
    // After it, the offsets are read anyway.
    if (all || !kinds.every((kind) => kind === 'records' || kind === 'group')) this.#structure.wake();
    else if (!only('group')) {
      this.#ends.wake();
      this.#slow.wake();
    }
    if (all || kinds.includes('group')) this.#groups.wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const looks = [this.#structure, this.#ends, this.#slow, this.#groups].map((look) => look.stop());
    // Closing the connections ends a look that waits for a broker.
    await this.#options.client.close();
    await Promise.all(looks);
  }

  #take(part: string, change: Change): void {
    if (this.#stopped) return;
    this.#cluster = change(this.#cluster);
    this.#unseen.delete(part);
    if (part === 'structure') {
      // Of partitions whose leader is known only now.
      this.#ends.wake();
      this.#slow.wake();
    }
    if (this.#unseen.size === 0) this.#options.onChange(this.#cluster);
  }
}
