/** Producer ids from blocks of a thousand that the controller hands out (KIP-730). */
import type { ProducerIdService } from '../../handlers/services.ts';
import {
  AllocateProducerIdsRequest,
  type AllocateProducerIdsResponse,
} from '../../messages/67-allocate-producer-ids.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { NodeControllerChannel } from '../quorum/controller-channel.ts';

const requestTimeoutMs = 5_000;

export class ProducerIds implements ProducerIdService {
  readonly #channel: NodeControllerChannel;
  readonly #broker: () => { id: number; epoch: bigint };
  #next = 0n;
  #end = 0n;
  #fetching: Promise<void> | null = null;

  constructor(channel: NodeControllerChannel, broker: () => { id: number; epoch: bigint }) {
    this.#channel = channel;
    this.#broker = broker;
  }

  async next(): Promise<bigint> {
    while (this.#next >= this.#end) {
      this.#fetching ??= this.#fetch().finally(() => {
        this.#fetching = null;
      });
      await this.#fetching;
    }
    return this.#next++;
  }

  async #fetch(): Promise<void> {
    const { id, epoch } = this.#broker();
    const body: typeof AllocateProducerIdsRequest.input = { brokerId: id, brokerEpoch: epoch };
    const answer = (await this.#channel.send(AllocateProducerIdsRequest.key, body, {
      timeoutMs: requestTimeoutMs,
      isRefused: (response) =>
        (response as AllocateProducerIdsResponse).errorCode === ErrorCode.NOT_CONTROLLER,
    })) as AllocateProducerIdsResponse;
    if (answer.errorCode !== ErrorCode.NONE) {
      throw new Error(`the controller gave no producer ids, error ${answer.errorCode}`);
    }
    this.#next = answer.producerIdStart;
    this.#end = answer.producerIdStart + BigInt(answer.producerIdLen);
  }
}
