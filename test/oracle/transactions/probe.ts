/** One transactional producer, request by request: what was asked and answered, with ids and epochs told as they relate. */

import type { Client } from '@brokerlab/broker/client';
import { encodeBatch } from '@brokerlab/broker/messages';
import type { Call } from '../../../broker/src/client/connection.ts';
import { ProduceRequest, ProduceResponse } from '../../../broker/src/messages/00-produce.ts';
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from '../../../broker/src/messages/22-init-producer-id.ts';
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from '../../../broker/src/messages/24-add-partitions-to-txn.ts';
import {
  AddOffsetsToTxnRequest,
  AddOffsetsToTxnResponse,
} from '../../../broker/src/messages/25-add-offsets-to-txn.ts';
import { EndTxnRequest, EndTxnResponse } from '../../../broker/src/messages/26-end-txn.ts';
import {
  TxnOffsetCommitRequest,
  TxnOffsetCommitResponse,
} from '../../../broker/src/messages/28-txn-offset-commit.ts';
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from '../../../broker/src/messages/65-describe-transactions.ts';
import { ErrorCode, errorByCode } from '../../../broker/src/messages/errors.ts';

export interface Who {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export const nobody: Who = { producerId: -1n, producerEpoch: -1 };
const UNTIL_MS = 20_000;
const EVERY_MS = 30;
/** They pass: how often they are said is a matter of time. */
const PASSING: readonly number[] = [
  ErrorCode.CONCURRENT_TRANSACTIONS,
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.NOT_COORDINATOR,
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
];
let ids = 0;

export class TransactionProbe {
  readonly told: string[] = [];
  readonly version: 1 | 2;
  readonly #client: Client;
  readonly #id: string;
  readonly #broker: number;
  readonly #producerIds: bigint[] = [-1n];

  private constructor(client: Client, version: 1 | 2, broker: number) {
    this.#client = client;
    this.version = version;
    this.#id = `probe-${++ids}`;
    this.#broker = broker;
  }

  static async open(client: Client, version: 1 | 2): Promise<TransactionProbe> {
    await client.network.metadata();
    const { brokers } = await client.describeCluster();
    return new TransactionProbe(client, version, brokers[0]!.id);
  }

