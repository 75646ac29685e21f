/** Who a writer is to the target: nobody, an idempotent producer, or a transactional one that fences its forerunners. */

import { ClientError, refuse } from '../../client/client-error.ts';
import { byTopic } from '../../client/grouping.ts';
import type { Network } from '../../client/network.ts';
import { InitProducerIdRequest, InitProducerIdResponse } from '../../messages/22-init-producer-id.ts';
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from '../../messages/24-add-partitions-to-txn.ts';
import { EndTxnRequest, EndTxnResponse } from '../../messages/26-end-txn.ts';
import type { LaneIdentity, Place } from './lane.ts';

const noProducer = -1n;
/** The last versions in which the client names partitions itself, whatever the cluster's transaction.version is. */
const addPartitionsVersion = 3;
const endTxnVersion = 4;
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
  readonly transactionalId: string | null;
  readonly #timeoutMs: number;
  #current: LaneIdentity | null = null;
  readonly #enlisted = new Set<string>();

  constructor(network: Network, options: { transactionalId: string | null; transactionTimeoutMs: number }) {
    this.#network = network;
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
    const body = {
      transactionalId: id,
      transactionTimeoutMs: id === null ? untransactionalTimeoutMs : this.#timeoutMs,
      producerId: id === null ? noProducer : (this.#current?.producerId ?? noProducer),
      producerEpoch: id === null ? -1 : (this.#current?.producerEpoch ?? -1),
    };
    const answer = await this.#asCoordinated((target) =>
      this.#network.send(target, { request: InitProducerIdRequest, response: InitProducerIdResponse, body }),
    ).catch((error: unknown) => {
      const name = error instanceof ClientError ? error.api?.name : undefined;
      const fenced = name === 'PRODUCER_FENCED' || name === 'INVALID_PRODUCER_EPOCH';
      throw fenced && id !== null ? new FencedError(id, error) : error;
    });
    const { producerId, producerEpoch } = answer;
    this.#current = { producerId, producerEpoch, transactional: id !== null };
    this.#enlisted.clear();
  }

  /** Tells the coordinator of partitions before they are written to; those told already cost nothing. */
  async enlist(places: readonly Place[]): Promise<void> {
    const added = places.filter((place) => !this.#enlisted.has(keyOf(place)));
    if (added.length === 0) return;
    const { producerId, producerEpoch } = this.#current!;
    const answer = await this.#asCoordinated((target) =>
      this.#network.send(target, {
        request: AddPartitionsToTxnRequest,
        response: AddPartitionsToTxnResponse,
        versionMax: addPartitionsVersion,
        body: {
          v3AndBelowTransactionalId: this.transactionalId!,
          v3AndBelowProducerId: producerId,
          v3AndBelowProducerEpoch: producerEpoch,
          v3AndBelowTopics: byTopic(added).map(({ topic, items }) => ({
            name: topic,
            partitions: items.map(({ partition }) => partition),
          })),
        },
      }),
    );
    for (const topic of answer.resultsByTopicV3AndBelow) {
      for (const { partitionErrorCode } of topic.resultsByPartition) refuse(partitionErrorCode);
    }
    for (const place of added) this.#enlisted.add(keyOf(place));
  }

  /** Nothing was written since the last end: nothing is told. */
  async commit(): Promise<void> {
    if (this.#enlisted.size === 0) return;
    const { producerId, producerEpoch } = this.#current!;
    await this.#asCoordinated((target) =>
      this.#network.send(target, {
        request: EndTxnRequest,
        response: EndTxnResponse,
        versionMax: endTxnVersion,
        body: { transactionalId: this.transactionalId!, producerId, producerEpoch, committed: true },
      }),
    );
    this.#enlisted.clear();
  }

  async #asCoordinated<T extends { readonly errorCode?: number }>(
    send: (target: 'any' | number) => Promise<T>,
  ): Promise<T> {
    const id = this.transactionalId;
    const target =
      id === null
        ? 'any'
        : (await this.#network.findCoordinator({ coordinator: id, type: 'transaction' })).id;
    const answer = await send(target);
    refuse(answer.errorCode ?? 0);
    return answer;
  }
}

function keyOf({ topic, partition }: Place): string {
  return `${topic}-${partition}`;
}
