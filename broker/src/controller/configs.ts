/**
 * IncrementalAlterConfigs v0–1 and AlterConfigs v0–2 for topics, brokers, groups and client metrics: what may be set, and
 * the records that set it. The texts are Kafka's, tools print them.
 */
import type { AlterConfigsRequest, AlterConfigsResponse } from '../messages/33-alter-configs.ts';
import type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from '../messages/44-incremental-alter-configs.ts';
import {
  brokerConfigs,
  type ConfigTable,
  clientMetricsConfigs,
  configError,
  groupConfigs,
  parseList,
  topicConfigs,
} from '../messages/configs/config-table.ts';
import {
  type ApiFailure,
  type DecideContext,
  type Decision,
  elrEnabled,
  fail,
  isFailure,
  NO_ERROR,
} from './context.ts';
import { configsOf, ResourceType } from './image.ts';
import { type MetadataRecord, record } from './records.ts';
import { topicNameError } from './topic-names.ts';

const VALUE_CHARS_MAX = 32_767;
const MIN_ISR = 'min.insync.replicas';

export interface ConfigOperation {
  readonly name: string;
  readonly value: string | null;
  /** 0 set, 1 delete, 2 append to a list, 3 take from a list. */
  readonly operation: number;
}

interface Resource {
  readonly type: number;
  readonly name: string;
  /** Just being created: it need not exist yet. */
  readonly isNew: boolean;
}

export function decideIncrementalAlterConfigs(
  context: DecideContext,
  request: IncrementalAlterConfigsRequest,
): Decision<typeof IncrementalAlterConfigsResponse.input> {
  const alterations = request.resources.map(({ resourceType, resourceName, configs }) => ({
    resource: { type: resourceType, name: resourceName, isNew: false },
    operations: configs.map(({ name, value, configOperation }) => ({
      name,
      value,
      operation: configOperation,
    })),
  }));
  return decideAlterations(context, alterations, request.validateOnly);
}

/** The old form: what is not named is deleted. */
export function decideAlterConfigs(
  context: DecideContext,
  request: AlterConfigsRequest,
): Decision<typeof AlterConfigsResponse.input> {
  const alterations = request.resources.map(({ resourceType, resourceName, configs }) => {
    const named = new Set(configs.map((config) => config.name));
    const gone = [...configsOf(context.image, resourceType, resourceName).keys()].filter(
      (name) => !named.has(name),
    );
    return {
      resource: { type: resourceType, name: resourceName, isNew: false },
      operations: [
        ...configs.map(({ name, value }) => ({ name, value, operation: 0 })),
        ...gone.map((name) => ({ name, value: null, operation: 1 })),
      ],
    };
  });
  return decideAlterations(context, alterations, request.validateOnly);
}

interface Alteration {
  readonly resource: Resource;
  readonly operations: readonly ConfigOperation[];
}

function decideAlterations(
  context: DecideContext,
  alterations: readonly Alteration[],
  validateOnly: boolean,
): Decision<typeof IncrementalAlterConfigsResponse.input> {
  const records: MetadataRecord[] = [];
  const responses = [];
  const seen = new Set<string>();
  for (const { resource, operations } of alterations) {
    const key = `${resource.type}:${resource.name}`;
    const outcome = seen.has(key)
      ? fail('INVALID_REQUEST', 'Duplicate resource.')
      : alterResource(context, resource, operations);
    seen.add(key);
    if (!isFailure(outcome)) records.push(...outcome);
    const error = isFailure(outcome) ? outcome : NO_ERROR;
    responses.push({ ...error, resourceType: resource.type, resourceName: resource.name });
  }
  return { records: validateOnly ? [] : records, response: { responses } };
}

/** The records of one resource's change, or why it is refused. All of it or nothing. */
export function alterResource(
  context: DecideContext,
  resource: Resource,
  operations: readonly ConfigOperation[],
): MetadataRecord[] | ApiFailure {
  const current = configsOf(context.image, resource.type, resource.name);
  const changes: { name: string; value: string | null }[] = [];
  for (const operation of operations) {
    const value = newValue(resource, operation, current.get(operation.name) ?? null);
    if (isFailure(value)) return value;
    const same = value === (current.get(operation.name) ?? null);
    if (!same || resource.type === ResourceType.BROKER) changes.push({ name: operation.name, value });
  }
  const refusal =
    changeFailure(context, resource, changes) ?? valueFailure(context, resource, merged(current, changes));
  if (refusal !== null) return refusal;
  const missing = resource.isNew ? null : existenceFailure(context, resource);
  if (missing !== null) return missing;
  return [
    ...changes.map(({ name, value }) =>
      record('ConfigRecord', { resourceType: resource.type, resourceName: resource.name, name, value }),
    ),
    ...clearElrRecords(context, resource, changes),
  ];
}

