/** Topics that come into being because somebody asked for them: with the broker's defaults, or internal ones with theirs. */
import type { ConfigReader } from '../../handlers/services.ts';
import { CreateTopicsRequest } from '../../messages/19-create-topics.ts';
import type { NodeControllerChannel } from '../quorum/controller-channel.ts';

const requestTimeoutMs = 5_000;
/** Names asked for at the same time beyond these are left for the client's next try. */
const inFlightMax = 1_000;

type NewTopic = NonNullable<(typeof CreateTopicsRequest.input)['topics']>[number];

export class AutoTopics {
  readonly #channel: NodeControllerChannel;
  readonly #config: ConfigReader;
  readonly #inFlight = new Set<string>();

  constructor(channel: NodeControllerChannel, config: ConfigReader) {
    this.#channel = channel;
    this.#config = config;
  }

  create(names: readonly string[]): void {
    const fresh = names
      .filter((name) => !this.#inFlight.has(name))
      .slice(0, inFlightMax - this.#inFlight.size);
    if (fresh.length === 0) return;
    for (const name of fresh) this.#inFlight.add(name);
    const body: typeof CreateTopicsRequest.input = {
      topics: fresh.map((name) => this.#describe(name)),
      timeoutMs: requestTimeoutMs,
    };
    // Whatever comes of it shows in the metadata; a client that finds nothing there asks again.
    this.#channel
      .send(CreateTopicsRequest.key, body, { timeoutMs: requestTimeoutMs })
      .catch(() => undefined)
      .finally(() => {
        for (const name of fresh) this.#inFlight.delete(name);
      });
  }

  #describe(name: string): NewTopic {
    const number = (config: string) => this.#config.number(config);
    switch (name) {
      case '__consumer_offsets':
        return {
          name,
          numPartitions: number('offsets.topic.num.partitions'),
          replicationFactor: number('offsets.topic.replication.factor'),
          configs: internalConfigs(number('offsets.topic.segment.bytes')),
        };
      case '__transaction_state':
        return {
          name,
          numPartitions: number('transaction.state.log.num.partitions'),
          replicationFactor: number('transaction.state.log.replication.factor'),
          configs: [
            ...internalConfigs(number('transaction.state.log.segment.bytes'), 'uncompressed'),
            { name: 'min.insync.replicas', value: String(number('transaction.state.log.min.isr')) },
            { name: 'unclean.leader.election.enable', value: 'false' },
          ],
        };
      default:
        return { name, numPartitions: -1, replicationFactor: -1 };
    }
  }
}

function internalConfigs(segmentBytes: number, compression = 'producer'): { name: string; value: string }[] {
  return [
    { name: 'compression.type', value: compression },
    { name: 'cleanup.policy', value: 'compact' },
    { name: 'segment.bytes', value: String(segmentBytes) },
  ];
}
