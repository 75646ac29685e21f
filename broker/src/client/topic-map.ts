/** What a producer or consumer knows of its topics: ids, partition counts, leaders. Refreshed when it proves wrong. */
import { toApiError } from './client-error.ts';
import type { Network } from './network.ts';
import type { ApiError, TopicPartition } from './types.ts';

export interface KnownTopic {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly KnownPartition[];
}

export interface KnownPartition {
  readonly partition: number;
  /** `null`: none now. */
  readonly leader: number | null;
  readonly leaderEpoch: number;
}

export class TopicMap {
  readonly #network: Network;
  readonly #autoCreate: boolean;
  readonly #topics = new Map<string, KnownTopic>();
  readonly #errors = new Map<string, ApiError>();
  #refreshing: Promise<void> | null = null;

  constructor(network: Network, options: { readonly autoCreate: boolean }) {
    this.#network = network;
    this.#autoCreate = options.autoCreate;
  }

  get(topic: string): KnownTopic | undefined {
    return this.#topics.get(topic);
  }

  /** Why a topic of the last refresh is not known. */
  errorOf(topic: string): ApiError | undefined {
    return this.#errors.get(topic);
  }

  partition({ topic, partition }: TopicPartition): KnownPartition | undefined {
    return this.#topics.get(topic)?.partitions[partition];
  }

  topicNamed(topicId: string): string | undefined {
    for (const topic of this.#topics.values()) if (topic.topicId === topicId) return topic.name;
    return undefined;
  }

  /** Names of all topics of the cluster, internal ones marked. */
  async listAll(): Promise<{ readonly name: string; readonly internal: boolean }[]> {
    const answer = await this.#network.metadata(null);
    return answer.topics.flatMap(({ name, isInternal, errorCode }) =>
      name === null || errorCode !== 0 ? [] : [{ name, internal: isInternal }],
    );
  }

  /** Asks anew; calls that come meanwhile share the answer. Throws only when no broker answers. */
  refresh(topics: readonly string[]): Promise<void> {
    this.#refreshing ??= this.#ask([...new Set([...this.#topics.keys(), ...topics])]).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  forget(topic: string): void {
    this.#topics.delete(topic);
  }

  async #ask(topics: readonly string[]): Promise<void> {
    const answer = await this.#network.metadata(topics, { autoCreate: this.#autoCreate });
    const recoverable: string[] = [];
    const invalid: string[] = [];
    for (const topic of answer.topics) {
      const name = topic.name ?? '';
      const error = toApiError(topic.errorCode);
      const broken = topic.partitions.find((entry) => entry.leaderId < 0);
      const lost = broken === undefined ? null : toApiError(broken.errorCode);
      if (error !== null) this.#errors.set(name, error);
      else this.#errors.delete(name);
      if (error !== null) this.#topics.delete(name);
      else this.#topics.set(name, knownTopic(name, topic));
      if (error !== null || lost !== null) recoverable.push(`${name}=${(error ?? lost)!.name}`);
      if (error?.name === 'INVALID_TOPIC_EXCEPTION') invalid.push(name);
    }
    const correlationId = this.#network.lastMetadataId;
    if (recoverable.length > 0) {
      const list = recoverable.join(', ');
      const message = `The metadata response from the cluster reported a recoverable issue with correlation id ${correlationId} : {${list}}`;
      this.#network.warn('WARN', message);
    }
    if (invalid.length > 0) {
      const message = `Metadata response reported invalid topics [${invalid.join(', ')}]`;
      this.#network.warn('ERROR', message, 'org.apache.kafka.clients.Metadata');
    }
  }
}

function knownTopic(
  name: string,
  topic: Awaited<ReturnType<Network['metadata']>>['topics'][number],
): KnownTopic {
  const partitions: KnownPartition[] = [];
  for (const { partitionIndex, leaderId, leaderEpoch } of topic.partitions) {
    partitions[partitionIndex] = {
      partition: partitionIndex,
      leader: leaderId < 0 ? null : leaderId,
      leaderEpoch,
    };
  }
  return { name, topicId: topic.topicId, partitions };
}