function newValue(
  resource: Resource,
  { name, value, operation }: ConfigOperation,
  current: string | null,
): string | null | ApiFailure {
  if (operation === 0) return value;
  if (operation === 1) return null;
  const opName = operation === 2 ? 'APPEND' : operation === 3 ? 'SUBTRACT' : null;
  if (opName === null) return fail('INVALID_REQUEST', `Unknown operation type ${operation}`);
  const definition = tableOf(resource.type)?.get(name);
  if (definition?.type !== 'LIST') {
    return fail('INVALID_CONFIG', `Can't ${opName} to key ${name} because its type is not LIST.`);
  }
  const parts = (current ?? definition.byDefault ?? '').split(',').filter((part) => part !== '');
  const named = (value ?? '').split(',');
  if (opName === 'SUBTRACT') return parts.filter((part) => !named.includes(part)).join(',');
  return [...parts, ...named.filter((part) => !parts.includes(part))].join(',');
}

function tableOf(type: number): ConfigTable | null {
  if (type === ResourceType.TOPIC) return topicConfigs;
  if (type === ResourceType.BROKER) return brokerConfigs;
  if (type === ResourceType.GROUP) return groupConfigs;
  return null;
}

function merged(
  current: ReadonlyMap<string, string>,
  changes: readonly { name: string; value: string | null }[],
): Map<string, string> {
  const all = new Map(current);
  for (const { name, value } of changes) {
    if (value === null) all.delete(name);
    else all.set(name, value);
  }
  return all;
}

/** Rules about the change itself, before the values are looked at. */
function changeFailure(
  context: DecideContext,
  resource: Resource,
  changes: readonly { name: string; value: string | null }[],
): ApiFailure | null {
  for (const { name, value } of changes) {
    if (name === MIN_ISR && resource.type === ResourceType.BROKER && elrEnabled(context.image)) {
      if (resource.name !== '') {
        return fail('INVALID_CONFIG', `Broker-level ${MIN_ISR} cannot be altered while ELR is enabled.`);
      }
      if (value === null) {
        return fail('INVALID_CONFIG', `Cluster-level ${MIN_ISR} cannot be removed while ELR is enabled.`);
      }
    }
    if ((value ?? '').length > VALUE_CHARS_MAX) {
      return fail(
        'INVALID_CONFIG',
        `The configuration value cannot be added because it exceeds the maximum value size of ${VALUE_CHARS_MAX} bytes.`,
      );
    }
  }
  return null;
}

function valueFailure(
  context: DecideContext,
  resource: Resource,
  configs: ReadonlyMap<string, string>,
): ApiFailure | null {
  switch (resource.type) {
    case ResourceType.TOPIC: {
      if (resource.name === '') {
        return fail('INVALID_REQUEST', 'Default topic resources are not allowed.');
      }
      const invalid = topicNameError(resource.name);
      if (invalid !== null) return fail('INVALID_TOPIC_EXCEPTION', invalid);
      return tableFailure('topic', topicConfigs, configs) ?? combinationFailure(configs);
    }
    case ResourceType.BROKER:
      return brokerNameFailure(resource.name) ?? knownValuesFailure(brokerConfigs, configs);
    case ResourceType.GROUP:
      if (resource.name === '') {
        return fail('INVALID_REQUEST', 'Default group resources are not allowed.');
      }
      return tableFailure('group', groupConfigs, configs) ?? groupRangeFailure(context, configs);
    case ResourceType.CLIENT_METRICS:
      return clientMetricsFailure(resource.name, configs);
    default:
      return fail('INVALID_REQUEST', `Unknown resource type ${resource.type}`);
  }
}

function tableFailure(
  kind: string,
  table: ConfigTable,
  configs: ReadonlyMap<string, string>,
): ApiFailure | null {
  for (const name of configs.keys()) {
    const definition = table.get(name);
    if (definition === undefined) return fail('INVALID_CONFIG', `Unknown ${kind} config name: ${name}`);
  }
  return knownValuesFailure(table, configs);
}

function knownValuesFailure(table: ConfigTable, configs: ReadonlyMap<string, string>): ApiFailure | null {
  for (const [name, value] of configs) {
    const definition = table.get(name);
    const error = definition === undefined ? null : configError(definition, value);
    if (error !== null) return fail('INVALID_CONFIG', error);
  }
  return null;
}

function brokerNameFailure(name: string): ApiFailure | null {
  if (name === '') return null;
  if (!/^[+-]?\d{1,10}$/.test(name)) {
    return fail('INVALID_REQUEST', 'Unable to parse broker name as a base 10 number.');
  }
  return Number(name) < 0 ? fail('INVALID_REQUEST', 'Invalid negative broker ID.') : null;
}

/** Topic configs that must fit each other. */
function combinationFailure(configs: ReadonlyMap<string, string>): ApiFailure | null {
  const min = configs.get('min.compaction.lag.ms');
  const max = configs.get('max.compaction.lag.ms');
  if (min !== undefined && max !== undefined && BigInt(min) > BigInt(max)) {
    return fail(
      'INVALID_CONFIG',
      `conflict topic config setting min.compaction.lag.ms (${min}) > max.compaction.lag.ms (${max})`,
    );
  }
  const policy = parseList(configs.get('cleanup.policy') ?? 'delete');
  if (configs.get('remote.storage.enable') === 'true' && policy.includes('compact')) {
    return fail('INVALID_CONFIG', 'Remote log storage is unsupported for the compacted topics');
  }
  return null;
}

