/** What a cluster asks of its own brokers, as any client would, when one of them is to leave for good. */
import { connectCluster } from '../client/main.ts';
import { UnregisterBrokerRequest, UnregisterBrokerResponse } from '../messages/64-unregister-broker.ts';
import { ErrorCode, errorByCode } from '../messages/errors.ts';
import { ClusterError } from './cluster-error.ts';

interface BrokerRegistry {
  /** `topic-partition` of each that has a replica on the broker. */
  partitionsOn(brokerId: number): Promise<string[]>;
  unregister(brokerId: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function brokerRegistry(bootstrap: string): Promise<BrokerRegistry> {
  const client = connectCluster({ bootstrap });
  return {
    async partitionsOn(brokerId) {
      const { topics } = await client.metadata();
      return topics.flatMap(({ name, partitions }) =>
        partitions
          .filter(({ replicas }) => replicas.includes(brokerId))
          .map(({ partition }) => `${name}-${partition}`),
      );
    },
    async unregister(brokerId) {
      const { errorCode, errorMessage } = await client.request('any', {
        request: UnregisterBrokerRequest,
        response: UnregisterBrokerResponse,
        body: { brokerId },
      });
      if (errorCode === ErrorCode.NONE) return;
      const text = errorMessage || errorByCode(errorCode).message;
      throw new ClusterError('unknown-node', `broker ${brokerId} was not unregistered: ${text}`);
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
