/**
 * Where new replicas go (KIP-500's striped placer): round robin over racks, and over the brokers of each rack, from a
 * random start; each next partition starts one further; after as many partitions as unfenced brokers the order is
 * shuffled. The first replica is never on a fenced broker.
 */
import { type ApiFailure, fail } from './context.ts';
import type { BrokerRegistration } from './image.ts';

export interface PlacementRequest {
  readonly brokers: Iterable<BrokerRegistration>;
  readonly partitionCount: number;
  readonly replicationFactor: number;
  readonly random: () => number;
}

/** Replica lists, one per partition. */
export function placeReplicas(request: PlacementRequest): number[][] | ApiFailure {
  const { replicationFactor, random } = request;
  // One that is shutting down gets nothing more; once it is gone it is fenced, and expected back.
  const usable = [...request.brokers].filter(
    (broker) => (broker.fenced || !broker.inControlledShutdown) && hasRoom(broker),
  );
  const unfencedCount = usable.filter((broker) => !broker.fenced).length;
  if (unfencedCount === 0) {
    const message = 'All brokers are currently fenced, or have all their log directories cordoned.';
    return fail('INVALID_REPLICATION_FACTOR', message);
  }
  if (replicationFactor > usable.length) {
    return fail(
      'INVALID_REPLICATION_FACTOR',
      `The target replication factor of ${replicationFactor} cannot be reached because only ${usable.length} ` +
        'broker(s) are registered or some brokers have all their log directories cordoned.',
    );
  }
  const racks = new Racks(usable, random);
  return Array.from({ length: request.partitionCount }, () => racks.next(replicationFactor));
}

function hasRoom(broker: BrokerRegistration): boolean {
  return broker.logDirs.length === 0 || broker.logDirs.some((dir) => !broker.cordonedLogDirs.includes(dir));
}

/** Brokers taken in turn; each round of placement begins one further. */
class BrokerRing {
  readonly #ids: number[] = [];
  #offset = 0;
  #index = 0;
  #round = 0;

  constructor(ids: readonly number[], random: () => number) {
    this.#ids = [...ids].sort((a, b) => a - b);
    if (ids.length > 0) this.#offset = Math.floor(random() * ids.length);
  }

  /** The next id of this round, or -1 when all were given out. */
  next(round: number): number {
    const count = this.#ids.length;
    if (count === 0) return -1;
    if (this.#round !== round) {
      this.#round = round;
      this.#index = 0;
      this.#offset = (this.#offset + 1) % count;
    }
    if (this.#index >= count) return -1;
    const id = this.#ids[(this.#index + this.#offset) % count]!;
    this.#index += 1;
    return id;
  }

  shuffle(random: () => number): void {
    shuffle(this.#ids, random);
  }
}

interface Rack {
  readonly unfenced: BrokerRing;
  readonly fenced: BrokerRing;
}

class Racks {
  readonly #racks: Rack[];
  readonly #unfencedCount: number;
  readonly #random: () => number;
  #round = 0;
  #offset: number;

  constructor(brokers: readonly BrokerRegistration[], random: () => number) {
    const names = [...new Set(brokers.map((broker) => broker.rack ?? ''))].sort();
    this.#racks = names.map((name) => {
      const members = brokers.filter((broker) => (broker.rack ?? '') === name);
      const ids = (fenced: boolean) => members.filter((one) => one.fenced === fenced).map((one) => one.id);
      return { unfenced: new BrokerRing(ids(false), random), fenced: new BrokerRing(ids(true), random) };
    });
    this.#unfencedCount = brokers.filter((broker) => !broker.fenced).length;
    this.#random = random;
    this.#offset = Math.floor(random() * names.length);
  }

  next(replicationFactor: number): number[] {
    // A single unfenced broker would never come to a new round.
    if (this.#round === this.#unfencedCount && this.#unfencedCount > 1) {
      shuffle(this.#racks, this.#random);
      for (const rack of this.#racks) {
        rack.unfenced.shuffle(this.#random);
        rack.fenced.shuffle(this.#random);
      }
      this.#round = 0;
    }
    if (this.#offset === this.#racks.length) this.#offset = 0;
    const first = this.#first();
    const replicas = [first.id, ...this.#others(first.rackIndex, replicationFactor - 1)];
    this.#round += 1;
    this.#offset += 1;
    return replicas;
  }

  #first(): { id: number; rackIndex: number } {
    for (let rackIndex = this.#offset; ; rackIndex = (rackIndex + 1) % this.#racks.length) {
      const id = this.#racks[rackIndex]!.unfenced.next(this.#round);
      if (id >= 0) return { id, rackIndex };
    }
  }

  /** Goes on round the racks; the first replica's rack is left out once. */
  #others(firstRackIndex: number, count: number): number[] {
    const ids: number[] = [];
    let skip = firstRackIndex;
    let rackIndex = this.#offset;
    while (ids.length < count) {
      if (rackIndex === skip) skip = -1;
      else {
        const rack = this.#racks[rackIndex]!;
        const unfenced = rack.unfenced.next(this.#round);
        const id = unfenced >= 0 ? unfenced : rack.fenced.next(this.#round);
        if (id >= 0) ids.push(id);
      }
      rackIndex = (rackIndex + 1) % this.#racks.length;
    }
    return ids;
  }
}

function shuffle<T>(items: T[], random: () => number): void {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
}