/** What a group may set lies within what its broker allows. */
const groupRanges: readonly (readonly [name: string, low: string | null, high: string | null])[] = [
  ...['consumer', 'share', 'streams'].flatMap((kind) => [
    [`${kind}.heartbeat.interval.ms`, `group.${kind}.min.heartbeat.interval.ms`, null] as const,
    [`${kind}.heartbeat.interval.ms`, null, `group.${kind}.max.heartbeat.interval.ms`] as const,
    [`${kind}.session.timeout.ms`, `group.${kind}.min.session.timeout.ms`, null] as const,
    [`${kind}.session.timeout.ms`, null, `group.${kind}.max.session.timeout.ms`] as const,
    [
      `${kind}.assignment.interval.ms`,
      `group.${kind}.min.assignment.interval.ms`,
      `group.${kind}.max.assignment.interval.ms`,
    ] as const,
  ]),
  [
    'share.record.lock.duration.ms',
    'group.share.min.record.lock.duration.ms',
    'group.share.max.record.lock.duration.ms',
  ],
  [
    'share.delivery.count.limit',
    'group.share.min.delivery.count.limit',
    'group.share.max.delivery.count.limit',
  ],
  [
    'share.partition.max.record.locks',
    'group.share.min.partition.max.record.locks',
    'group.share.max.partition.max.record.locks',
  ],
  ['streams.num.standby.replicas', null, 'group.streams.max.standby.replicas'],
];

function groupRangeFailure(context: DecideContext, configs: ReadonlyMap<string, string>): ApiFailure | null {
  const broker = (name: string): number =>
    Number(context.settings.staticConfigs.get(name) ?? brokerConfigs.get(name)?.byDefault ?? 0);
  for (const [name, low, high] of groupRanges) {
    const value = configs.get(name);
    if (value === undefined) continue;
    if (low !== null && Number(value) < broker(low)) {
      return fail('INVALID_CONFIG', `${name} must be greater than or equal to ${low}`);
    }
    if (high !== null && Number(value) > broker(high)) {
      return fail('INVALID_CONFIG', `${name} must be less than or equal to ${high}`);
    }
  }
  for (const kind of ['consumer', 'share', 'streams']) {
    const heartbeat = Number(configs.get(`${kind}.heartbeat.interval.ms`) ?? Number.NaN);
    const session = Number(configs.get(`${kind}.session.timeout.ms`) ?? Number.NaN);
    if (heartbeat >= session) {
      return fail(
        'INVALID_CONFIG',
        `${kind}.session.timeout.ms must be greater than ${kind}.heartbeat.interval.ms`,
      );
    }
  }
  return null;
}

const clientMatchers = [
  'client_instance_id',
  'client_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
];

function clientMetricsFailure(name: string, configs: ReadonlyMap<string, string>): ApiFailure | null {
  if (name === '') return fail('INVALID_REQUEST', "Subscription name can't be empty");
  for (const key of configs.keys()) {
    if (clientMetricsConfigs.has(key)) continue;
    return fail('INVALID_REQUEST', `Unknown client metrics configuration: ${key}`);
  }
  const wrong = knownValuesFailure(clientMetricsConfigs, configs);
  if (wrong !== null) return wrong;
  const interval = configs.get('interval.ms');
  if (interval !== undefined && (Number(interval) < 100 || Number(interval) > 3_600_000)) {
    return fail(
      'INVALID_REQUEST',
      `Invalid value ${interval} for interval.ms, interval must be between 100 and 3600000 (1 hour)`,
    );
  }
  const illegal = parseList(configs.get('match') ?? '').find((pattern) => !isClientPattern(pattern));
  if (illegal === undefined) return null;
  return fail('INVALID_CONFIG', `Illegal client matching pattern: ${illegal}`);
}

function isClientPattern(pattern: string): boolean {
  const [name, expression, ...rest] = pattern.split('=');
  if (expression === undefined || rest.length > 0 || !clientMatchers.includes(name?.trim() ?? ''))
    return false;
  try {
    new RegExp(expression.trim());
    return true;
  } catch {
    return false;
  }
}

function existenceFailure(context: DecideContext, resource: Resource): ApiFailure | null {
  if (resource.type === ResourceType.TOPIC && !context.image.topics.has(resource.name)) {
    return fail('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${resource.name}' does not exist.`);
  }
  if (resource.type === ResourceType.BROKER && resource.name !== '') {
    if (!context.image.brokers.has(Number(resource.name))) {
      return fail('BROKER_ID_NOT_REGISTERED', `No broker with id ${resource.name} found.`);
    }
  }
  return null;
}

/** With another minimum, who was eligible under the old one may not be any more (KIP-966). */
function clearElrRecords(
  context: DecideContext,
  resource: Resource,
  changes: readonly { name: string }[],
): MetadataRecord[] {
  if (!elrEnabled(context.image) || !changes.some((change) => change.name === MIN_ISR)) return [];
  const topicName = resource.type === ResourceType.TOPIC ? resource.name : '';
  return [record('ClearElrRecord', { topicName })];
}
