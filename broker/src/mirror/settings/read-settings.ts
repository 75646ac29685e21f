/**
 * A MirrorMaker properties file → settings (KIP-382). What holds where, as Apache Kafka has it:
 *
 *   `source->target.x`  one flow            `x`  every flow
 *   `alias.x`           one cluster: its connection, its clients (`alias.consumer.x`), the worker that writes to it
 *   source consumer     `S->T.source.consumer.x`, `S.consumer.x`, `S->T.consumer.x`
 *   target producer     `S->T.producer.override.x`, `T.producer.x`
 */
import type { CodecName } from '../../messages/compression.ts';
import { checkSettings, reportUnknown } from './check-settings.ts';
import { checkSlips } from './check-slips.ts';
import { Lookup } from './lookup.ts';
import { readProperties } from './property-lines.ts';
import {
  CLIENT_RULES,
  CONSUMER_RULES,
  FLOW_RULES,
  PRODUCER_RULES,
  TOP_RULES,
  WORKER_RULES,
  WORKER_TOP_LEVEL,
} from './rules.table.ts';
import type {
  ClusterSettings,
  ConsumerSettings,
  FlowSettings,
  MirrorSettings,
  Problem,
  ProducerSettings,
  StorageSettings,
} from './settings.ts';

export interface SettingsAnswer {
  readonly settings: MirrorSettings;
  readonly problems: readonly Problem[];
}

export function readSettings(text: string): SettingsAnswer {
  const lookup = new Lookup(readProperties(text));
  const aliases = [...new Set(listOf(lookup.find('clusters')?.value ?? ''))];
  const clusters = aliases.map((alias) => clusterSettings(lookup, alias));
  const pairs = aliases.flatMap((source) =>
    aliases.filter((target) => target !== source).map((target) => ({ source, target })),
  );
  const flows = pairs
    .map((pair) => flowSettings(lookup, pair))
    .filter((flow) => flow.enabled || flow.emitHeartbeatsMs !== null);
  const settings = {
    clusters,
    flows,
    metricsPort: lookup.read(TOP_RULES, 'metrics.port', ['metrics.port']),
    metricsHost: lookup.read(TOP_RULES, 'metrics.host', ['metrics.host']),
  };
  reportUnknown(lookup, aliases);
  checkSettings(lookup, settings);
  checkSlips(lookup, settings);
  const problems = lookup.problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { settings, problems };
}

function clusterSettings(lookup: Lookup, alias: string): ClusterSettings {
  const read = <N extends keyof typeof CLIENT_RULES>(name: N) =>
    lookup.read(CLIENT_RULES, name, [`${alias}.${name}`, name]);
  read('security.protocol');
  const clientId = read('client.id');
  return {
    alias,
    connection: {
      bootstrap: read('bootstrap.servers'),
      clientId: clientId === '' ? null : clientId,
      requestTimeoutMs: read('request.timeout.ms'),
      retryBackoffMs: read('retry.backoff.ms'),
      retryBackoffMaxMs: read('retry.backoff.max.ms'),
      connectTimeoutMs: read('socket.connection.setup.timeout.ms'),
    },
  };
}

interface Pair {
  readonly source: string;
  readonly target: string;
}

