/** Settings of topics, brokers, loggers, groups and client metrics: shown and changed as config resources. */
import type { Client, ConfigResource, ConfigResourceType, ConfigSource } from '../../client/main.ts';
import {
  ListConfigResourcesRequest,
  ListConfigResourcesResponse,
} from '../../messages/74-list-config-resources.ts';
import { getting } from '../framework/admin.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { hashOfString, inHashOrder } from '../java/hash-order.ts';
import { execution, fromApiError, illegalArgument, kafkaError } from '../java/java-error.ts';

const resourceTypes: Readonly<Record<string, ConfigResourceType>> = {
  topics: 'topic',
  brokers: 'broker',
  'broker-loggers': 'broker-logger',
  'client-metrics': 'client-metrics',
  groups: 'group',
};
const controllerEndpoints = 2;
const resourceCodes: Readonly<Record<string, number>> = { 'client-metrics': 16, groups: 32 };

export interface ResourceView {
  readonly ports: ToolPorts;
  readonly admin: Client;
  readonly entityType: string;
  readonly all: boolean;
}

export async function describeResources(view: ResourceView, name: string | null): Promise<void> {
  if (name !== null && !view.all && !(await exists(view, name))) {
    view.ports.out(
      `The ${singular(view.entityType)} '${name}' doesn't exist and doesn't have dynamic config.\n`,
    );
    return;
  }
  for (const entity of name === null ? await listEntities(view) : [name]) await describeOne(view, entity);
}

async function exists(view: ResourceView, name: string): Promise<boolean> {
  const { admin, entityType } = view;
  switch (entityType) {
    case 'topics':
      validateTopic(name);
      return (await topicNames(admin)).includes(name);
    case 'brokers':
    case 'broker-loggers':
      return name === '' || (await brokerIds(admin)).includes(name);
    case 'client-metrics':
      return (await configResources(admin, entityType)).includes(name);
    default:
      return (
        (await groupIds(admin)).includes(name) || (await configResources(admin, entityType)).includes(name)
      );
  }
}

async function listEntities({ admin, entityType }: ResourceView): Promise<string[]> {
  switch (entityType) {
    case 'topics':
      return inHashOrder(await topicNames(admin), hashOfString);
    case 'brokers':
      return [...(await brokerIds(admin)), ''];
    case 'client-metrics':
      return configResources(admin, entityType);
    default:
      return [...new Set([...(await groupIds(admin)), ...(await configResources(admin, entityType))])];
  }
}

async function topicNames(admin: Client): Promise<string[]> {
  if (admin.network.endpointType === controllerEndpoints) {
    const reason =
      'This Admin API is not yet supported when communicating directly with the controller quorum.';
    throw execution(kafkaError('UnsupportedEndpointTypeException', reason));
  }
  return (await getting('listTopics', admin.metadata())).topics.map(({ name }) => name);
}

async function brokerIds(admin: Client): Promise<string[]> {
  const { brokers } = await getting('listNodes', admin.describeCluster());
  return brokers
    .map(({ id }) => id)
    .sort((a, b) => a - b)
    .map(String);
}

async function groupIds(admin: Client): Promise<string[]> {
  const groups = await getting('listGroups', admin.listGroups());
  return inHashOrder(groups, ({ groupId }) => hashOfString(groupId)).map(({ groupId }) => groupId);
}

async function configResources(admin: Client, entityType: string): Promise<string[]> {
  const code = resourceCodes[entityType]!;
  const answer = await getting(
    'listConfigResources',
    admin.request('any', {
      request: ListConfigResourcesRequest,
      response: ListConfigResourcesResponse,
      body: { resourceTypes: [code] },
    }),
  );
  return answer.configResources
    .filter((found) => found.resourceType === code)
    .map((found) => found.resourceName);
}

async function describeOne({ ports, admin, entityType, all }: ResourceView, name: string): Promise<void> {
  if (name === '') ports.out(`Default configs for ${entityType} in the cluster are:\n`);
  else ports.out(`${all ? 'All' : 'Dynamic'} configs for ${singular(entityType)} ${name} are:\n`);
  const resource = resourceOf(entityType, name);
  const source = dynamicSource(resource);
  const [described] = await getting('describeConfigs', admin.describeConfigs([resource], { synonyms: true }));
  if (described?.error) throw execution(fromApiError(described.error));
  const entries = (described?.entries ?? [])
    .filter((entry) => all || source === null || entry.source === source)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const synonyms = entry.synonyms.map((synonym) => `${synonym.source}:${synonym.name}=${synonym.value}`);
    ports.out(
      `  ${entry.name}=${entry.value} sensitive=${entry.sensitive} synonyms={${synonyms.join(', ')}}\n`,
    );
  }
}

function dynamicSource({ type, name }: ConfigResource): ConfigSource | null {
  switch (type) {
    case 'topic':
      return 'DYNAMIC_TOPIC_CONFIG';
    case 'broker':
      return name === '' ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : 'DYNAMIC_BROKER_CONFIG';
    case 'broker-logger':
      return null;
    case 'client-metrics':
      return 'DYNAMIC_CLIENT_METRICS_CONFIG';
    case 'group':
      return 'DYNAMIC_GROUP_CONFIG';
  }
}

export interface Changes {
  readonly added: ReadonlyMap<string, string>;
  readonly deleted: readonly string[];
}

export async function alterResource(
  admin: Client,
  resource: ConfigResource,
  { added, deleted }: Changes,
): Promise<void> {
  const [outcome] = await getting(
    'incrementalAlterConfigs',
    admin.incrementalAlterConfigs([
      {
        resource,
        changes: [
          ...deleted.map((name) => ({ name, operation: 'delete' as const, value: '' })),
          ...[...added].map(([name, value]) => ({ name, operation: 'set' as const, value })),
        ],
      },
    ]),
  );
  if (outcome?.error) throw execution(fromApiError(outcome.error));
}

/** Only loggers that the broker has may be changed. */
export async function checkLoggers(admin: Client, name: string, { added, deleted }: Changes): Promise<void> {
  const resource = resourceOf('broker-loggers', name);
  const [described] = await getting('describeConfigs', admin.describeConfigs([resource]));
  const known = new Set(described?.entries.map((entry) => entry.name));
  const unknown = [...deleted, ...added.keys()].filter((logger) => !known.has(logger));
  if (unknown.length > 0) {
    throw kafkaError('InvalidConfigurationException', `Invalid broker logger(s): ${unknown.join(',')}`);
  }
}

export function resourceOf(entityType: string, name: string): ConfigResource {
  const type = resourceTypes[entityType]!;
  if (type === 'topic' && name !== '') validateTopic(name);
  const isBroker = type === 'broker' || type === 'broker-logger';
  if (isBroker && name !== '' && !/^[+-]?\d{1,10}$/.test(name)) {
    throw illegalArgument(
      `The entity name for ${entityType} must be a valid integer broker id, found: ${name}`,
    );
  }
  return { type, name };
}

const topicLengthMax = 249;

function validateTopic(name: string): void {
  const invalid = (reason: string) => kafkaError('InvalidTopicException', `Topic name is invalid: ${reason}`);
  if (name === '') throw invalid('the empty string is not allowed');
  if (name === '.' || name === '..') throw invalid(`'${name}' is not allowed`);
  if (name.length > topicLengthMax) {
    throw invalid(`the length of '${name}' is longer than the max allowed length ${topicLengthMax}`);
  }
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    throw invalid(
      `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`,
    );
  }
}

/** `topics` → `topic` */
export function singular(entityType: string): string {
  return entityType.slice(0, -1);
}
