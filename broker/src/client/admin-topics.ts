/** Calls that create, change and delete topics, and configs of any resource. */
import { CreateTopicsRequest, CreateTopicsResponse } from '../messages/19-create-topics.ts';
import { DeleteTopicsRequest, DeleteTopicsResponse } from '../messages/20-delete-topics.ts';
import { DescribeConfigsRequest, DescribeConfigsResponse } from '../messages/32-describe-configs.ts';
import { CreatePartitionsRequest, CreatePartitionsResponse } from '../messages/37-create-partitions.ts';
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../messages/44-incremental-alter-configs.ts';
import { refuse, toApiError } from './client-error.ts';
import { groupBy } from './grouping.ts';
import type { Network, Target } from './network.ts';
import { withRetries } from './retry.ts';
import type {
  ApiError,
  ConfigAlteration,
  ConfigDescription,
  ConfigEntry,
  ConfigOperation,
  ConfigQuery,
  ConfigResource,
  ConfigResourceType,
  ConfigSource,
  NewPartitions,
  NewTopic,
  Outcome,
} from './types.ts';

const notController = 41;
const byDefault = -1;

export function createTopics(
  network: Network,
  topics: readonly NewTopic[],
  options: { readonly validateOnly?: boolean } = {},
): Promise<readonly (Outcome & { readonly topicId: string })[]> {
  return withRetries(network.limits, async () => {
    const answer = await network.send('any', {
      request: CreateTopicsRequest,
      response: CreateTopicsResponse,
      body: {
        topics: topics.map(newTopic),
        timeoutMs: network.limits.requestTimeoutMs,
        validateOnly: options.validateOnly === true,
      },
    });
    refuseNotController(answer.topics);
    return answer.topics.map((topic) => ({
      name: topic.name,
      topicId: topic.topicId,
      error: toApiError(topic.errorCode, topic.errorMessage),
    }));
  });
}

function newTopic(topic: NewTopic) {
  const assignments = topic.assignments ?? [];
  const manual = assignments.length > 0;
  return {
    name: topic.name,
    numPartitions: manual ? byDefault : (topic.partitions ?? byDefault),
    replicationFactor: manual ? byDefault : (topic.replicationFactor ?? byDefault),
    assignments: assignments.map((brokerIds, partitionIndex) => ({
      partitionIndex,
      brokerIds: [...brokerIds],
    })),
    configs: Object.entries(topic.configs ?? {}).map(([name, value]) => ({ name, value })),
  };
}

export function deleteTopics(network: Network, topics: readonly string[]): Promise<readonly Outcome[]> {
  return withRetries(network.limits, async () => {
    const answer = await network.send('any', {
      request: DeleteTopicsRequest,
      response: DeleteTopicsResponse,
      body: {
        topics: topics.map((name) => ({ name })),
        topicNames: [...topics],
        timeoutMs: network.limits.requestTimeoutMs,
      },
    });
    refuseNotController(answer.responses);
    return answer.responses.map((topic) => ({
      name: topic.name ?? '',
      error: toApiError(topic.errorCode, topic.errorMessage),
    }));
  });
}

export function createPartitions(
  network: Network,
  topics: readonly NewPartitions[],
  options: { readonly validateOnly?: boolean } = {},
): Promise<readonly Outcome[]> {
  return withRetries(network.limits, async () => {
    const answer = await network.send('any', {
      request: CreatePartitionsRequest,
      response: CreatePartitionsResponse,
      body: {
        topics: topics.map(({ topic, totalCount, assignments }) => ({
          name: topic,
          count: totalCount,
          assignments: assignments?.map((brokerIds) => ({ brokerIds: [...brokerIds] })) ?? null,
        })),
        timeoutMs: network.limits.requestTimeoutMs,
        validateOnly: options.validateOnly === true,
      },
    });
    refuseNotController(answer.results);
    return answer.results.map((topic) => ({
      name: topic.name,
      error: toApiError(topic.errorCode, topic.errorMessage),
    }));
  });
}

