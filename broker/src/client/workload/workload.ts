/**
 * Real load on a cluster: producers that send so many records a second, or consumers of a group that can handle so many.
 * Each is a client of its own, with its own connections, as separate servers would have. The owner stops it.
 */
import type { ClientOptions } from '../types.ts';
import { startConsumer } from './slow-consumer.ts';
import { startProducer } from './steady-producer.ts';

export interface ProduceWork {
  readonly topic: string;
  readonly perSecond: number;
  /** Different keys; 0: none. */
  readonly keys: number;
  /** `{load}`, `{n}`, `{key}` are filled in. */
  readonly value: string;
  readonly acks: -1 | 0 | 1;
  readonly idempotence: boolean;
  readonly retries?: number | undefined;
  readonly deliveryTimeoutMs: number;
}

export interface ConsumeWork {
  readonly topic: string;
  readonly group: string;
  /** How long a consumer is busy with a record. */
  readonly processingMs: number;
  readonly assignor: 'range' | 'roundrobin' | 'sticky' | 'cooperative-sticky';
  readonly offsetReset: 'earliest' | 'latest';
  readonly instanceIds: boolean;
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly maxPollIntervalMs: number;
  readonly maxPollRecords: number;
  readonly commitMs: number;
}

export interface WorkloadOptions {
  readonly id: string;
  readonly clientId: string;
  readonly work: { readonly produce: ProduceWork } | { readonly consume: ConsumeWork };
  readonly clients: number;
  readonly connection: Pick<ClientOptions, 'bootstrap' | 'dial'>;
}

export interface WorkloadReport {
  /** Producers or consumers at work. */
  readonly clients: number;
  readonly sent: number;
  /** Numbers of acknowledged records, as ranges, ascending. */
  readonly acknowledged: readonly (readonly [number, number])[];
  readonly failed: number;
  readonly handled: number;
}

export interface Workload {
  report(): WorkloadReport;
  /** More or fewer producers or consumers from now on. */
  resize(clients: number): Promise<void>;
  stop(): Promise<void>;
}

export interface Worker {
  stop(): Promise<void>;
}

/** Counts shared by a load's clients. */
export class Tally {
  sent = 0;
  failed = 0;
  handled = 0;
  readonly #ranges: [number, number][] = [];

  /** The number of the next record, from 1. */
  next(): number {
    this.sent += 1;
    return this.sent;
  }

  acknowledge(n: number): void {
    let index = this.#ranges.length;
    while (index > 0 && this.#ranges[index - 1]![0] > n) index--;
    const before = this.#ranges[index - 1];
    const after = this.#ranges[index];
    if (before !== undefined && n <= before[1]) return;
    if (before !== undefined && before[1] === n - 1) {
      before[1] = n;
      if (after !== undefined && after[0] === n + 1) {
        before[1] = after[1];
        this.#ranges.splice(index, 1);
      }
    } else if (after !== undefined && after[0] === n + 1) after[0] = n;
    else this.#ranges.splice(index, 0, [n, n]);
  }

  get acknowledged(): readonly (readonly [number, number])[] {
    return this.#ranges.map(([from, to]) => [from, to] as const);
  }
}

export async function startWorkload(options: WorkloadOptions): Promise<Workload> {
  const tally = new Tally();
  const workers: Worker[] = [];
  const add = (): Worker => {
    const clientId = `${options.clientId}-${workers.length + 1}`;
    const client = { ...options.connection, clientId };
    return 'produce' in options.work
      ? startProducer(options.work.produce, { client, tally, loadId: options.id })
      : startConsumer(options.work.consume, { client, tally, instanceId: clientId });
  };
  const resize = async (clients: number): Promise<void> => {
    while (workers.length < clients) workers.push(add());
    await Promise.all(workers.splice(clients).map((worker) => worker.stop()));
  };
  await resize(options.clients);
  return {
    report: () => ({
      clients: workers.length,
      sent: tally.sent,
      acknowledged: tally.acknowledged,
      failed: tally.failed,
      handled: tally.handled,
    }),
    resize,
    stop: () => resize(0),
  };
}
