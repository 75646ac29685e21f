/** Who a writer is to the target: nobody, an idempotent producer, or a transactional one that fences its forerunners. */

import { setTimeout as delay } from 'node:timers/promises';
import { ClientError } from '../../client/client-error.ts';
import type { Network } from '../../client/network.ts';
import {
  initProducerId,
  nobody,
  type ProducerIdentity,
  TransactionRequests,
} from '../../client/producer/transaction-requests.ts';
import type { LaneIdentity, Place } from './lane.ts';

/** It names partitions itself, whatever the cluster's transaction.version is. */
const transactionVersion = 1;
const untransactionalTimeoutMs = 2_147_483_647;

/** As Java's producer waits for the markers of the transaction before. */
const concurrentPauseMs = 20;

/** This one must not write any more (KIP-618): another instance of this flow took over, or its transaction took too long. */
export class FencedError extends Error {
  /** The cluster itself ended the transaction, which was open for longer than it may: nobody else need be there. */
  readonly expired: boolean;

  constructor(transactionalId: string, options: { readonly cause: unknown; readonly expired: boolean }) {
    const { cause, expired } = options;
    const why = expired
      ? 'had a transaction open for longer than "transaction.timeout.ms", so the cluster aborted it'
      : 'is in use by another MirrorMaker, which has taken over';
    super(`"${transactionalId}" ${why}`, { cause });
    this.name = 'FencedError';
    this.expired = expired;
  }
}

export interface IdentityOptions {
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
  readonly now: () => number;
}

export class Identity {
  readonly #network: Network;
  readonly #requests: TransactionRequests | null;
  readonly #options: IdentityOptions;
  #current: LaneIdentity | null = null;
  readonly #enlisted = new Set<string>();
  #enlisting: Promise<void> = Promise.resolve();
  /** Since when the coordinator may know of an open transaction; `null`: of none. */
  #openSinceMs: number | null = null;

  constructor(network: Network, options: IdentityOptions) {
    this.#network = network;
    this.#options = options;
    const { transactionalId } = options;
    this.#requests = transactionalId === null ? null : new TransactionRequests(network, transactionalId);
  }

  get transactionalId(): string | null {
    return this.#options.transactionalId;
  }

  get isTransactional(): boolean {
    return this.transactionalId !== null;
  }

  get current(): LaneIdentity | null {
    return this.#current;
  }

  /**
   * A new id, or a new epoch of the old one. An unfinished transaction is aborted first: to ask for a new epoch while one is
   * open would be taken for another producer's asking.
   */
  async renew(): Promise<void> {
    const { producerId, producerEpoch } = await this.#unlessFenced(async () => {
      await this.#abort();
      return await this.#ask();
    });
    this.#current = { producerId, producerEpoch, transactional: this.isTransactional };
  }

  #ask(): Promise<ProducerIdentity> {
    if (this.#requests !== null) {
      const { producerId, producerEpoch } = this.#current ?? nobody;
      return this.#requests.init(this.#options.transactionTimeoutMs, { producerId, producerEpoch });
    }
    const options = { transactionalId: null, timeoutMs: untransactionalTimeoutMs };
    return initProducerId(this.#network, 'any', options);
  }

  async #abort(): Promise<void> {
    if (this.#openSinceMs === null || this.#current === null) return;
    const { producerId, producerEpoch } = this.#current;
    const end = { committed: false, version: transactionVersion };
    try {
      await this.#requests!.end({ producerId, producerEpoch }, end);
    } catch (error) {
      if (nameOf(error) !== 'INVALID_TXN_STATE') throw error; // else there was nothing to abort
    }
    this.#closed();
  }

  /**
   * Tells the coordinator of partitions before they are written to; those told already cost nothing. One after the other, so
   * that batches of a partition are sent in the order in which they asked.
   */
  enlist(places: readonly Place[]): Promise<void> {
    const turn = this.#enlisting.then(() => this.#enlist(places));
    this.#enlisting = turn.catch(() => {}); // told to the one who asked
    return turn;
  }

  async #enlist(places: readonly Place[]): Promise<void> {
    const added = places.filter((place) => !this.#enlisted.has(keyOf(place)));
    if (added.length === 0) return;
    const { producerId, producerEpoch } = this.#current!;
    this.#openSinceMs ??= this.#options.now();
    const deadline = this.#options.now() + this.#network.limits.apiTimeoutMs;
    for (;;) {
      try {
        await this.#requests!.addPartitions({ producerId, producerEpoch }, added);
        break;
      } catch (error) {
        const before = nameOf(error) === 'CONCURRENT_TRANSACTIONS'; // the last one is being ended still
        if (!before || this.#options.now() > deadline) throw error;
        await delay(concurrentPauseMs);
      }
    }
    for (const place of added) this.#enlisted.add(keyOf(place));
  }

  /** Nothing was written since the last end: nothing is told. */
  async commit(): Promise<void> {
    if (this.#enlisted.size === 0) return;
    const { producerId, producerEpoch } = this.#current!;
    const end = { committed: true, version: transactionVersion };
    await this.#requests!.end({ producerId, producerEpoch }, end);
    this.#closed();
  }

  #closed(): void {
    this.#enlisted.clear();
    this.#openSinceMs = null;
  }

  async #unlessFenced<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { transactionalId, transactionTimeoutMs, now } = this.#options;
      if (transactionalId === null || !fencedNames.has(nameOf(error) ?? '')) throw error;
      const since = this.#openSinceMs;
      const expired = since !== null && now() - since >= transactionTimeoutMs;
      throw new FencedError(transactionalId, { cause: error, expired });
    }
  }
}

const fencedNames = new Set(['PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH']);

function nameOf(error: unknown): string | undefined {
  return error instanceof ClientError ? error.api?.name : undefined;
}

function keyOf({ topic, partition }: Place): string {
  return `${topic}-${partition}`;
}
