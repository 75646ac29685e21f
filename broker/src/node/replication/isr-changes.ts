/** Leaders' wishes to change their ISR, sent to the controller together, one request at a time (KIP-497). */
import type { Timers } from '../../handlers/services.ts';
import { AlterPartitionRequest, type AlterPartitionResponse } from '../../messages/56-alter-partition.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { AlterPartitionProposal } from '../../partition/contract.ts';
import type { NodeControllerChannel } from '../quorum/controller-channel.ts';
import type { Replica } from './replica.ts';

export interface IsrChangesOptions {
  readonly nodeId: number;
  readonly channel: NodeControllerChannel;
  readonly timers: Timers;
  readonly brokerEpoch: () => bigint;
}

const retryMs = 50;
const requestTimeoutMs = 30_000;
const noAnswer = { errorCode: -1, leaderId: -1, leaderEpoch: -1, partitionEpoch: -1, isr: [] };

export class IsrChanges {
  readonly #options: IsrChangesOptions;
  #queued = new Map<Replica, AlterPartitionProposal>();
  #sending = false;

  constructor(options: IsrChangesOptions) {
    this.#options = options;
  }

  propose(replica: Replica, proposal: AlterPartitionProposal): void {
    this.#queued.set(replica, proposal);
    if (!this.#sending) this.#sendSoon(0);
  }

  #sendSoon(delayMs: number): void {
    this.#sending = true;
    if (delayMs === 0) queueMicrotask(() => void this.#send());
    else this.#options.timers.after(delayMs, () => void this.#send());
  }

  async #send(): Promise<void> {
    const proposals = this.#queued;
    this.#queued = new Map();
    const { nodeId, channel, brokerEpoch } = this.#options;
    const body: typeof AlterPartitionRequest.input = {
      brokerId: nodeId,
      brokerEpoch: brokerEpoch(),
      topics: [...proposals].map(([replica, proposal]) => ({
        topicId: replica.topicId,
        partitions: [toWire(replica, proposal)],
      })),
    };
    let answer: AlterPartitionResponse | null = null;
    try {
      answer = (await channel.send(AlterPartitionRequest.key, body, {
        timeoutMs: requestTimeoutMs,
        isRefused: (response) => (response as AlterPartitionResponse).errorCode === ErrorCode.NOT_CONTROLLER,
      })) as AlterPartitionResponse;
    } catch {
      // No controller for that long: the proposals come again below.
    }
    for (const [replica, proposal] of proposals)
      replica.alterPartitionAnswered(proposal, find(answer, replica));
    this.#sending = false;
    // What the leaders proposed again failed in a way that passes.
    if (this.#queued.size > 0) this.#sendSoon(retryMs);
  }
}

function toWire(replica: Replica, proposal: AlterPartitionProposal) {
  return {
    partitionIndex: replica.partition,
    leaderEpoch: proposal.leaderEpoch,
    // In the order of ids, as Apache Kafka's sets of brokers come out: people see it in `Isr:`.
    newIsrWithEpochs: [...proposal.newIsr]
      .sort((a, b) => a.brokerId - b.brokerId)
      .map(({ brokerId, brokerEpoch }) => ({
        brokerId,
        brokerEpoch: BigInt(brokerEpoch),
      })),
    partitionEpoch: proposal.partitionEpoch,
  };
}

function find(answer: AlterPartitionResponse | null, replica: Replica) {
  if (answer === null || answer.errorCode !== ErrorCode.NONE) return noAnswer;
  for (const topic of answer.topics) {
    if (topic.topicId !== replica.topicId) continue;
    const partition = topic.partitions.find(({ partitionIndex }) => partitionIndex === replica.partition);
    if (partition !== undefined) return partition;
  }
  return noAnswer;
}
