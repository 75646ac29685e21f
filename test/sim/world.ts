/**
 * A whole cluster in one seeded run: clock, network, nodes, the faults that befall them, clients that use them, and the
 * checkers that watch. The same seed and options give the same run, event by event.
 */
import type { RaftConfig } from '../../broker/src/raft/types.ts';
import { Checkers } from './checkers/all.ts';
import { Clients } from './clients.ts';
import { Clock } from './clock.ts';
import { People } from './coordination/people.ts';
import { Faults } from './faults.ts';
import { type Endpoint, Network } from './network.ts';
import { SimNode } from './node.ts';
import { Random } from './random.ts';

export interface WorldOptions {
  readonly nodeCount: number;
  /** How long faults go on; then everything is healed and must recover. */
  readonly faultyMs: number;
  readonly recoveryMs: number;
  /** Committed records between snapshots. */
  readonly snapshotEvery: number;
  /** Every Raft message through its bytes. */
  readonly wire: boolean;
  readonly raft: Partial<RaftConfig>;
  /** Deliberate mistakes, to see that the checkers find them. */
  readonly bug:
    | 'none'
    | 'voteTwice'
    | 'lyingDisk'
    | 'ackEarly'
    | 'dirtyOffsets'
    | 'anyMarker'
    | 'anyEpoch'
    | 'forgetfulGroups';
}

export const defaultWorldOptions: WorldOptions = {
  nodeCount: 3,
  faultyMs: 12_000,
  recoveryMs: 12_000,
  snapshotEvery: 60,
  wire: false,
  raft: { fetchBytesMax: 1500 },
  bug: 'none',
};

/** So long after the last fault they go on; what they leave open must end by itself. */
const PEOPLE_STAY_MS = 3000;

export class World {
  readonly options: WorldOptions;
  readonly clock = new Clock();
  readonly random: Random;
  readonly network: Network;
  readonly checkers = new Checkers(() => this.clock.nowMs);
  readonly voterIds: readonly number[];
  readonly nodes: readonly SimNode[];
  /** Chance that power fails while a node writes. */
  powerCutProbability = 0;
  eventCount = 0;
  #producerIds = 1000n;
  readonly #faults: Faults;
  readonly #clients: Clients;
  readonly #people: People;

  constructor(seed: number, options: WorldOptions) {
    this.options = options;
    this.random = new Random(seed);
    this.network = new Network(this.clock, this.random);
    this.voterIds = Array.from({ length: options.nodeCount }, (_, index) => index + 1);
    this.nodes = this.voterIds.map((id) => new SimNode(this, id));
    this.#faults = new Faults(this);
    this.#clients = new Clients(this);
    this.#people = new People(this);
  }

  node(id: number): SimNode {
    return this.nodes[id - 1]!;
  }

  endpointOf(id: number): Endpoint | null {
    const node = this.node(id);
    return node.isUp ? node.endpoint : null;
  }

  powerCut(node: SimNode): void {
    node.crash(true);
    this.clock.after(this.random.between(100, 4000), () => this.restart(node));
  }

  /** As the controller's blocks give them: never the same twice. */
  newProducerId(): bigint {
    this.#producerIds += 1n;
    return this.#producerIds;
  }

  restart(node: SimNode): void {
    if (!node.isUp) node.start();
  }

  run(): void {
    for (const node of this.nodes) this.clock.after(this.random.between(0, 50), () => this.restart(node));
    this.#clients.start();
    this.#people.start();
    this.#faults.start();
    this.#pass(this.options.faultyMs);
    this.#faults.end();
    this.#pass(PEOPLE_STAY_MS);
    this.#people.end();
    this.#pass(this.options.recoveryMs - PEOPLE_STAY_MS);
    this.checkers.finished(this.nodes);
  }

  #pass(ms: number): void {
    const untilMs = this.clock.nowMs + ms;
    while (this.clock.step(untilMs)) this.eventCount += 1;
  }

  get summary() {
    return {
      ...this.checkers.counts,
      events: this.eventCount,
      messages: this.network.sentCount,
      acknowledged: this.#clients.acknowledgedCount,
      epochs: Math.max(...this.nodes.map((node) => node.raft.leader.leaderEpoch)),
      offset: Math.max(...this.nodes.map((node) => node.appliedTo)),
    };
  }
}