const resourceCodes: Readonly<Record<ConfigResourceType, number>> = {
  topic: 2,
  broker: 4,
  'broker-logger': 8,
  'client-metrics': 16,
  group: 32,
};

const sources: readonly ConfigSource[] = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
  'DYNAMIC_GROUP_CONFIG',
];

const operationCodes: Readonly<Record<ConfigOperation, number>> = {
  set: 0,
  delete: 1,
  append: 2,
  subtract: 3,
};

/** A broker's own configs are known to that broker only; all else any broker answers. */
function targetOf(resource: ConfigResource): Target {
  const own = (resource.type === 'broker' || resource.type === 'broker-logger') && resource.name !== '';
  return own ? Number(resource.name) : 'any';
}

export async function describeConfigs(
  network: Network,
  resources: readonly ConfigResource[],
  options: ConfigQuery = {},
): Promise<readonly ConfigDescription[]> {
  const groups = [...groupBy(resources, targetOf)];
  const answers = await Promise.all(
    groups.map(([target, group]) =>
      withRetries(network.limits, async () => {
        await knowBroker(network, target);
        const answer = await network.send(target, {
          request: DescribeConfigsRequest,
          response: DescribeConfigsResponse,
          body: {
            resources: group.map(({ type, name }) => ({
              resourceType: resourceCodes[type],
              resourceName: name,
              configurationKeys: options.keys === undefined ? null : [...options.keys],
            })),
            includeSynonyms: options.synonyms === true,
            includeDocumentation: options.documentation === true,
          },
        });
        return answer.results.map((result) => ({
          resource: { type: typeOf(result.resourceType), name: result.resourceName },
          error: toApiError(result.errorCode, result.errorMessage),
          entries: result.configs.map(configEntry),
        }));
      }),
    ),
  );
  return answers.flat();
}

function configEntry(config: DescribeConfigsResponse['results'][number]['configs'][number]): ConfigEntry {
  return {
    name: config.name,
    value: config.value,
    source: sources[config.configSource] ?? 'UNKNOWN',
    readOnly: config.readOnly,
    sensitive: config.isSensitive,
    documentation: config.documentation,
    synonyms: config.synonyms.map(({ name, value, source }) => {
      return { name, value, source: sources[source] ?? 'UNKNOWN' };
    }),
  };
}

export async function incrementalAlterConfigs(
  network: Network,
  alterations: readonly ConfigAlteration[],
  options: { readonly validateOnly?: boolean } = {},
): Promise<readonly { readonly resource: ConfigResource; readonly error: ApiError | null }[]> {
  const groups = [...groupBy(alterations, (alteration) => targetOf(alteration.resource))];
  const answers = await Promise.all(
    groups.map(([target, group]) =>
      withRetries(network.limits, async () => {
        await knowBroker(network, target);
        const answer = await network.send(target, {
          request: IncrementalAlterConfigsRequest,
          response: IncrementalAlterConfigsResponse,
          body: { resources: group.map(alteredResource), validateOnly: options.validateOnly === true },
        });
        refuseNotController(answer.responses);
        return answer.responses.map((result) => ({
          resource: { type: typeOf(result.resourceType), name: result.resourceName },
          error: toApiError(result.errorCode, result.errorMessage),
        }));
      }),
    ),
  );
  return answers.flat();
}

function alteredResource({ resource, changes }: ConfigAlteration) {
  return {
    resourceType: resourceCodes[resource.type],
    resourceName: resource.name,
    configs: changes.map(({ name, operation, value }) => {
      return { name, configOperation: operationCodes[operation], value: value ?? null };
    }),
  };
}

async function knowBroker(network: Network, target: Target): Promise<void> {
  if (typeof target === 'number' && !network.brokers.has(target)) await network.metadata([]);
}

function typeOf(code: number): ConfigResourceType {
  const types = Object.entries(resourceCodes) as [ConfigResourceType, number][];
  return types.find(([, candidate]) => candidate === code)?.[0] ?? 'topic';
}

function refuseNotController(items: readonly { readonly errorCode: number }[]): void {
  if (items.some((item) => item.errorCode === notController)) refuse(notController);
}