function flowSettings(lookup: Lookup, pair: Pair): FlowSettings {
  const { source, target } = pair;
  const prefix = `${source}->${target}.`;
  const read = <N extends keyof typeof FLOW_RULES>(name: N) =>
    lookup.read(FLOW_RULES, name, [prefix + name, name]);
  const listed = <N extends 'topics' | 'groups' | 'config.properties'>(name: N) => {
    const old = [`${prefix}${name}.blacklist`, `${name}.blacklist`];
    return lookup.read(FLOW_RULES, `${name}.exclude`, [
      `${prefix}${name}.exclude`,
      ...old,
      `${name}.exclude`,
    ]);
  };
  const every = (name: TimedTask) =>
    read(`${name}.enabled`) ? read(`${name}.interval.seconds`) * 1_000 : null;
  return {
    source,
    target,
    enabled: lookup.read(FLOW_RULES, 'enabled', [`${prefix}enabled`]),
    topics: { include: read('topics'), exclude: listed('topics') },
    groups: { include: read('groups'), exclude: listed('groups') },
    configsExcluded: listed('config.properties'),
    defaultsFrom: read('use.defaults.from') === 'source' ? 'source' : 'target',
    policy: {
      kind: read('replication.policy.class').endsWith('IdentityReplicationPolicy') ? 'identity' : 'default',
      separator: read('replication.policy.separator'),
      separatesInternal: read('replication.policy.internal.topic.separator.enabled'),
    },
    tasksMax: read('tasks.max'),
    replicationFactor: read('replication.factor'),
    offsetSyncs: {
      enabled: read('emit.offset-syncs.enabled'),
      location: read('offset-syncs.topic.location') === 'target' ? 'target' : 'source',
      replicationFactor: read('offset-syncs.topic.replication.factor'),
      lagMax: read('offset.lag.max'),
    },
    refreshTopicsMs: every('refresh.topics'),
    refreshGroupsMs: every('refresh.groups'),
    syncTopicConfigsMs: every('sync.topic.configs'),
    syncTopicAclsMs: every('sync.topic.acls'),
    syncGroupOffsetsMs: every('sync.group.offsets'),
    emitCheckpointsMs: every('emit.checkpoints'),
    emitHeartbeatsMs: every('emit.heartbeats'),
    checkpointsReplicationFactor: read('checkpoints.topic.replication.factor'),
    heartbeatsReplicationFactor: read('heartbeats.topic.replication.factor'),
    heartbeatsReplicated: read('heartbeats.replication.enabled'),
    adminTimeoutMs: read('admin.timeout.ms'),
    consumer: consumerSettings(lookup, pair),
    producer: producerSettings(lookup, pair),
    storage: storageSettings(lookup, pair),
  };
}

type TimedTask =
  | 'refresh.topics'
  | 'refresh.groups'
  | 'sync.topic.configs'
  | 'sync.topic.acls'
  | 'sync.group.offsets'
  | 'emit.checkpoints'
  | 'emit.heartbeats';

function consumerSettings(lookup: Lookup, { source, target }: Pair): ConsumerSettings {
  const read = <N extends keyof typeof CONSUMER_RULES>(name: N) =>
    lookup.read(CONSUMER_RULES, name, [
      `${source}->${target}.source.consumer.${name}`,
      `${source}.consumer.${name}`,
      `${source}->${target}.consumer.${name}`,
    ]);
  const reset = read('auto.offset.reset');
  return {
    offsetReset: reset === 'latest' || reset === 'none' ? reset : 'earliest',
    isolation: read('isolation.level') === 'read_committed' ? 'read_committed' : 'read_uncommitted',
    fetchBytesMin: read('fetch.min.bytes'),
    fetchBytesMax: read('fetch.max.bytes'),
    fetchWaitMsMax: read('fetch.max.wait.ms'),
    partitionBytesMax: read('max.partition.fetch.bytes'),
  };
}

function producerSettings(lookup: Lookup, { source, target }: Pair): ProducerSettings {
  const keys = (name: string) => [
    `${source}->${target}.producer.override.${name}`,
    `${source}->${target}.target.producer.${name}`,
    `${target}.producer.${name}`,
  ];
  const read = <N extends keyof typeof PRODUCER_RULES>(name: N) =>
    lookup.read(PRODUCER_RULES, name, keys(name));
  const acks = read('acks');
  const compression = read('compression.type');
  return {
    acks: acks === '0' ? 0 : acks === '1' ? 1 : -1,
    idempotence: read('enable.idempotence') && acks !== '0' && acks !== '1',
    compression: compression === '' ? null : (compression as CodecName), // the rule allows these only
    batchBytes: read('batch.size'),
    requestBytesMax: read('max.request.size'),
    transactionTimeoutMs: read('transaction.timeout.ms'),
  };
}

function storageSettings(lookup: Lookup, { source, target }: Pair): StorageSettings {
  const read = <N extends keyof typeof WORKER_RULES>(name: N) => {
    const top = WORKER_TOP_LEVEL.test(name) ? [name] : [];
    return lookup.read(WORKER_RULES, name, [...top, `${target}.${name}`, `${source}->${target}.${name}`]);
  };
  const topic = (kind: 'offset' | 'config' | 'status', plural: string, partitions: number) => ({
    name: read(`${kind}.storage.topic`) || `mm2-${plural}.${source}.internal`,
    partitions,
    replicationFactor: read(`${kind}.storage.replication.factor`),
  });
  return {
    groupId: read('group.id') || `${source}-mm2`,
    offsets: topic('offset', 'offsets', read('offset.storage.partitions')),
    configs: topic('config', 'configs', 1),
    status: topic('status', 'status', read('status.storage.partitions')),
    flushIntervalMs: read('offset.flush.interval.ms'),
    exactlyOnce: read('exactly.once.source.support').toLowerCase() === 'enabled',
  };
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
