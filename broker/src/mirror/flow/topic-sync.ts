/** Remote topics: made with the source's partitions and configs, and kept in step with them. */
import type { ConfigAlteration, ConfigDescription, ConfigEntry } from '../../client/types.ts';
import { type NameFilter, nameFilter } from '../names/filters.ts';
import { type FlowContext, remoteTopic } from './context.ts';

export interface SourceTopic {
  readonly name: string;
  readonly partitionCount: number;
}

type Change = ConfigAlteration['changes'][number];

export class TopicSync {
  readonly #context: FlowContext;
  readonly #isConfigExcluded: NameFilter;
  readonly #told = new Set<string>();

  constructor(context: FlowContext) {
    this.#context = context;
    this.#isConfigExcluded = nameFilter({ include: context.settings.configsExcluded, exclude: [] });
  }

  /** The source's topics that are mirrored, as they are now. */
  async find(): Promise<SourceTopic[]> {
    const { topics } = await this.#context.source.metadata();
    return topics
      .filter(({ name, error }) => error === null && this.#context.isReplicated(name))
      .map(({ name, partitions }) => ({ name, partitionCount: partitions.length }));
  }

  /** Makes the remote topics that lack, and adds partitions to those that have too few. */
  async create(topics: readonly SourceTopic[]): Promise<void> {
    const existing = await this.#context.target.metadata();
    const counts = new Map(existing.topics.map(({ name, partitions }) => [name, partitions.length]));
    const missing = topics.filter(({ name }) => !counts.has(remoteTopic(this.#context, name)));
    const short = topics.filter(({ name, partitionCount }) => {
      const count = counts.get(remoteTopic(this.#context, name));
      return count !== undefined && count < partitionCount;
    });
    if (missing.length > 0) await this.#createTopics(missing);
    if (short.length > 0) await this.#createPartitions(short);
  }

  async #createTopics(topics: readonly SourceTopic[]): Promise<void> {
    const { settings, target, log } = this.#context;
    const configs = await this.#sourceConfigs(topics.map(({ name }) => name));
    const outcomes = await target.createTopics(
      topics.map(({ name, partitionCount }) => ({
        name: remoteTopic(this.#context, name),
        partitions: partitionCount,
        replicationFactor: settings.replicationFactor,
        configs: Object.fromEntries(
          (configs.get(name) ?? [])
            .filter((entry) => isOwn(entry) || settings.defaultsFrom === 'source')
            .map((entry) => [entry.name, entry.value]),
        ),
      })),
    );
    for (const { name, error } of outcomes) {
      if (error === null) log('INFO', `created remote topic ${name} on ${settings.target}`);
      else if (error.name !== 'TOPIC_ALREADY_EXISTS') {
        const hint =
          error.name === 'INVALID_REPLICATION_FACTOR' ? ' Set "replication.factor" to fit the cluster.' : '';
        this.#tell(`remote topic ${name} cannot be created on ${settings.target}: ${error.message}${hint}`);
      }
    }
  }

  async #createPartitions(topics: readonly SourceTopic[]): Promise<void> {
    const { settings, target, log } = this.#context;
    const outcomes = await target.createPartitions(
      topics.map(({ name, partitionCount }) => ({
        topic: remoteTopic(this.#context, name),
        totalCount: partitionCount,
      })),
    );
    for (const { name, error } of outcomes) {
      if (error === null) log('INFO', `added partitions to remote topic ${name} on ${settings.target}`);
      else this.#tell(`partitions cannot be added to ${name} on ${settings.target}: ${error.message}`);
    }
  }

  /** Sets what differs (KIP-894): own values of the source are taken over, a default is left to `use.defaults.from`. */
  async syncConfigs(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return;
    const { target, settings, log } = this.#context;
    const sourceConfigs = await this.#sourceConfigs(topics);
    const described = await target.describeConfigs(
      topics.map((topic) => ({ type: 'topic', name: remoteTopic(this.#context, topic) })),
    );
    const targetConfigs = new Map(described.map((entry) => [entry.resource.name, entry]));
    const alterations = topics.flatMap((topic) => {
      const name = remoteTopic(this.#context, topic);
      const current = targetConfigs.get(name);
      if (current === undefined || current.error !== null) return [];
      const changes = this.#changes(sourceConfigs.get(topic) ?? [], current);
      return changes.length === 0 ? [] : [{ resource: { type: 'topic' as const, name }, changes }];
    });
    if (alterations.length === 0) return;
    const outcomes = await target.incrementalAlterConfigs(alterations);
    for (const { resource, error } of outcomes) {
      if (error === null)
        log('INFO', `brought the configs of ${resource.name} on ${settings.target} into step`);
      else
        this.#tell(
          `the configs of ${resource.name} cannot be changed on ${settings.target}: ${error.message}`,
        );
    }
  }

  #changes(source: readonly ConfigEntry[], target: ConfigDescription): Change[] {
    const fromSource = this.#context.settings.defaultsFrom === 'source';
    const current = new Map(target.entries.map((entry) => [entry.name, entry]));
    return source.flatMap(({ name, value, source: origin }): Change[] => {
      const there = current.get(name);
      const isSet = there?.source === 'DYNAMIC_TOPIC_CONFIG';
      const takesOver = origin !== 'DEFAULT_CONFIG' || fromSource;
      if (takesOver) {
        return isSet && there.value === value ? [] : [{ name, operation: 'set', value }];
      }
      return isSet ? [{ name, operation: 'delete' }] : [];
    });
  }

  /** What may be taken over at all: no excluded, read-only or secret configs, none of the brokers' files. */
  async #sourceConfigs(topics: readonly string[]): Promise<Map<string, ConfigEntry[]>> {
    const described = await this.#context.source.describeConfigs(
      topics.map((name) => ({ type: 'topic', name })),
    );
    return new Map(
      described
        .filter(({ error }) => error === null)
        .map(({ resource, entries }) => [
          resource.name,
          entries.filter(
            (entry) =>
              !entry.readOnly &&
              !entry.sensitive &&
              entry.source !== 'STATIC_BROKER_CONFIG' &&
              !this.#isConfigExcluded(entry.name),
          ),
        ]),
    );
  }

  /** Once for each sentence: what stays wrong is not told every few seconds. */
  #tell(text: string): void {
    if (this.#told.has(text)) return;
    if (this.#told.size > 1_000) this.#told.clear();
    this.#told.add(text);
    this.#context.log('ERROR', text);
  }
}

function isOwn(entry: ConfigEntry): boolean {
  return entry.source !== 'DEFAULT_CONFIG';
}
