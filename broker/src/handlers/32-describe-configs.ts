/**
 * DescribeConfigs, versions 1 to 4: topics, brokers, cluster-wide broker defaults, broker loggers, groups, client
 * metrics. A broker describes only itself and the defaults.
 */

import {
  ConfigSource,
  type ResolvedConfig,
  resolveBrokerConfig,
  resolveGroupConfig,
  resolveTopicConfig,
  resolveUnlisted,
} from '../controller/effective-config.ts';
import { configsOf, ResourceType } from '../controller/image.ts';
import { topicNameError } from '../controller/topic-names.ts';
import type { DescribeConfigsRequest, DescribeConfigsResponse } from '../messages/32-describe-configs.ts';
import {
  brokerConfigs,
  type ConfigDefinition,
  type ConfigTable,
  type ConfigType,
  clientMetricsConfigs,
  groupConfigs,
  shownValue,
  topicConfigs,
} from '../messages/configs/config-table.ts';
import { documentationOf } from '../messages/configs/documentation.ts';
import { ErrorCode, errorByCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

type Result = NonNullable<Input<typeof DescribeConfigsResponse>['results']>[number];
type Entry = NonNullable<Result['configs']>[number];
type Resource = DescribeConfigsRequest['resources'][number];

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
        .map((entry) => toEntry(entry, resource, request));
      return { resourceType, resourceName, configs, errorMessage: '' };
    }),
  };
}

type Described =
  | { readonly entries: readonly ResolvedConfig[] }
  | { readonly errorCode: number; readonly errorMessage: string };

function refuse(errorMessage: string, errorCode: number = ErrorCode.INVALID_REQUEST): Described {
  return { errorCode, errorMessage };
}

function describe({ resourceType, resourceName }: Resource, context: RequestContext): Described {
  switch (resourceType) {
    case ResourceType.TOPIC:
      return describeTopic(resourceName, context);
    case ResourceType.BROKER:
      return resourceName === '' ? describeBrokerDefaults(context) : describeBroker(resourceName, context);
    case ResourceType.BROKER_LOGGER:
      return describeLoggers(resourceName, context);
    case ResourceType.GROUP:
      return describeGroup(resourceName, context);
    case ResourceType.CLIENT_METRICS:
      return describeClientMetrics(resourceName, context);
    default:
      return refuse(errorByCode(ErrorCode.INVALID_REQUEST).message);
  }
}

function describeTopic(name: string, { node }: RequestContext): Described {
  const invalid = topicNameError(name);
  if (invalid !== null) return refuse(invalid, ErrorCode.INVALID_TOPIC_EXCEPTION);
  const { image } = node.metadata;
  if (!image.topics.has(name)) return refuse('', ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  const own = configsOf(image, ResourceType.TOPIC, name);
  const entries = shown(topicConfigs).map((definition) =>
    resolveTopicConfig(definition, own, node.configLayers),
  );
  return { entries };
}

function describeBroker(name: string, { node }: RequestContext): Described {
  const id = parseInteger(name);
  if (id !== node.id) {
    return refuse(
      id === null
        ? `Broker id must be an integer, but it is: ${name}`
        : `Unexpected broker id, expected ${node.id} or empty string, but received ${name}`,
    );
  }
  const { dynamicBroker, dynamicDefault } = node.configLayers;
  const unlisted = [...new Set([...dynamicBroker.keys(), ...dynamicDefault.keys()])].filter(
    (config) => !brokerConfigs.has(config),
  );
  return {
    entries: [
      ...shown(brokerConfigs).map((definition) => resolveBrokerConfig(definition, node.configLayers)),
      ...unlisted.map((config) => resolveUnlisted(config, node.configLayers)),
    ],
  };
}

function describeBrokerDefaults({ node }: RequestContext): Described {
  const { dynamicDefault } = node.configLayers;
  const source = ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
  const entries = [...dynamicDefault].map(([name, value]) => {
    const { definition } = brokerConfigs.has(name)
      ? { definition: brokerConfigs.get(name)! }
      : resolveUnlisted(name, node.configLayers);
    return { definition, value, source, synonyms: [{ name, value, source }] };
  });
  return { entries };
}

function describeLoggers(name: string, { node }: RequestContext): Described {
  if (name === '') return refuse('Broker id must not be empty');
  const id = parseInteger(name);
  if (id === null) return refuse(`Broker id must be an integer, but it is: ${name}`);
  if (id !== node.id) return refuse(`Unexpected broker id, expected ${node.id} but received ${name}`);
  const source = ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG;
  const entries = [...node.loggers.levels()].map(([logger, value]) => {
    const definition: ConfigDefinition = { ...textDefinition, name: logger, update: 'per-broker' };
    return { definition, value, source, synonyms: [] };
  });
  return { entries };
}

function describeGroup(name: string, { node }: RequestContext): Described {
  if (name === '') return refuse('Group name must not be empty');
  const own = configsOf(node.metadata.image, ResourceType.GROUP, name);
  return {
    entries: shown(groupConfigs).map((definition) => resolveGroupConfig(definition, own, node.configLayers)),
  };
}

function describeClientMetrics(name: string, { node }: RequestContext): Described {
  if (name === '') return refuse('Client metrics subscription name must not be empty');
  const own = configsOf(node.metadata.image, ResourceType.CLIENT_METRICS, name);
  const entries = shown(clientMetricsConfigs).map((definition): ResolvedConfig => {
    const value = own.get(definition.name);
    const source =
      value === undefined ? ConfigSource.DEFAULT_CONFIG : ConfigSource.DYNAMIC_CLIENT_METRICS_CONFIG;
    const synonyms = value === undefined ? [] : [{ name: definition.name, value, source }];
    return { definition, value: value ?? definition.byDefault, source, synonyms };
  });
  return { entries };
}

const textDefinition: ConfigDefinition = {
  name: '',
  type: 'STRING',
  byDefault: null,
  valid: '',
  update: 'read-only',
  internal: false,
  synonyms: [],
};

function parseInteger(text: string): number | null {
  return /^[+-]?\d{1,10}$/.test(text) ? Number(text) : null;
}

function shown(table: ConfigTable): ConfigDefinition[] {
  return [...table.values()].filter((definition) => !definition.internal);
}

function toEntry(config: ResolvedConfig, resource: Resource, request: DescribeConfigsRequest): Entry {
  const { definition, source, synonyms } = config;
  const { name, type } = definition;
  const isSensitive = type === 'PASSWORD';
  // The defaults of all brokers are shown as they were set.
  const isRaw = resource.resourceType === ResourceType.BROKER && resource.resourceName === '';
  const isLogger = resource.resourceType === ResourceType.BROKER_LOGGER;
  const isUnknown = isSensitive && resource.resourceType === ResourceType.BROKER && !isListed(name);
  return {
    name,
    value:
      isSensitive || config.value === null
        ? null
        : isRaw
          ? config.value
          : shownValue(definition, config.value),
    readOnly: resource.resourceType === ResourceType.BROKER && definition.update === 'read-only',
    configSource: source,
    isSensitive,
    configType: isLogger || isUnknown ? 0 : typeIds[type],
    synonyms: request.includeSynonyms
      ? synonyms.map((synonym) => ({ ...synonym, value: isSensitive ? null : synonym.value }))
      : [],
    documentation: request.includeDocumentation ? documentationOf(name) : isLogger ? '' : null,
  };
}

/** Its own name, or the name behind `listener.name.….`, is one that a broker knows. */
function isListed(name: string): boolean {
  return brokerConfigs.has(name) || brokerConfigs.has(name.replace(/^listener\.name\.[^.]+\./, ''));
}
