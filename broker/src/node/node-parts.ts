/** Builds the parts of a node and connects them. Nothing runs until the node starts them. */
import type { ControllerSettings } from '../controller/context.ts';
import { supportedFeatures } from '../controller/features.ts';
import { clientListenerName, controllerListenerName, endpointOf } from '../handlers/brokers.ts';
import { defaultRaftConfig, type RaftConfig, type Voter } from '../raft/types.ts';
import { FileDisk } from '../storage/file-disk.ts';
import { Log } from '../storage/log.ts';
import { defaultLogConfig } from '../storage/log-contract.ts';
import { LogDirectory } from '../storage/log-directory.ts';
import { AutoTopics } from './broker/auto-topics.ts';
import { NodeCoordinatorLogs } from './broker/coordinator-logs.ts';
import { BrokerLifecycle } from './broker/lifecycle.ts';
import { Metadata } from './broker/metadata.ts';
import { ProducerIds } from './broker/producer-ids.ts';
import { TopicSettingsCache } from './config/log-config.ts';
import { NodeConfig } from './config/node-config.ts';
import { claimDirectory, newUuid } from './identity.ts';
import type { Links } from './network/links.ts';
import type { Peer } from './network/peer.ts';
import { Peers } from './network/peers.ts';
import type { NodeOptions, Voters } from './node-options.ts';
import { NodeControllerChannel } from './quorum/controller-channel.ts';
import { ControllerHost } from './quorum/controller-host.ts';
import { MetadataLog } from './quorum/metadata-log.ts';
import { Quorum } from './quorum/quorum.ts';
import { RaftTransport } from './quorum/raft-transport.ts';
import { MetadataSnapshots } from './quorum/snapshots.ts';
import { IsrChanges } from './replication/isr-changes.ts';
import { ReplicaManager } from './replication/replica-manager.ts';
import { NodeTimers, steadyNow } from './runtime/timers.ts';

export type NodeParts = ReturnType<typeof buildParts>;

export interface BuildOptions {
  readonly node: NodeOptions;
  readonly voters: Voters;
  /** As bound. */
  readonly port: number;
  readonly links: Links;
  readonly onRunning: () => void;
}

