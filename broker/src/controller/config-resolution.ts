/**
 * Which value a configuration has, where it comes from and what else it could come from: dynamic topic, dynamic broker,
 * dynamic default, the broker's own file, Kafka's default. For the controller's decisions and for DescribeConfigs.
 */
import { brokerConfigs, type ConfigDefinition, topicConfigs } from '../messages/configs/config-table.ts';
import { configsOf, type MetadataImage, ResourceType } from './image.ts';

/** DescribeConfigs' `configSource`. */
export const ConfigSource = {
  DYNAMIC_TOPIC: 1,
  DYNAMIC_BROKER: 2,
  DYNAMIC_DEFAULT_BROKER: 3,
  STATIC_BROKER: 4,
  DEFAULT: 5,
} as const;

export interface ConfigSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}

export interface ConfigEntry extends ConfigSynonym {
  readonly definition: ConfigDefinition;
  readonly isSensitive: boolean;
  readonly readOnly: boolean;
  /** The value's own source first, then what would take its place. */
  readonly synonyms: readonly ConfigSynonym[];
}

export interface ConfigBackground {
  readonly image: MetadataImage;
  /** The broker whose view is asked for. */
  readonly brokerId: number;
  /** What that broker was started with. */
  readonly staticConfigs: ReadonlyMap<string, string>;
}

/** The value of a topic config, given the topic's dynamic ones. */
export function effectiveConfig(
  name: string,
  dynamic: ReadonlyMap<string, string>,
  background: ConfigBackground,
): string {
  const own = dynamic.get(name);
  if (own !== undefined) return own;
  const definition = topicConfigs.get(name);
  if (definition === undefined) return '';
  return topicSynonyms(definition, dynamic, background)[0]?.value ?? '';
}

/** Every topic config that is shown, in the order of the table. */
export function describeTopicConfigs(
  dynamic: ReadonlyMap<string, string>,
  background: ConfigBackground,
): ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  for (const definition of topicConfigs.values()) {
    if (definition.internal) continue;
    entries.push(entryOf(definition, topicSynonyms(definition, dynamic, background), false));
  }
  return entries;
}

/** Every config of one broker, with `brokerId`'s own dynamic ones. */
export function describeBrokerConfigs(background: ConfigBackground): ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  for (const definition of brokerConfigs.values()) {
    if (definition.internal) continue;
    entries.push(entryOf(definition, brokerSynonyms(definition.name, background), isReadOnly(definition)));
  }
  return entries;
}

/** What `--entity-default` shows: only what is set as the default of all brokers. */
export function describeDefaultBrokerConfigs(image: MetadataImage): ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  for (const [name, value] of configsOf(image, ResourceType.BROKER, '')) {
    const definition = brokerConfigs.get(name);
    if (definition === undefined) continue;
    const synonym = { name, value, source: ConfigSource.DYNAMIC_DEFAULT_BROKER };
    entries.push(entryOf(definition, [synonym], false));
  }
  return entries;
}

function isReadOnly(definition: ConfigDefinition): boolean {
  return definition.update === 'read-only';
}

function entryOf(
  definition: ConfigDefinition,
  synonyms: readonly ConfigSynonym[],
  readOnly: boolean,
): ConfigEntry {
  const isSensitive = definition.type === 'PASSWORD';
  const first = synonyms[0] ?? {
    name: definition.name,
    value: definition.byDefault,
    source: ConfigSource.DEFAULT,
  };
  const hide = (synonym: ConfigSynonym) => (isSensitive ? { ...synonym, value: null } : synonym);
  return {
    definition,
    name: definition.name,
    value: isSensitive ? null : first.value,
    source: first.source,
    isSensitive,
    readOnly,
    synonyms: synonyms.map(hide),
  };
}

function topicSynonyms(
  definition: ConfigDefinition,
  dynamic: ReadonlyMap<string, string>,
  background: ConfigBackground,
): ConfigSynonym[] {
  const own = dynamic.get(definition.name);
  const synonyms: ConfigSynonym[] =
    own === undefined ? [] : [{ name: definition.name, value: own, source: ConfigSource.DYNAMIC_TOPIC }];
  const [brokerName] = definition.synonyms;
  if (brokerName === undefined) {
    const { name, byDefault } = definition;
    return [...synonyms, { name, value: byDefault, source: ConfigSource.DEFAULT }];
  }
  return [...synonyms, ...brokerSynonyms(brokerName, background, definition)];
}

/** The sources of a broker config, strongest first, its aliases (log.retention.hours for .ms) included. */
function brokerSynonyms(
  name: string,
  background: ConfigBackground,
  topicDefinition?: ConfigDefinition,
): ConfigSynonym[] {
  const { image, brokerId, staticConfigs } = background;
  const names = aliasesOf(name);
  const synonyms: ConfigSynonym[] = [];
  const add = (from: ReadonlyMap<string, string>, source: number): void => {
    for (const alias of names) {
      const value = from.get(alias);
      if (value !== undefined) synonyms.push({ name: alias, value: inUnitOf(name, alias, value), source });
    }
  };
  add(configsOf(image, ResourceType.BROKER, String(brokerId)), ConfigSource.DYNAMIC_BROKER);
  add(configsOf(image, ResourceType.BROKER, ''), ConfigSource.DYNAMIC_DEFAULT_BROKER);
  add(staticConfigs, ConfigSource.STATIC_BROKER);
  for (const alias of names) {
    const byDefault = brokerConfigs.get(alias)?.byDefault ?? null;
    if (byDefault === null && alias !== names.at(-1)) continue;
    const value = byDefault ?? topicDefinition?.byDefault ?? null;
    if (value === null) continue;
    synonyms.push({ name: alias, value: inUnitOf(name, alias, value), source: ConfigSource.DEFAULT });
  }
  return synonyms;
}

/** Names that mean the same in other units, the finest first. */
const aliases: ReadonlyMap<string, readonly string[]> = new Map([
  ['log.retention.ms', ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours']],
  ['log.roll.ms', ['log.roll.ms', 'log.roll.hours']],
  ['log.roll.jitter.ms', ['log.roll.jitter.ms', 'log.roll.jitter.hours']],
  ['log.flush.interval.ms', ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms']],
]);

function aliasesOf(name: string): readonly string[] {
  return aliases.get(name) ?? [name];
}

function inUnitOf(name: string, alias: string, value: string): string {
  if (name === alias) return value;
  const factor = alias.endsWith('.hours') ? 3_600_000n : alias.endsWith('.minutes') ? 60_000n : 1n;
  const trimmed = value.trim();
  if (factor === 1n || !/^-?\d+$/.test(trimmed)) return value;
  return trimmed.startsWith('-') ? trimmed : String(BigInt(trimmed) * factor);
}
