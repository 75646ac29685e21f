/**
 * A network that delays, reorders, loses and divides. Requests and their answers travel separately; a request to a
 * process that is gone fails, sometimes at once (connection refused), sometimes never (the asker must time out).
 */
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

export interface NetworkFaults {
  lossProbability: number;
  latencyMaxMs: number;
}

/** One life of one node: messages for an earlier life are never delivered. */
export interface Endpoint {
  readonly id: number;
  readonly life: number;
  readonly isUp: () => boolean;
  /** Time it is held up (paused): messages wait. */
  readonly heldUntilMs: () => number;
}

export interface Exchange<Response> {
  readonly from: Endpoint;
  /** The living endpoint of a node, or null. */
  readonly to: () => Endpoint | null;
  readonly toId: number;
  /** Runs at the receiver; `reply` may be called later, or never. */
  readonly deliver: (endpoint: Endpoint, reply: (response: Response) => void) => void;
  readonly onReply: (response: Response) => void;
  readonly onFail: () => void;
}

export class Network {
  readonly faults: NetworkFaults = { lossProbability: 0, latencyMaxMs: 3 };
  /** Pairs `a>b` that are cut. */
  readonly #cut = new Set<string>();
  readonly #clock: Clock;
  readonly #random: Random;
  sentCount = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  cut(from: number, to: number): void {
    this.#cut.add(`${from}>${to}`);
  }

  heal(): void {
    this.#cut.clear();
  }

  request<Response>(exchange: Exchange<Response>): void {
    this.sentCount += 1;
    const { from, toId } = exchange;
    const fail = (): void => {
      // A broken connection is noticed only sometimes.
      if (this.#random.chance(0.5)) this.#arrive(from, exchange.onFail);
    };
    if (this.#isLost(from.id, toId)) {
      fail();
      return;
    }
    this.#clock.after(this.#latencyMs(), () => {
      const target = exchange.to();
      if (target === null) {
        fail();
        return;
      }
      this.#arrive(target, () =>
        exchange.deliver(target, (response) => {
          if (this.#isLost(toId, from.id)) fail();
          else
            this.#clock.after(this.#latencyMs(), () => this.#arrive(from, () => exchange.onReply(response)));
        }),
      );
    });
  }

  /** Now, or when the receiver goes on; never in another life. */
  #arrive(endpoint: Endpoint, act: () => void): void {
    this.#clock.at(Math.max(this.#clock.nowMs, endpoint.heldUntilMs()), () => {
      if (!endpoint.isUp()) return;
      if (endpoint.heldUntilMs() > this.#clock.nowMs) this.#arrive(endpoint, act);
      else act();
    });
  }

  #isLost(from: number, to: number): boolean {
    if (from === to) return false;
    return this.#cut.has(`${from}>${to}`) || this.#random.chance(this.faults.lossProbability);
  }

  #latencyMs(): number {
    const { latencyMaxMs } = this.faults;
    // Mostly quick, now and then very late: later messages overtake.
    return this.#random.chance(0.02) ? this.#random.between(50, 400) : this.#random.between(1, latencyMaxMs);
  }
}
