/** Numbered records written to a source without a pause, and what of them came to the target. */
import { type Client, Producer } from '@brokerlab/broker/client';
import { expect } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { readAll, valuesOf } from './pair.ts';

export interface StreamOptions {
  readonly bootstrap: string;
  readonly topic: string;
  /** How many are waited for before the next ones go, and how long then. */
  readonly burst?: number;
  readonly pauseMs?: number;
  /** Bytes behind each number. */
  readonly padding?: number;
}

export class RecordStream {
  readonly #options: StreamOptions;
  readonly #producer: Producer;
  readonly #run: Promise<void>;
  #stopped = false;
  #next = 0;
  readonly failures: string[] = [];

  constructor(options: StreamOptions) {
    this.#options = options;
    // It outlives an outage of its cluster.
    this.#producer = new Producer({ bootstrap: options.bootstrap, deliveryTimeoutMs: 300_000 });
    this.#run = this.#write();
  }

  get count(): number {
    return this.#next;
  }

  async reach(count: number): Promise<void> {
    await eventually(() => expect(this.#next).toBeGreaterThanOrEqual(count), { timeoutMs: 60_000 });
  }

  /** All that were written, acknowledged. */
  async stop(): Promise<string[]> {
    this.#stopped = true;
    await this.#run;
    await this.#producer.close();
    expect(this.failures).toEqual([]);
    return Array.from({ length: this.#next }, (_, index) => String(index));
  }

  async #write(): Promise<void> {
    const { topic, burst = 20, pauseMs = 5, padding = 0 } = this.#options;
    while (!this.#stopped) {
      for (let index = 0; index < burst; index++) {
        const value = Buffer.from(`${this.#next++}${' '.repeat(padding)}`);
        await this.#producer.send({ topic, partition: 0, key: null, value }, (outcome) => {
          if (!outcome.ok) this.failures.push(outcome.failure.message);
        });
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** In the order in which each came first: what was read again after a crash comes once more, without transactions. */
export async function arrived(
  client: Client,
  topic: string,
  options: { readonly once: boolean },
): Promise<string[]> {
  const values = valuesOf(await readAll(client, topic)).map((value) => value?.trim() ?? '');
  return options.once ? values : [...new Set(values)];
}