export function buildParts({ node, voters, port, links, onRunning }: BuildOptions) {
  const { id, clusterId, directory, log } = node;
  const timers = new NodeTimers((error) => log('error', `a timer failed: ${describe(error)}`));
  const config = new NodeConfig(id, withIdentity(node, voters, port));
  const disk = new FileDisk({ flush: node.flushes });
  const identity = claimDirectory(disk, directory, { nodeId: id, clusterId });
  const logs = new LogDirectory({ disk, path: directory });
  const connectTimeoutMs = Math.min(config.number('socket.connection.setup.timeout.ms'), 2000);
  const peers = new Peers({ timers, links, connectTimeoutMs, now: steadyNow });
  const voterPeer = (nodeId: number, purpose: string): Peer | null => {
    const address = voters.find((voter) => voter.id === nodeId);
    return address === undefined ? null : peers.get(address, purpose);
  };
  const clientId = `broker-${id}`;
  const channel = new NodeControllerChannel({
    clientId,
    timers,
    nowMs: steadyNow,
    leader: () => voterPeer(quorum.leaderId, 'controller'),
    retryMs: 50,
  });
  const settings = new TopicSettingsCache();
  const topicSettings = (topic: string) =>
    settings.of(metadata.image, topic, { layers: config.layers, reader: config });
  const isrChanges = new IsrChanges({
    nodeId: id,
    channel,
    timers,
    brokerEpoch: () => lifecycle.brokerEpoch,
  });
  const metadata: Metadata = new Metadata({
    brokerEpoch: () => lifecycle.brokerEpoch,
    onPublished: (image, changes, isFirst) => {
      config.follow(image);
      if (isFirst) replicas.start(image);
      replicas.publish(image, changes);
    },
  });
  const replicas: ReplicaManager = new ReplicaManager({
    nodeId: id,
    logs,
    timers,
    nowMs: steadyNow,
    clientId,
    brokerEpoch: () => lifecycle.brokerEpoch,
    peerFor: (brokerId) => {
      const broker = metadata.image.brokers.get(brokerId);
      const endpoint = broker === undefined || broker.fenced ? null : endpointOf(broker);
      return endpoint === null ? null : peers.get(endpoint, 'replication');
    },
    fetcherSettings: () => ({
      maxWaitMs: config.number('replica.fetch.wait.max.ms'),
      minBytes: config.number('replica.fetch.min.bytes'),
      maxBytes: config.number('replica.fetch.response.max.bytes'),
      partitionMaxBytes: config.number('replica.fetch.max.bytes'),
      backoffMs: config.number('replica.fetch.backoff.ms'),
      requestTimeoutMs: config.number('replica.socket.timeout.ms'),
    }),
    replicaLagTimeMaxMs: () => config.number('replica.lag.time.max.ms'),
    topicSettings,
    isrChanges,
    checkpointMs: () => config.number('replica.high.watermark.checkpoint.interval.ms'),
    retentionCheck: {
      firstMs: config.number('log.initial.task.delay.ms'),
      everyMs: config.number('log.retention.check.interval.ms'),
    },
    onLeadership: (change) => coordinatorLogs.leadershipChanged(change),
    changed: node.onChange,
    warn: (message) => log('warn', message),
  });
  const autoTopics = new AutoTopics(channel, config);
  const autoCreate = (topics: readonly string[]) => autoTopics.create(topics);
  const coordinatorLogs: NodeCoordinatorLogs = new NodeCoordinatorLogs({
    replicas,
    image: () => metadata.image,
    autoCreate,
    timers,
    nowMs: steadyNow,
  });
  const controller = new ControllerHost({
    nodeId: id,
    settings: controllerSettings(node, config),
    ports: { random: Math.random, newUuid },
    quorum: () => quorum,
    timers,
    nowMs: steadyNow,
    image: () => metadata.image,
  });
  const raft = raftConfig(config);
  const raftVoters = voters.map(toVoter);
  const metadataDirectory = `${directory}/__cluster_metadata-0`;
  const snapshots = new MetadataSnapshots({ disk, directory: metadataDirectory, flushes: node.flushes });
  const snapshotEvery = {
    bytes: config.number('metadata.log.max.record.bytes.between.snapshots'),
    intervalMs: config.number('metadata.log.max.snapshot.interval.ms') || Number.POSITIVE_INFINITY,
  };
  const metadataLog = new MetadataLog({
    log: Log.open({
      disk,
      directory: metadataDirectory,
      config: {
        ...defaultLogConfig,
        retentionMs: -1,
        segmentMs: Number.MAX_SAFE_INTEGER,
        // Whole segments are dropped behind a snapshot, so one should not hold much more than is between two.
        segmentBytes: Math.min(config.number('metadata.log.segment.bytes'), snapshotEvery.bytes),
      },
      logStartOffset: snapshots.earliestOffset,
      nowMs: steadyNow(),
      cleanShutdown: logs.wasCleanShutdown,
    }),
    snapshots,
    disk,
    flushes: node.flushes,
    voterIds: voters.map((voter) => voter.id),
  });
  const quorum: Quorum = new Quorum({
    nodeId: id,
    clusterId,
    directoryId: identity.directoryId,
    voters: raftVoters,
    config: raft,
    log: metadataLog,
    transport: new RaftTransport({
      context: { clusterId, voters: raftVoters },
      clientId: `raft-client-${id}`,
      // Raft gives a request up by itself; this only keeps a dead connection from piling them up.
      timeoutMs: raft.requestTimeoutMs + 500,
      peerFor: (nodeId, purpose) => voterPeer(nodeId, `raft-${purpose}`),
    }),
    timers,
    nowMs: steadyNow,
    random: Math.random,
    onSnapshot: (snapshot) => metadata.load(snapshot),
    image: () => metadata.image,
    snapshotEvery,
    onCommitted: (batch) => metadata.apply(batch),
    onCaughtUp: (endOffset) => {
      metadata.publish();
      controller.committed(endOffset);
      lifecycle.metadataMoved();
    },
    onLeadership: (leadership) => {
      controller.leadership(leadership);
      channel.leaderChanged();
      node.onChange('quorum');
    },
  });
  const lifecycle: BrokerLifecycle = new BrokerLifecycle({
    nodeId: id,
    clusterId,
    directoryId: identity.directoryId,
    rack: config.string('broker.rack') || null,
    listeners: [
      {
        name: clientListenerName,
        host: node.advertisedHost,
        port: node.advertisedPort || port,
        securityProtocol: 0,
      },
    ],
    features: supportedFeatures.map(({ name, minLevel, maxLevel }) => ({
      name,
      minSupportedVersion: minLevel,
      maxSupportedVersion: maxLevel,
    })),
    previousBrokerEpoch: logs.cleanShutdownEpoch,
    channel,
    timers,
    heartbeatMs: () => config.number('broker.heartbeat.interval.ms'),
    metadataEndOffset: () => metadata.image.endOffset,
    onRegistered: () => metadata.publish(),
    onRunning: () => {
      node.onChange('broker');
      onRunning();
    },
    log: (message) => log('info', message),
  });
  const producerIds = new ProducerIds(channel, () => ({ id, epoch: lifecycle.brokerEpoch }));
  return {
    timers,
    config,
    disk,
    logs,
    peers,
    channel,
    metadata,
    replicas,
    autoCreate,
    coordinatorLogs,
    controller,
    quorum,
    metadataLog,
    lifecycle,
    producerIds,
  };
}