  async init(
    current: Who = nobody,
    { timeoutMs = 60_000, id = this.#id }: { timeoutMs?: number; id?: string } = {},
  ): Promise<Who> {
    const answer = await this.#send(InitProducerIdRequest, InitProducerIdResponse, {
      body: { transactionalId: id, transactionTimeoutMs: timeoutMs, ...current },
      ...(this.version === 1 ? { versionMax: 5 } : {}),
    });
    this.#tell(
      'init',
      `${this.#of(current)} timeout ${timeoutMs}`,
      `${name(answer.errorCode)} ${this.#of(answer)}`,
    );
    return answer;
  }

  async add(who: Who, topic = 'orders'): Promise<void> {
    const answer = await this.#send(AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, {
      versionMax: 3,
      body: {
        v3AndBelowTransactionalId: this.#id,
        v3AndBelowProducerId: who.producerId,
        v3AndBelowProducerEpoch: who.producerEpoch,
        v3AndBelowTopics: [{ name: topic, partitions: [0] }],
      },
    });
    const codes = answer.resultsByTopicV3AndBelow.flatMap(({ resultsByPartition }) =>
      resultsByPartition.map(({ partitionErrorCode }) => name(partitionErrorCode)),
    );
    this.#tell('add', `${this.#of(who)} ${topic}`, codes.join(' '));
  }

  async produce(who: Who, sequence = 0): Promise<void> {
    const records = encodeBatch({
      records: [{ key: null, value: Buffer.from('x') }],
      timestamp: Date.now(),
      producerId: Number(who.producerId),
      producerEpoch: who.producerEpoch,
      baseSequence: sequence,
      isTransactional: true,
    });
    const answer = await this.#send(ProduceRequest, ProduceResponse, {
      versionMax: this.version === 1 ? 11 : 12,
      body: {
        transactionalId: this.#id,
        acks: -1,
        timeoutMs: 30_000,
        topicData: [{ name: 'orders', partitionData: [{ index: 0, records }] }],
      },
    });
    const { errorCode } = answer.responses[0]!.partitionResponses[0]!;
    this.#tell('produce', `${this.#of(who)} sequence ${sequence}`, name(errorCode));
  }

  /** As a producer of this version writes the first record of a transaction. */
  async write(who: Who, sequence = 0): Promise<void> {
    if (this.version === 1) await this.add(who);
    await this.produce(who, sequence);
  }

  /** `added`: whether a producer of version 1 tells the coordinator first, as it should. */
  async offsets(who: Who, { added: adds = true } = {}): Promise<void> {
    const groupId = `${this.#id}-group`;
    if (this.version === 1 && adds) {
      const added = await this.#send(AddOffsetsToTxnRequest, AddOffsetsToTxnResponse, {
        body: { transactionalId: this.#id, ...who, groupId },
      });
      this.#tell('add offsets', this.#of(who), name(added.errorCode));
    }
    const answer = await this.#send(TxnOffsetCommitRequest, TxnOffsetCommitResponse, {
      versionMax: this.version === 1 ? 4 : 5,
      body: {
        transactionalId: this.#id,
        groupId,
        ...who,
        generationId: -1,
        memberId: '',
        groupInstanceId: null,
        topics: [
          {
            name: 'orders',
            partitions: [
              { partitionIndex: 0, committedOffset: 1n, committedLeaderEpoch: -1, committedMetadata: null },
            ],
          },
        ],
      },
    });
    this.#tell('commit offsets', this.#of(who), name(answer.topics[0]!.partitions[0]!.errorCode));
  }

  /** Who the producer is from then on. */
  async end(who: Who, committed: boolean, version = this.version): Promise<Who> {
    const answer = await this.#send(EndTxnRequest, EndTxnResponse, {
      versionMax: version === 1 ? 4 : 5,
      body: { transactionalId: this.#id, ...who, committed },
    });
    const next = answer.producerId >= 0n ? ` ${this.#of(answer)}` : '';
    this.#tell(committed ? 'commit' : 'abort', this.#of(who), `${name(answer.errorCode)}${next}`);
    return answer.producerId >= 0n ? answer : who;
  }

  async describe(): Promise<void> {
    this.#tell('describe', '', await this.#look());
  }

  /** Asks until the id is in that state, or answers so. */
  async until(state: string): Promise<void> {
    const startedAt = performance.now();
    for (;;) {
      const look = await this.#look();
      if (look.includes(state)) break;
      if (performance.now() - startedAt > UNTIL_MS) throw new Error(`${this.#id} is ${look}, not ${state}`);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    await this.describe();
  }

  async #look(): Promise<string> {
    const { transactionStates } = await this.#client.request(this.#broker, {
      request: DescribeTransactionsRequest,
      response: DescribeTransactionsResponse,
      body: { transactionalIds: [this.#id] },
    });
    const { errorCode, transactionState, transactionTimeoutMs, topics, ...who } = transactionStates[0]!;
    if (errorCode !== 0) return name(errorCode);
    const places = topics.flatMap(({ topic, partitions }) => partitions.map((place) => `${topic}-${place}`));
    return `${transactionState} ${this.#of(who)} timeout ${transactionTimeoutMs} [${places.sort().join(' ')}]`;
  }

  async #send<QT, QI, RT, RI>(
    request: Call<QT, QI, RT, RI>['request'],
    response: Call<QT, QI, RT, RI>['response'],
    { body, versionMax }: { body: QI; versionMax?: number },
  ): Promise<RT> {
    const startedAt = performance.now();
    for (;;) {
      const answer = await this.#client.request(this.#broker, {
        request,
        response,
        body,
        ...(versionMax === undefined ? {} : { versionMax }),
      });
      const passes = /"(?:errorCode|partitionErrorCode)":(\d+)/g;
      const text = JSON.stringify(answer, (_key, value) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      const codes = [...text.matchAll(passes)].map(([, code]) => Number(code));
      if (!codes.some((code) => PASSING.includes(code)) || performance.now() - startedAt > UNTIL_MS)
        return answer;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  #of({ producerId, producerEpoch }: Who): string {
    if (!this.#producerIds.includes(producerId)) this.#producerIds.push(producerId);
    const index = this.#producerIds.indexOf(producerId);
    return index === 0 ? `nobody/${producerEpoch}` : `p${index}/${producerEpoch}`;
  }

  #tell(act: string, asked: string, answered: string): void {
    this.told.push(`${act} ${asked}: ${answered}`);
  }
}

function name(code: number): string {
  return errorByCode(code)?.name ?? String(code);
}
