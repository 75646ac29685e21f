/** A node's options and configuration as the settings of its parts. */
import type { ControllerSettings } from '../controller/context.ts';
import { supportedFeatures } from '../controller/features.ts';
import { untilCommonMoment } from '../raft/together.ts';
import { defaultRaftConfig, type RaftConfig, type Voter } from '../raft/types.ts';
import { defaultLogConfig, type LogConfig } from '../storage/log-contract.ts';
import type { NodeConfig } from './config/node-config.ts';
import type { ListenerOptions, NodeOptions, Voters } from './node-options.ts';
import type { FetcherSettings } from './replication/replica-fetcher.ts';
import { steadyNow } from './runtime/timers.ts';

/** What a node knows of itself belongs to its configuration, as if its file said so. */
export function withIdentity(node: NodeOptions, voters: Voters): Record<string, string> {
  const isVoter = voters.some((voter) => voter.id === node.id);
  const ofBroker = node.listeners.filter(({ kind }) => kind === 'broker');
  const ofController = node.listeners.filter(({ kind }) => kind === 'controller');
  const shown = isVoter ? node.listeners : ofBroker;
  return {
    'process.roles': isVoter ? 'broker,controller' : 'broker',
    'node.id': String(node.id),
    'broker.id': String(node.id),
    'controller.quorum.voters': voters
      .map(({ id, host, advertisedHost = host, port }) => `${id}@${advertisedHost}:${port}`)
      .join(','),
    'controller.listener.names': ofController.map(({ name }) => name).join(','),
    listeners: shown.map(listening).join(','),
    'advertised.listeners': ofBroker.map(advertised).join(','),
    'listener.security.protocol.map': [...ofController, ...ofBroker]
      .map(({ name }) => `${name}:PLAINTEXT`)
      .join(','),
    'log.dirs': node.directories.join(','),
    ...node.config,
  };
}

/** On the loopback alone, people call the host as clients are told to. */
function listening({ name, host, advertisedHost, port }: ListenerOptions): string {
  return `${name}://${host.startsWith('127.') ? advertisedHost : host}:${port}`;
}

function advertised({ name, advertisedHost, advertisedPort, port }: ListenerOptions): string {
  return `${name}://${advertisedHost}:${advertisedPort || port}`;
}

/** Static voters have no directory ids (kraft.version 0). */
const noDirectoryId = 'AAAAAAAAAAAAAAAAAAAAAA';

export function toVoter({ id, host, port, listener, directoryId = noDirectoryId }: Voters[number]): Voter {
  return {
    id,
    directoryId,
    endpoints: [{ listener, host, port }],
  };
}

/** Its metadata log rests for longer than Kafka's 500 ms: nothing that is only repeated need be prompt. */
function isQuiet(config: NodeConfig): boolean {
  return config.number('metadata.max.idle.interval.ms') !== defaultRaftConfig.fetchMaxWaitMs;
}

/** How long to wait with the next heartbeat. */
export function heartbeatDelayMs(config: NodeConfig): number {
  const everyMs = config.number('broker.heartbeat.interval.ms');
  return isQuiet(config) ? untilCommonMoment(everyMs, steadyNow()) : everyMs;
}

export function raftConfig(config: NodeConfig): RaftConfig {
  const number = (name: string) => config.number(`controller.quorum.${name}`);
  const fetchTimeoutMs = number('fetch.timeout.ms');
  // Kafka's 500 ms go with a NoOp every 500 ms. Where the log rests longer, so may a fetch; a vote is asked for only
  // after fetchTimeoutMs, of which this leaves half.
  const rests = isQuiet(config);
  const fetchMaxWaitMs = rests ? fetchTimeoutMs / 2 : defaultRaftConfig.fetchMaxWaitMs;
  return {
    ...defaultRaftConfig,
    electionTimeoutMs: number('election.timeout.ms'),
    fetchTimeoutMs,
    fetchMaxWaitMs,
    fetchesTogether: rests,
    requestTimeoutMs: Math.max(number('request.timeout.ms'), fetchMaxWaitMs + 1000),
    electionBackoffMaxMs: number('election.backoff.max.ms'),
    retryBackoffMs: number('retry.backoff.ms'),
  };
}

export function controllerSettings(
  node: NodeOptions,
  config: NodeConfig,
  bootstrap: ControllerSettings['bootstrap'],
): ControllerSettings {
  return {
    nodeId: node.id,
    clusterId: node.clusterId,
    defaultPartitions: config.number('num.partitions'),
    defaultReplicationFactor: config.number('default.replication.factor'),
    sessionTimeoutMs: config.number('broker.session.timeout.ms'),
    leaderImbalanceCheckMs: config.boolean('auto.leader.rebalance.enable')
      ? config.number('leader.imbalance.check.interval.seconds') * 1000
      : null,
    uncleanElectionIntervalMs: config.number('unclean.leader.election.interval.ms'),
    idleIntervalMs: config.number('metadata.max.idle.interval.ms'),
    deleteTopicEnabled: config.boolean('delete.topic.enable'),
    staticConfigs: config.layers.fixed,
    bootstrap,
  };
}

/** As a registration lists them. */
export function registeredFeatures(): {
  name: string;
  minSupportedVersion: number;
  maxSupportedVersion: number;
}[] {
  return supportedFeatures.map(({ name, minLevel, maxLevel }) => ({
    name,
    minSupportedVersion: minLevel,
    maxSupportedVersion: maxLevel,
  }));
}

export function fetcherSettings(config: NodeConfig): FetcherSettings {
  const maxWaitMs = config.number('replica.fetch.wait.max.ms');
  return {
    maxWaitMs: isQuiet(config) ? untilCommonMoment(maxWaitMs, steadyNow()) : maxWaitMs,
    minBytes: config.number('replica.fetch.min.bytes'),
    maxBytes: config.number('replica.fetch.response.max.bytes'),
    partitionMaxBytes: config.number('replica.fetch.max.bytes'),
    backoffMs: config.number('replica.fetch.backoff.ms'),
    requestTimeoutMs: config.number('replica.socket.timeout.ms'),
  };
}

export interface SnapshotInterval {
  readonly bytes: number;
  readonly intervalMs: number;
}

export function snapshotInterval(config: NodeConfig): SnapshotInterval {
  return {
    bytes: config.number('metadata.log.max.record.bytes.between.snapshots'),
    intervalMs: config.number('metadata.log.max.snapshot.interval.ms') || Number.POSITIVE_INFINITY,
  };
}

export function metadataLogConfig(config: NodeConfig): LogConfig {
  return {
    ...defaultLogConfig,
    retentionMs: -1,
    segmentMs: Number.MAX_SAFE_INTEGER,
    // Whole segments are dropped behind a snapshot, so one should not hold much more than is between two.
    segmentBytes: Math.min(config.number('metadata.log.segment.bytes'), snapshotInterval(config).bytes),
  };
}

/** Dynamic, but for log.cleaner.enable. The dedupe buffer is shared by the cleaner's threads, of which this node has one. */
export function cleanerSettings(config: NodeConfig) {
  return {
    enabled: config.boolean('log.cleaner.enable'),
    backoffMs: () => config.number('log.cleaner.backoff.ms'),
    bytesPerSecondMax: () => config.number('log.cleaner.io.max.bytes.per.second'),
    settings: () => ({
      dedupeBufferBytes: config.number('log.cleaner.dedupe.buffer.size'),
      dedupeLoadFactor: config.number('log.cleaner.io.buffer.load.factor'),
    }),
  };
}