/** What a node knows of itself belongs to its configuration, as if its file said so. */
function withIdentity(node: NodeOptions, voters: Voters, port: number): Record<string, string> {
  const isVoter = voters.some((voter) => voter.id === node.id);
  const { host, advertisedHost, advertisedPort } = node;
  const own = voters.find((voter) => voter.id === node.id);
  const controllerListener = own === undefined ? '' : `,${controllerListenerName}://${host}:${own.port}`;
  return {
    'process.roles': isVoter ? 'broker,controller' : 'broker',
    'node.id': String(node.id),
    'broker.id': String(node.id),
    'controller.quorum.voters': voters.map((voter) => `${voter.id}@${voter.host}:${voter.port}`).join(','),
    'controller.listener.names': controllerListenerName,
    listeners: `${clientListenerName}://${host}:${port}${controllerListener}`,
    'advertised.listeners': `${clientListenerName}://${advertisedHost}:${advertisedPort || port}`,
    'listener.security.protocol.map': `${controllerListenerName}:PLAINTEXT,${clientListenerName}:PLAINTEXT`,
    'log.dirs': node.directory,
    ...node.config,
  };
}

function toVoter({ id, host, port }: Voters[number]): Voter {
  // Static voters have no directory ids (kraft.version 0).
  return {
    id,
    directoryId: 'AAAAAAAAAAAAAAAAAAAAAA',
    endpoints: [{ listener: controllerListenerName, host, port }],
  };
}

function raftConfig(config: NodeConfig): RaftConfig {
  const number = (name: string) => config.number(`controller.quorum.${name}`);
  const fetchTimeoutMs = number('fetch.timeout.ms');
  // Kafka's 500 ms go with a NoOp every 500 ms. Where the log rests longer, so may a fetch; a vote is asked for only
  // after fetchTimeoutMs, of which this leaves half.
  const rests = config.number('metadata.max.idle.interval.ms') !== defaultRaftConfig.fetchMaxWaitMs;
  const fetchMaxWaitMs = rests ? fetchTimeoutMs / 2 : defaultRaftConfig.fetchMaxWaitMs;
  return {
    ...defaultRaftConfig,
    electionTimeoutMs: number('election.timeout.ms'),
    fetchTimeoutMs,
    fetchMaxWaitMs,
    requestTimeoutMs: Math.max(number('request.timeout.ms'), fetchMaxWaitMs + 1000),
    electionBackoffMaxMs: number('election.backoff.max.ms'),
    retryBackoffMs: number('retry.backoff.ms'),
  };
}

function controllerSettings(node: NodeOptions, config: NodeConfig): ControllerSettings {
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
  };
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
