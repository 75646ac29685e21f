/**
 * Which value a configuration has, and why: Kafka's layers from topic over dynamic broker and dynamic default to the
 * broker's file and the built-in default. The order is Kafka's (KIP-226), as are the source numbers.
 */
import { configsOf, type MetadataImage, ResourceType } from '../../controller/image.ts';
import {
  brokerConfigs,
  type ConfigDefinition,
  parseList,
  topicConfigs,
} from '../../messages/configs/config-table.ts';
import type { ConfigReader } from '../services.ts';

export const ConfigSource = {
  DYNAMIC_TOPIC_CONFIG: 1,
  DYNAMIC_BROKER_CONFIG: 2,
  DYNAMIC_DEFAULT_BROKER_CONFIG: 3,
  STATIC_BROKER_CONFIG: 4,
  DEFAULT_CONFIG: 5,
  DYNAMIC_CLIENT_METRICS_CONFIG: 7,
  DYNAMIC_GROUP_CONFIG: 8,
} as const;

export interface ConfigSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}

export interface ResolvedConfig {
  readonly definition: ConfigDefinition;
  readonly value: string | null;
  readonly source: number;
  /** From the one in force to the built-in default. */
  readonly synonyms: readonly ConfigSynonym[];
}

export interface BrokerConfigLayers {
  readonly dynamicBroker: ReadonlyMap<string, string>;
  readonly dynamicDefault: ReadonlyMap<string, string>;
  readonly fixed: ReadonlyMap<string, string>;
}

export function brokerLayers(
  image: MetadataImage,
  brokerId: number,
  fixed: ReadonlyMap<string, string>,
): BrokerConfigLayers {
  return {
    dynamicBroker: configsOf(image, ResourceType.BROKER, String(brokerId)),
    dynamicDefault: configsOf(image, ResourceType.BROKER, ''),
    fixed,
  };
}

/** Broker configs that mean the same in other units, the finest first. */
const brokerSynonyms: readonly (readonly string[])[] = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
  ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms'],
  ['log.dirs', 'log.dir'],
  ['node.id', 'broker.id'],
];

const synonymsByName = new Map(
  brokerSynonyms.flatMap((names) => names.map((name) => [name, names] as const)),
);

function namesOf(name: string): readonly string[] {
  return synonymsByName.get(name) ?? [name];
}

export function resolveBrokerConfig(
  definition: ConfigDefinition,
  layers: BrokerConfigLayers,
): ResolvedConfig {
  const synonyms = brokerSynonymValues(definition.name, layers);
  const own = synonyms.filter((synonym) => synonym.name === definition.name);
  return {
    definition,
    value: own[0]?.value ?? definition.byDefault,
    source: synonyms[0]?.source ?? ConfigSource.DEFAULT_CONFIG,
    synonyms,
  };
}

export function brokerSynonymValues(name: string, layers: BrokerConfigLayers): ConfigSynonym[] {
  const found: ConfigSynonym[] = [];
  const add = (source: number, values: ReadonlyMap<string, string>) => {
    for (const synonym of namesOf(name)) {
      const value = values.get(synonym);
      if (value !== undefined) found.push({ name: synonym, value, source });
    }
  };
  add(ConfigSource.DYNAMIC_BROKER_CONFIG, layers.dynamicBroker);
  add(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, layers.dynamicDefault);
  add(ConfigSource.STATIC_BROKER_CONFIG, layers.fixed);
  for (const synonym of namesOf(name)) {
    const byDefault = brokerConfigs.get(synonym)?.byDefault ?? null;
    if (byDefault !== null)
      found.push({ name: synonym, value: byDefault, source: ConfigSource.DEFAULT_CONFIG });
  }
  return found;
}

/** What one hour or minute of a coarser broker config is in the topic config's milliseconds. */
const unitMs: Readonly<Record<string, number>> = {
  'log.retention.minutes': 60_000,
  'log.retention.hours': 3_600_000,
  'log.roll.hours': 3_600_000,
  'log.roll.jitter.hours': 3_600_000,
};

export function resolveTopicConfig(
  definition: ConfigDefinition,
  topic: ReadonlyMap<string, string>,
  layers: BrokerConfigLayers,
): ResolvedConfig {
  const brokerName = definition.synonyms[0];
  const fromBroker = brokerName === undefined ? [] : brokerSynonymValues(brokerName, layers);
  const own = topic.get(definition.name);
  const synonyms =
    own === undefined
      ? fromBroker
      : [{ name: definition.name, value: own, source: ConfigSource.DYNAMIC_TOPIC_CONFIG }, ...fromBroker];
  const first = synonyms[0];
  const value = first === undefined ? definition.byDefault : convert(first);
  return { definition, value, source: first?.source ?? ConfigSource.DEFAULT_CONFIG, synonyms };
}

function convert(synonym: ConfigSynonym): string | null {
  const unit = unitMs[synonym.name];
  if (unit === undefined || synonym.value === null) return synonym.value;
  const count = Number(synonym.value);
  return String(count < 0 ? -1 : count * unit);
}

/** Reads effective values with their types; the definitions guarantee that they parse. */
export function readerOf(resolve: (name: string) => string | null): ConfigReader {
  const string = (name: string) => resolve(name) ?? '';
  return {
    string,
    number: (name) => Number(string(name)),
    boolean: (name) => string(name).trim().toLowerCase() === 'true',
    list: (name) => parseList(string(name)),
  };
}

export function topicConfigReader(
  image: MetadataImage,
  topic: string,
  layers: BrokerConfigLayers,
): ConfigReader {
  const own = configsOf(image, ResourceType.TOPIC, topic);
  return readerOf((name) => {
    const definition = topicConfigs.get(name);
    return definition === undefined ? null : resolveTopicConfig(definition, own, layers).value;
  });
}
