/** Producers and consumers for the tools, failing as the constructors of Java's clients do. */
import { Consumer } from '../../client/consumer/consumer.ts';
import { ClientError, Producer } from '../../client/main.ts';
import { configError, constructing } from './client-configs.ts';
import { consumerOptions } from './consumer-configs.ts';
import type { ToolPorts } from './ports.ts';
import { producerOptions } from './producer-configs.ts';

type Properties = ReadonlyMap<string, string>;

export function openConsumer(ports: ToolPorts, properties: Properties, bootstrap: string): Promise<Consumer> {
  const options = consumerOptions(ports, properties, bootstrap);
  return opened('consumer', () => new Consumer(options));
}

export function openProducer(ports: ToolPorts, properties: Properties, bootstrap: string): Promise<Producer> {
  const options = producerOptions(ports, properties, bootstrap);
  return opened('producer', () => new Producer(options));
}

async function opened<T extends Consumer | Producer>(
  kind: 'consumer' | 'producer',
  construct: () => T,
): Promise<T> {
  try {
    const client = construct();
    await client.network.checkNames();
    return client;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    throw constructing(kind, configError(error.message));
  }
}
