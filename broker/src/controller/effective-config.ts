/**
 * Which value a configuration has, and why: Kafka's layers from topic over dynamic broker and dynamic default to the
 * broker's file and the built-in default. The order is Kafka's (KIP-226), as are the source numbers.
 */
import { brokerConfigs, type ConfigDefinition, throttleConfigs } from '../messages/configs/config-table.ts';
import { configsOf, type MetadataImage, ResourceType } from './image.ts';

export const ConfigSource = {
  DYNAMIC_TOPIC_CONFIG: 1,
  DYNAMIC_BROKER_CONFIG: 2,
  DYNAMIC_DEFAULT_BROKER_CONFIG: 3,
  STATIC_BROKER_CONFIG: 4,
  DEFAULT_CONFIG: 5,
  DYNAMIC_BROKER_LOGGER_CONFIG: 6,
  DYNAMIC_CLIENT_METRICS_CONFIG: 7,
  DYNAMIC_GROUP_CONFIG: 8,
} as const;

export interface ConfigSynonym {
  readonly name: string;
  readonly value: string;
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

export function resolveBrokerConfig(
  definition: ConfigDefinition,
  layers: BrokerConfigLayers,
): ResolvedConfig {
  const own = brokerSynonyms(definition.name, layers);
  const synonyms = withCoarser(definition.name, own, layers);
  return {
    definition,
    value: own[0]?.value ?? definition.byDefault,
    source: own[0]?.source ?? ConfigSource.DEFAULT_CONFIG,
    synonyms,
  };
}

/** Kafka names the coarser ones only where a finer one is set over them. */
function withCoarser(
  name: string,
  own: readonly ConfigSynonym[],
  layers: BrokerConfigLayers,
): readonly ConfigSynonym[] {
  const isSet = own.some(({ source }) => source !== ConfigSource.DEFAULT_CONFIG);
  if (!isSet) return own;
  const coarser = coarserNames(name).flatMap((other) => brokerSynonyms(other, layers));
  return [...own, ...coarser].sort((a, b) => a.source - b.source);
}

function coarserNames(name: string): string[] {
  const next = coarserConfigs[name]?.name;
  return next === undefined ? [] : [next, ...coarserNames(next)];
}

const listenerPrefix = /^listener\.name\.[^.]+\.(.+)$/;

/**
 * A config that only the dynamic layers can name: a throttle, one listener's own (`listener.name.internal.…`), or a name
 * that nobody knows, whose value may be a secret.
 */
export function resolveUnlisted(name: string, layers: BrokerConfigLayers): ResolvedConfig {
  const known = throttleConfigs.get(name);
  const base = brokerConfigs.get(listenerPrefix.exec(name)?.[1] ?? '');
  const definition: ConfigDefinition = known ?? { ...(base ?? unknownDefinition), name, update: 'read-only' };
  const places: readonly (readonly [number, string | undefined])[] = [
    [ConfigSource.DYNAMIC_BROKER_CONFIG, layers.dynamicBroker.get(name)],
    [ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, layers.dynamicDefault.get(name)],
  ];
  const own = places.flatMap(([source, value]) => (value === undefined ? [] : [{ name, value, source }]));
  const inherited = base === undefined ? [] : brokerSynonyms(base.name, layers);
  const synonyms = [...own, ...inherited].sort((a, b) => a.source - b.source);
  return { definition, value: own[0]?.value ?? null, source: own[0]?.source ?? 0, synonyms };
}

const unknownDefinition: ConfigDefinition = {
  name: '',
  type: 'PASSWORD',
  byDefault: null,
  valid: '',
  update: 'read-only',
  internal: false,
  synonyms: [],
};

/** Everywhere a broker config is set, strongest first; its default last. What cannot be dynamic is not looked for there. */
function brokerSynonyms(name: string, layers: BrokerConfigLayers): ConfigSynonym[] {
  const definition = brokerConfigs.get(name);
  const update = definition?.update ?? 'cluster-wide';
  const places: readonly (readonly [number, string | null | undefined])[] = [
    [ConfigSource.DYNAMIC_BROKER_CONFIG, update === 'read-only' ? undefined : layers.dynamicBroker.get(name)],
    [
      ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG,
      update === 'cluster-wide' ? layers.dynamicDefault.get(name) : undefined,
    ],
    [ConfigSource.STATIC_BROKER_CONFIG, layers.fixed.get(name)],
    [ConfigSource.DEFAULT_CONFIG, definition?.byDefault],
  ];
  return places.flatMap(([source, value]) => (value == null ? [] : [{ name, value, source }]));
}

/** The coarser broker configs that give a topic config its value when the first synonym is not set. */
const coarserConfigs: Readonly<Record<string, { readonly name: string; readonly unitMs: number }>> = {
  'log.retention.ms': { name: 'log.retention.minutes', unitMs: 60_000 },
  'log.retention.minutes': { name: 'log.retention.hours', unitMs: 3_600_000 },
  'log.roll.ms': { name: 'log.roll.hours', unitMs: 3_600_000 },
  'log.roll.jitter.ms': { name: 'log.roll.jitter.hours', unitMs: 3_600_000 },
  'log.flush.interval.ms': { name: 'log.flush.scheduler.interval.ms', unitMs: 1 },
};

/**
 * As Kafka's description has it: the synonyms list only the topic config and its first broker synonym, although
 * the value may come from a coarser one (`retention.ms` from `log.retention.hours`).
 */
export function resolveTopicConfig(
  definition: ConfigDefinition,
  topic: ReadonlyMap<string, string>,
  layers: BrokerConfigLayers,
): ResolvedConfig {
  const brokerName = definition.synonyms[0];
  const fromBroker =
    brokerName === undefined ? [] : withCoarser(brokerName, brokerSynonyms(brokerName, layers), layers);
  const own = topic.get(definition.name);
  const synonyms =
    own === undefined
      ? fromBroker
      : [{ name: definition.name, value: own, source: ConfigSource.DYNAMIC_TOPIC_CONFIG }, ...fromBroker];
  const inherited = brokerName === undefined ? null : brokerValue(brokerName, layers);
  return {
    definition,
    value: own ?? inherited ?? definition.byDefault,
    source: synonyms[0]?.source ?? ConfigSource.DEFAULT_CONFIG,
    synonyms,
  };
}

function brokerValue(name: string, layers: BrokerConfigLayers): string | null {
  const value = brokerSynonyms(name, layers)[0]?.value;
  if (value !== undefined) return value;
  const coarser = coarserConfigs[name];
  if (coarser === undefined) return null;
  const found = brokerValue(coarser.name, layers);
  if (found === null || coarser.unitMs === 1 || Number(found) < 0) return found;
  // A value that came from still further down is in milliseconds already.
  const isOwn = brokerSynonyms(coarser.name, layers).length > 0;
  return isOwn ? String(Number(found) * coarser.unitMs) : found;
}

/** A group's config: its own, else what the broker config of the same meaning gives it. */
export function resolveGroupConfig(
  definition: ConfigDefinition,
  group: ReadonlyMap<string, string>,
  layers: BrokerConfigLayers,
): ResolvedConfig {
  const brokerName = definition.synonyms[0] ?? definition.name;
  const inherited = brokerConfigs.has(brokerName)
    ? brokerSynonyms(brokerName, layers)
    : [{ name: brokerName, value: definition.byDefault ?? '', source: ConfigSource.DEFAULT_CONFIG }];
  const own = group.get(definition.name);
  const synonyms =
    own === undefined
      ? inherited
      : [{ name: definition.name, value: own, source: ConfigSource.DYNAMIC_GROUP_CONFIG }, ...inherited];
  return {
    definition,
    value: synonyms[0]?.value ?? definition.byDefault,
    source: synonyms[0]?.source ?? ConfigSource.DEFAULT_CONFIG,
    synonyms,
  };
}
