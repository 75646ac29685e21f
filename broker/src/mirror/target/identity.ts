/** Who a writer is to the target: nobody, an idempotent producer, or a transactional one that fences its forerunners. */

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

/** Another instance of this flow took over: this one must not write any more (KIP-618). */
export class FencedError extends Error {
  constructor(transactionalId: string, cause: unknown) {
    super(`"${transactionalId}" is in use by another MirrorMaker, which has taken over`, { cause });
    this.name = 'FencedError';
  }
}

export class Identity {
  readonly #network: Network;
  readonly #requests: TransactionRequests | null;
  readonly transactionalId: string | null;
  readonly #timeoutMs: number;
  #current: LaneIdentity | null = null;
  readonly #enlisted = new Set<string>();

  constructor(network: Network, options: { transactionalId: string | null; transactionTimeoutMs: number }) {
    this.#network = network;
    const { transactionalId } = options;
    this.#requests = transactionalId === null ? null : new TransactionRequests(network, transactionalId);
    this.transactionalId = options.transactionalId;
    this.#timeoutMs = options.transactionTimeoutMs;
  }

  get isTransactional(): boolean {
    return this.transactionalId !== null;
  }

  get current(): LaneIdentity | null {
    return this.#current;
  }

  /** A new id, or a new epoch of the old one; what an unfinished transaction wrote is aborted by the cluster. */
  async renew(): Promise<void> {
    const id = this.transactionalId;
    const { producerId, producerEpoch } = await this.#ask().catch((error: unknown) => {
      const name = error instanceof ClientError ? error.api?.name : undefined;
      const fenced = name === 'PRODUCER_FENCED' || name === 'INVALID_PRODUCER_EPOCH';
      throw fenced && id !== null ? new FencedError(id, error) : error;
    });
    this.#current = { producerId, producerEpoch, transactional: id !== null };
    this.#enlisted.clear();
  }

  #ask(): Promise<ProducerIdentity> {
    if (this.#requests !== null) {
      const { producerId, producerEpoch } = this.#current ?? nobody;
      return this.#requests.init(this.#timeoutMs, { producerId, producerEpoch });
    }
    const options = { transactionalId: null, timeoutMs: untransactionalTimeoutMs };
    return initProducerId(this.#network, 'any', options);
  }

  /** Tells the coordinator of partitions before they are written to; those told already cost nothing. */
  async enlist(places: readonly Place[]): Promise<void> {
    const added = places.filter((place) => !this.#enlisted.has(keyOf(place)));
    if (added.length === 0) return;
    const { producerId, producerEpoch } = this.#current!;
    await this.#requests!.addPartitions({ producerId, producerEpoch }, added);
    for (const place of added) this.#enlisted.add(keyOf(place));
  }

  /** Nothing was written since the last end: nothing is told. */
  async commit(): Promise<void> {
    if (this.#enlisted.size === 0) return;
    const { producerId, producerEpoch } = this.#current!;
    const end = { committed: true, version: transactionVersion };
    await this.#requests!.end({ producerId, producerEpoch }, end);
    this.#enlisted.clear();
  }
}

function keyOf({ topic, partition }: Place): string {
  return `${topic}-${partition}`;
}
