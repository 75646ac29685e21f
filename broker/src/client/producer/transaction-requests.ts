/**
 * What a transactional producer says to its coordinators (KIP-98), in the versions of transaction.version 1 and 2 (KIP-890):
 * from version 2 on, brokers enlist partitions and groups themselves, and each end of a transaction brings a new epoch.
 */
import { InitProducerIdRequest, InitProducerIdResponse } from '../../messages/22-init-producer-id.ts';
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from '../../messages/24-add-partitions-to-txn.ts';
import { AddOffsetsToTxnRequest, AddOffsetsToTxnResponse } from '../../messages/25-add-offsets-to-txn.ts';
import { EndTxnRequest, EndTxnResponse } from '../../messages/26-end-txn.ts';
import { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from '../../messages/28-txn-offset-commit.ts';
import { committedTopic } from '../admin-groups.ts';
import { ClientError, refuse } from '../client-error.ts';
import { byTopic } from '../grouping.ts';
import type { Network, Target } from '../network.ts';
import type { OffsetToCommit, TopicPartition } from '../types.ts';

export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** The group whose offsets are committed; with a member, the group checks that it still is one (KIP-447). */
export interface TransactionGroup {
  readonly groupId: string;
  readonly generation?: number;
  readonly memberId?: string;
  readonly groupInstanceId?: string | null;
}

export const nobody: ProducerIdentity = { producerId: -1n, producerEpoch: -1 };
/** The last versions in which the client names partitions and groups itself. */
const addPartitionsVersion = 3;
const txnOffsetCommitVersion = 4;
const endTxnVersion = 4;

/** A new id, or a new epoch of the one that is. Without a transactional id, any broker gives one. */
export async function initProducerId(
  network: Network,
  target: Target,
  options: {
    readonly transactionalId: string | null;
    readonly timeoutMs: number;
    readonly current?: ProducerIdentity;
  },
): Promise<ProducerIdentity> {
  const { transactionalId, timeoutMs, current = nobody } = options;
  const answer = await network.send(target, {
    request: InitProducerIdRequest,
    response: InitProducerIdResponse,
    body: { transactionalId, transactionTimeoutMs: timeoutMs, ...current },
  });
  refuse(answer.errorCode);
  return { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
}

export class TransactionRequests {
  readonly #network: Network;
  readonly transactionalId: string;
  #coordinator: number | null = null;

  constructor(network: Network, transactionalId: string) {
    this.#network = network;
    this.transactionalId = transactionalId;
  }

  init(timeoutMs: number, current?: ProducerIdentity): Promise<ProducerIdentity> {
    const { transactionalId } = this;
    return this.#asCoordinated((target) =>
      initProducerId(this.#network, target, {
        transactionalId,
        timeoutMs,
        ...(current === undefined ? {} : { current }),
      }),
    );
  }

  /** transaction.version, as the coordinator knows it; 0 before the first request. */
  async version(): Promise<number> {
    if (this.#coordinator === null) return 0;
    const { features } = await this.#network.connection(this.#coordinator);
    return features.get('transaction.version') ?? 0;
  }

  async addPartitions(producer: ProducerIdentity, partitions: readonly TopicPartition[]): Promise<void> {
    const answer = await this.#asCoordinated((target) =>
      this.#network.send(target, {
        request: AddPartitionsToTxnRequest,
        response: AddPartitionsToTxnResponse,
        versionMax: addPartitionsVersion,
        body: {
          v3AndBelowTransactionalId: this.transactionalId,
          v3AndBelowProducerId: producer.producerId,
          v3AndBelowProducerEpoch: producer.producerEpoch,
          v3AndBelowTopics: byTopic(partitions).map(({ topic, items }) => ({
            name: topic,
            partitions: items.map(({ partition }) => partition),
          })),
        },
      }),
    );
    for (const topic of answer.resultsByTopicV3AndBelow) {
      for (const { partitionErrorCode } of topic.resultsByPartition) this.#refuse(partitionErrorCode);
    }
  }

  async addOffsets(producer: ProducerIdentity, groupId: string): Promise<void> {
    const { transactionalId } = this;
    await this.#asCoordinated(async (target) => {
      const answer = await this.#network.send(target, {
        request: AddOffsetsToTxnRequest,
        response: AddOffsetsToTxnResponse,
        body: { transactionalId, ...producer, groupId },
      });
      refuse(answer.errorCode);
    });
  }

  async commitOffsets(
    producer: ProducerIdentity,
    group: TransactionGroup,
    options: { readonly offsets: readonly OffsetToCommit[]; readonly version: number },
  ): Promise<void> {
    const { groupId, generation = -1, memberId = '', groupInstanceId = null } = group;
    const coordinator = await this.#network.findCoordinator({ coordinator: groupId });
    const answer = await this.#network.send(coordinator.id, {
      request: TxnOffsetCommitRequest,
      response: TxnOffsetCommitResponse,
      ...(options.version >= 2 ? {} : { versionMax: txnOffsetCommitVersion }),
      body: {
        transactionalId: this.transactionalId,
        groupId,
        ...producer,
        generationId: generation,
        memberId,
        groupInstanceId,
        topics: byTopic(options.offsets).map(committedTopic),
      },
    });
    const failed = answer.topics.flatMap((topic) => topic.partitions).find((entry) => entry.errorCode !== 0);
    if (failed === undefined) return;
    this.#network.forgetCoordinator(groupId);
    refuse(failed.errorCode);
  }

  /** Who the producer is from now on. */
  async end(
    producer: ProducerIdentity,
    options: { readonly committed: boolean; readonly version: number },
  ): Promise<ProducerIdentity> {
    const { transactionalId } = this;
    const { committed, version } = options;
    const answer = await this.#asCoordinated(async (target) => {
      const ended = await this.#network.send(target, {
        request: EndTxnRequest,
        response: EndTxnResponse,
        ...(version >= 2 ? {} : { versionMax: endTxnVersion }),
        body: { transactionalId, ...producer, committed },
      });
      refuse(ended.errorCode);
      return ended;
    });
    const isRenewed = answer.producerId >= 0n;
    return isRenewed ? { producerId: answer.producerId, producerEpoch: answer.producerEpoch } : producer;
  }

  /** After a failure the coordinator is looked for again. */
  async #asCoordinated<T>(send: (target: number) => Promise<T>): Promise<T> {
    const type = 'transaction';
    this.#coordinator ??= (
      await this.#network.findCoordinator({ coordinator: this.transactionalId, type })
    ).id;
    try {
      return await send(this.#coordinator);
    } catch (error) {
      if (error instanceof ClientError) this.#coordinator = null;
      throw error;
    }
  }

  #refuse(code: number): void {
    if (code !== 0) this.#coordinator = null;
    refuse(code);
  }
}
