/**
 * DescribeConfigs, versions 1 to 4: topics, brokers, cluster-wide broker defaults, groups, client metrics.
 * A broker describes only itself and the defaults. Left out: documentation texts (null), broker loggers (there is
 * one, `root`, and its level cannot be changed).
 */

import {
  ConfigSource,
  type ResolvedConfig,
  resolveBrokerConfig,
  resolveTopicConfig,
} from '../controller/effective-config.ts';
import { configsOf, ResourceType } from '../controller/image.ts';
import type { DescribeConfigsRequest, DescribeConfigsResponse } from '../messages/32-describe-configs.ts';
import {
  brokerConfigs,
  type ConfigDefinition,
  type ConfigTable,
  type ConfigType,
  groupConfigs,
  topicConfigs,
} from '../messages/configs/config-table.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { isTopicName } from './topic-names.ts';

type Result = NonNullable<Input<typeof DescribeConfigsResponse>['results']>[number];
type Entry = NonNullable<Result['configs']>[number];
type Resource = DescribeConfigsRequest['resources'][number];

const brokerLogger = 8;

/** Kafka's DescribeConfigsResponse.ConfigType. */
const typeIds: Readonly<Record<ConfigType, number>> = {
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  SHORT: 4,
  LONG: 5,
  DOUBLE: 6,
  LIST: 7,
  CLASS: 8,
  PASSWORD: 9,
};

export function describeConfigs(
  request: DescribeConfigsRequest,
  context: RequestContext,
): Input<typeof DescribeConfigsResponse> {
  return {
    results: request.resources.map((resource) => {
      const described = describe(resource, context);
      const { resourceType, resourceName, configurationKeys } = resource;
      if ('errorCode' in described) return { ...described, resourceType, resourceName };
      const configs = described.entries
        .filter(({ definition }) => configurationKeys === null || configurationKeys.includes(definition.name))
        .map((entry) => toEntry(entry, resource, request.includeSynonyms));
      return { resourceType, resourceName, configs, errorMessage: '' };
    }),
  };
}

type Described =
  | { readonly entries: readonly ResolvedConfig[] }
  | { readonly errorCode: number; readonly errorMessage: string };

function describe({ resourceType, resourceName }: Resource, context: RequestContext): Described {
  switch (resourceType) {
    case ResourceType.TOPIC:
      return describeTopic(resourceName, context);
    case ResourceType.BROKER:
      return resourceName === '' ? describeBrokerDefaults(context) : describeBroker(resourceName, context);
    case brokerLogger:
      return isThisBroker(resourceName, context)
        ? { entries: [rootLogger] }
        : wrongBroker(resourceName, context);
    case ResourceType.GROUP:
      return { entries: describeDynamic(resourceType, { resourceName, table: groupConfigs }, context) };
    case ResourceType.CLIENT_METRICS:
      return { entries: describeDynamic(resourceType, { resourceName, table: new Map() }, context) };
    default:
      return {
        errorCode: ErrorCode.INVALID_REQUEST,
        errorMessage: `Unsupported resource type: ${resourceType}`,
      };
  }
}

function describeTopic(name: string, { node }: RequestContext): Described {
  if (!isTopicName(name)) {
    return { errorCode: ErrorCode.INVALID_TOPIC_EXCEPTION, errorMessage: `Topic name is invalid: ${name}` };
  }
  const { image } = node.metadata;
  if (!image.topics.has(name)) {
    return { errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: '' };
  }
  const own = configsOf(image, ResourceType.TOPIC, name);
  const entries = shown(topicConfigs).map((definition) =>
    resolveTopicConfig(definition, own, node.configLayers),
  );
  return { entries };
}

function describeBroker(name: string, context: RequestContext): Described {
  const { node } = context;
  if (!isThisBroker(name, context)) return wrongBroker(name, context);
  return {
    entries: shown(brokerConfigs).map((definition) => resolveBrokerConfig(definition, node.configLayers)),
  };
}

function describeBrokerDefaults({ node }: RequestContext): Described {
  const { dynamicDefault } = node.configLayers;
  const entries = shown(brokerConfigs)
    .filter(({ name }) => dynamicDefault.has(name))
    .map((definition) => {
      const value = dynamicDefault.get(definition.name) ?? '';
      const source = ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
      return { definition, value, source, synonyms: [{ name: definition.name, value, source }] };
    });
  return { entries };
}

function describeDynamic(
  type: number,
  of: { resourceName: string; table: ConfigTable },
  { node }: RequestContext,
): ResolvedConfig[] {
  const own = configsOf(node.metadata.image, type, of.resourceName);
  const source =
    type === ResourceType.GROUP
      ? ConfigSource.DYNAMIC_GROUP_CONFIG
      : ConfigSource.DYNAMIC_CLIENT_METRICS_CONFIG;
  const names = type === ResourceType.GROUP ? [...of.table.keys()] : [...own.keys()];
  return names.map((name) => {
    const definition = of.table.get(name) ?? textDefinition(name);
    const value = own.get(name);
    if (value === undefined) {
      return { definition, value: definition.byDefault, source: ConfigSource.DEFAULT_CONFIG, synonyms: [] };
    }
    return { definition, value, source, synonyms: [{ name, value, source }] };
  });
}

function textDefinition(name: string): ConfigDefinition {
  return {
    name,
    type: 'STRING',
    byDefault: null,
    valid: '',
    update: 'read-only',
    internal: false,
    synonyms: [],
  };
}

const rootLogger: ResolvedConfig = {
  definition: textDefinition('root'),
  value: 'INFO',
  source: 6,
  synonyms: [],
};

function shown(table: ConfigTable): ConfigDefinition[] {
  return [...table.values()].filter((definition) => !definition.internal);
}

function isThisBroker(name: string, { node }: RequestContext): boolean {
  return name === String(node.id);
}

function wrongBroker(name: string, { node }: RequestContext): Described {
  const isId = /^-?\d+$/.test(name);
  return {
    errorCode: ErrorCode.INVALID_REQUEST,
    errorMessage: isId
      ? `Unexpected broker id, expected ${node.id} or empty string, but received ${name}`
      : `Broker id must be an integer, but it is: ${name}`,
  };
}

function toEntry(config: ResolvedConfig, resource: Resource, withSynonyms: boolean): Entry {
  const { definition, source, synonyms } = config;
  const isSensitive = definition.type === 'PASSWORD';
  return {
    name: definition.name,
    value: isSensitive ? null : config.value,
    readOnly: resource.resourceType === ResourceType.BROKER && definition.update === 'read-only',
    configSource: source,
    isSensitive,
    configType: typeIds[definition.type],
    synonyms: withSynonyms
      ? synonyms.map((synonym) => ({ ...synonym, value: isSensitive ? null : synonym.value }))
      : [],
  };
}
