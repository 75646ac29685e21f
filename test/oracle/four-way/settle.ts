/** Every broker knows what was changed: a mark written after it, seen at each, since metadata comes in one order. */
import { type Client, connectCluster } from '@brokerlab/broker/client';
import {
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
} from '../../../broker/src/messages/48-describe-client-quotas.ts';
import {
  AlterClientQuotasRequest,
  AlterClientQuotasResponse,
} from '../../../broker/src/messages/49-alter-client-quotas.ts';
import { eventually } from '../../support/eventually.ts';

const MARK = { entityType: 'client-id', entityName: 'settled' };
const WAITING = { timeoutMs: 60_000, everyMs: 5 };

export class Settler implements AsyncDisposable {
  readonly #client: Client;

  constructor(bootstrap: string) {
    this.#client = connectCluster({ bootstrap, apiTimeoutMs: 5_000 });
  }

  /** All of them answer. */
  async untilServing(brokers: readonly number[]): Promise<void> {
    await eventually(() => this.settle(brokers), { timeoutMs: 120_000, everyMs: 100 });
  }

  async settle(brokers: readonly number[]): Promise<void> {
    for (const present of [true, false]) {
      await this.#mark(present);
      for (const broker of brokers) await this.#seen(broker, present);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
  }

  async #mark(present: boolean): Promise<void> {
    const ops = [{ key: 'producer_byte_rate', value: 1e9, remove: !present }];
    const body = { entries: [{ entity: [MARK], ops }], validateOnly: false };
    await eventually(async () => {
      const { entries } = await this.#client.request('any', {
        request: AlterClientQuotasRequest,
        response: AlterClientQuotasResponse,
        body,
      });
      for (const { errorCode, errorMessage } of entries)
        if (errorCode !== 0) throw new Error(`the mark could not be set: ${errorCode} ${errorMessage}`);
    }, WAITING);
  }

  async #seen(broker: number, present: boolean): Promise<void> {
    const components = [{ entityType: MARK.entityType, matchType: 0, match: MARK.entityName }];
    await eventually(async () => {
      const { network } = this.#client;
      if (!network.brokers.has(broker)) await network.metadata();
      if (!network.brokers.has(broker)) throw new Error(`broker ${broker} is not there`);
      const { entries } = await this.#client.request(broker, {
        request: DescribeClientQuotasRequest,
        response: DescribeClientQuotasResponse,
        body: { components, strict: true },
      });
      if ((entries ?? []).length > 0 !== present) throw new Error(`broker ${broker} has not seen the mark`);
    }, WAITING);
  }
}
