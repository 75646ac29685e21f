/** Asks a transaction's coordinator, wherever it is, to make partitions part of the transaction (KIP-890). */
import type { MetadataImage } from '../../controller/image.ts';
import { coordinatorPartition } from '../../group/placement.ts';
import { endpointOf } from '../../handlers/brokers.ts';
import { type Enlistment, TRANSACTIONS_TOPIC } from '../../handlers/transactions.ts';
import {
  AddPartitionsToTxnRequest,
  type AddPartitionsToTxnResponse,
} from '../../messages/24-add-partitions-to-txn.ts';
import { ErrorCode } from '../../messages/errors.ts';
import { groupByTopic } from '../../transaction/records.ts';
import { type PartitionKey, partitionKey } from '../../transaction/transaction.ts';
import { call } from '../network/call.ts';
import type { Peers } from '../network/peers.ts';

export interface EnlisterOptions {
  readonly peers: Peers;
  readonly image: () => MetadataImage;
  readonly clientId: string;
  readonly requestTimeoutMs: () => number;
  readonly interBrokerListener: string;
}

export class Enlister {
  readonly #options: EnlisterOptions;

  constructor(options: EnlisterOptions) {
    this.#options = options;
  }

  async enlist(request: Enlistment): Promise<ReadonlyMap<PartitionKey, number>> {
    const all = (errorCode: number) => new Map(request.partitions.map((key) => [key, errorCode]));
    const endpoint = this.#coordinatorOf(request.transactionalId);
    if (endpoint === null) return all(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    const { transactionalId, producerId, producerEpoch, verifyOnly } = request;
    const topics = groupByTopic(request.partitions).map(({ topic, partitionIds }) => ({
      name: topic,
      partitions: partitionIds,
    }));
    try {
      const response = (await call(this.#options.peers.get(endpoint, 'transactions'), {
        apiKey: AddPartitionsToTxnRequest.key,
        body: { transactions: [{ transactionalId, producerId, producerEpoch, verifyOnly, topics }] },
        clientId: this.#options.clientId,
        timeoutMs: this.#options.requestTimeoutMs(),
      })) as AddPartitionsToTxnResponse;
      if (response.errorCode !== ErrorCode.NONE) return all(response.errorCode);
      return new Map(
        (response.resultsByTransaction[0]?.topicResults ?? []).flatMap((topic) =>
          topic.resultsByPartition.map(
            ({ partitionIndex, partitionErrorCode }) =>
              [partitionKey(topic.name, partitionIndex), partitionErrorCode] as const,
          ),
        ),
      );
    } catch {
      return all(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }
  }

  #coordinatorOf(transactionalId: string) {
    const image = this.#options.image();
    const partitions = image.topics.get(TRANSACTIONS_TOPIC)?.partitions;
    if (partitions === undefined) return null;
    const leader = partitions[coordinatorPartition(transactionalId, partitions.length)]?.leader ?? -1;
    const broker = image.brokers.get(leader);
    return broker === undefined ? null : endpointOf(broker, this.#options.interBrokerListener);
  }
}
