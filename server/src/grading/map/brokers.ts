/**
 * The brokers of one cluster as the map asks them: each alone, never waited for longer than the others need. One that takes
 * connections and does not answer is `silent`, and is not asked again while an answer is owed.
 */
import {
  type AtBroker,
  atBroker,
  type Client,
  ClientError,
  type ClientErrorCode,
} from '@brokerlab/broker/client';
import type { MapCluster } from '../../contract/main.ts';

/** What a look found, to be put into what others found meanwhile. */
export type Change = (now: MapCluster) => MapCluster;

/** An answer that takes longer is no news any more. */
const ASK_TIMEOUT_MS = 3_000;
/** Waited for the rest once one has answered. */
const GRACE_MS = 60;
/** Nobody has answered: the look ends with nothing. */
const PATIENCE_MS = 1_000;
/** An answer owed for longer: the broker is silent. */
const SILENT_MS = 600;

type Answered = 'answers' | 'silent' | 'gone';
type Question = 'structure' | 'ends' | 'slow' | 'groups';

export class MapBrokers {
  readonly #client: Client;
  readonly #known = new Map<number, Answered>();
  readonly #owed = new Map<Question, Set<number>>();
  /** A broker turned out, after the look, to be in another state. */
  readonly #onLate: () => void;

  constructor(client: Client, ids: readonly number[], onLate: () => void) {
    this.#client = client;
    this.#onLate = onLate;
    for (const id of ids) this.#known.set(id, 'gone');
  }

  get ids(): number[] {
    return [...this.#known.keys()].sort((one, other) => one - other);
  }

  state(id: number): Answered {
    return this.#known.get(id) ?? 'gone';
  }

  /** Where nobody is known, any address the client has tells of the brokers. */
  async meet(): Promise<void> {
    if ([...this.#known.values()].some((state) => state !== 'gone')) return;
    await this.#client.network.metadata().catch(() => undefined);
    this.#add([...this.#client.network.brokers.keys()]);
  }

  /** True: there are new ones among them. */
  async learn(ids: readonly number[]): Promise<boolean> {
    if (!this.#add(ids)) return false;
    // So that the client has their addresses.
    await this.#client.network.metadata().catch(() => undefined);
    return true;
  }

  #add(ids: readonly number[]): boolean {
    const fresh = ids.filter((id) => !this.#known.has(id));
    for (const id of fresh) this.#known.set(id, 'gone');
    return fresh.length > 0;
  }

  /** Asks one broker; undefined: it did not answer in time. */
  async askOne<T>(id: number, ask: (broker: AtBroker) => Promise<T>): Promise<T | undefined> {
    const answers = await withPatience(
      [ask(atBroker(this.#client, id, ASK_TIMEOUT_MS)).catch(() => undefined)],
      PATIENCE_MS,
    );
    return answers[0];
  }

  /** Asks these at the same time; those that answer in time are in the result. */
  async ask<T>(
    question: Question,
    ids: readonly number[],
    ask: (broker: AtBroker, id: number) => Promise<T>,
  ): Promise<Map<number, T>> {
    const owed = this.#owed.get(question) ?? new Set();
    this.#owed.set(question, owed);
    const answers = new Map<number, T>();
    const asked = ids.filter((id) => !owed.has(id));
    let over = false;
    const become = (id: number, state: Answered): void => {
      // Of the other questions some wait for more than the broker itself.
      if (question !== 'structure' || this.#known.get(id) === state) return;
      this.#known.set(id, state);
      if (over) this.#onLate();
    };
    const asking = asked.map(async (id) => {
      owed.add(id);
      const timer = setTimeout(() => become(id, 'silent'), SILENT_MS);
      timer.unref();
      try {
        answers.set(id, await this.#askTwice(id, ask));
        owed.delete(id);
        become(id, 'answers');
      } catch (error) {
        owed.delete(id);
        become(id, isOf(error, 'timeout') ? 'silent' : 'gone');
      }
      clearTimeout(timer);
    });
    await withPatience(asking, PATIENCE_MS);
    over = true;
    return new Map(answers);
  }

  /** A connection to a broker that has been started anew ends with the first question. */
  async #askTwice<T>(id: number, ask: (broker: AtBroker, id: number) => Promise<T>): Promise<T> {
    const broker = atBroker(this.#client, id, ASK_TIMEOUT_MS);
    try {
      return await ask(broker, id);
    } catch (error) {
      if (isOf(error, 'disconnected')) return ask(broker, id);
      throw error;
    }
  }
}

function isOf(error: unknown, code: ClientErrorCode): boolean {
  return error instanceof ClientError && error.code === code;
}

/** Resolves when all have, or GRACE_MS after the first, or after `patienceMs`; with what is there by then. */
function withPatience<T>(asking: readonly Promise<T>[], patienceMs: number): Promise<(T | undefined)[]> {
  const done: (T | undefined)[] = asking.map(() => undefined);
  return new Promise((resolve) => {
    let left = asking.length;
    let timer = setTimeout(() => resolve(done), patienceMs);
    if (left === 0) {
      clearTimeout(timer);
      resolve(done);
    }
    for (const [index, one] of asking.entries()) {
      void one.then((value) => {
        done[index] = value;
        left -= 1;
        clearTimeout(timer);
        if (left === 0) resolve(done);
        else timer = setTimeout(() => resolve(done), GRACE_MS);
      });
    }
  });
}
