/** Sends the markers that end a transaction to the leaders of its partitions, again and again until all are written. */
import type { MetadataImage } from '../../controller/image.ts';
import { endpointOf } from '../../handlers/brokers.ts';
import type { Timers } from '../../handlers/services.ts';
import { WriteTxnMarkersRequest, type WriteTxnMarkersResponse } from '../../messages/27-write-txn-markers.ts';
import { ErrorCode } from '../../messages/errors.ts';
import { groupByTopic } from '../../transaction/records.ts';
import {
  type PartitionKey,
  parsePartitionKey,
  partitionKey,
  type Transaction,
} from '../../transaction/transaction.ts';
import { call } from '../network/call.ts';
import type { Peers } from '../network/peers.ts';

export interface MarkerSenderOptions {
  readonly peers: Peers;
  readonly image: () => MetadataImage;
  readonly timers: Timers;
  readonly clientId: string;
  readonly requestTimeoutMs: () => number;
  readonly interBrokerListener: string;
}

const RETRY_MS = 100;

export class MarkerSender {
  readonly #options: MarkerSenderOptions;

  constructor(options: MarkerSenderOptions) {
    this.#options = options;
  }

  /** Resolves with true when every partition has its marker, with false when it is no longer wanted. */
  async send(
    transaction: Transaction,
    options: { coordinatorEpoch: number; isWanted: () => boolean },
  ): Promise<boolean> {
    const open = new Set(transaction.partitions);
    while (open.size > 0) {
      if (!options.isWanted()) return false;
      const byLeader = this.#byLeader(open);
      await Promise.all(
        [...byLeader].map(async ([leaderId, keys]) => {
          const done = await this.#sendTo(leaderId, keys, { transaction, ...options });
          for (const key of done) open.delete(key);
        }),
      );
      if (open.size > 0) await this.#pause();
    }
    return options.isWanted();
  }

  /** A partition whose topic is gone needs no marker; one without a leader waits. */
  #byLeader(open: Set<PartitionKey>): Map<number, PartitionKey[]> {
    const image = this.#options.image();
    const byLeader = new Map<number, PartitionKey[]>();
    for (const key of [...open]) {
      const { topic, partition } = parsePartitionKey(key);
      const known = image.topics.get(topic)?.partitions[partition];
      if (known === undefined) open.delete(key);
      else byLeader.set(known.leader, [...(byLeader.get(known.leader) ?? []), key]);
    }
    return byLeader;
  }

  async #sendTo(
    leaderId: number,
    keys: readonly PartitionKey[],
    { transaction, coordinatorEpoch }: { transaction: Transaction; coordinatorEpoch: number },
  ): Promise<PartitionKey[]> {
    const { peers, image, clientId, requestTimeoutMs, interBrokerListener } = this.#options;
    const broker = image().brokers.get(leaderId);
    const endpoint = broker === undefined ? null : endpointOf(broker, interBrokerListener);
    if (endpoint === null) return [];
    const topics = groupByTopic(keys).map(({ topic, partitionIds }) => ({
      name: topic,
      partitionIndexes: partitionIds,
    }));
    const { producerId, producerEpoch, state, clientTransactionVersion: transactionVersion } = transaction;
    const transactionResult = state === 'PrepareCommit';
    const marker = {
      producerId,
      producerEpoch,
      transactionResult,
      topics,
      coordinatorEpoch,
      transactionVersion,
    };
    try {
      const response = (await call(peers.get(endpoint, 'markers'), {
        apiKey: WriteTxnMarkersRequest.key,
        body: { markers: [marker] },
        clientId,
        timeoutMs: requestTimeoutMs(),
      })) as WriteTxnMarkersResponse;
      return response.markers.flatMap((answered) => written(answered));
    } catch {
      return []; // the leader is away: it, or the next one, is asked again
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#options.timers.after(RETRY_MS, resolve);
    });
  }
}

/** An epoch that is fenced at the partition was ended there by a later one: nothing is left to write. */
function written({ topics }: WriteTxnMarkersResponse['markers'][number]): PartitionKey[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions
      .filter(
        ({ errorCode }) =>
          errorCode === ErrorCode.NONE ||
          errorCode === ErrorCode.INVALID_PRODUCER_EPOCH ||
          errorCode === ErrorCode.TRANSACTION_COORDINATOR_FENCED,
      )
      .map(({ partitionIndex }) => partitionKey(name, partitionIndex)),
  );
}
