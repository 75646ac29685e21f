/**
 * The parts of a node, built and connected. Nothing runs until the node starts them. They refer to each other in
 * circles (Raft tells the controller, which proposes to Raft), always through functions called later.
 */
import { resolve } from 'node:path';
import { configsOf, ResourceType } from '../controller/image.ts';
import { endpointOf } from '../handlers/brokers.ts';
import type { Clock } from '../handlers/services.ts';
import { FileDisk } from '../storage/file-disk.ts';
import type { LogDirectories } from '../storage/log-directories.ts';
import { AutoTopics } from './broker/auto-topics.ts';
import { NodeCoordinatorLogs } from './broker/coordinator-logs.ts';
import { BrokerLifecycle } from './broker/lifecycle.ts';
import { Metadata } from './broker/metadata.ts';
import { ProducerIds } from './broker/producer-ids.ts';
import { TopicSettingsCache } from './config/log-config.ts';
import { NodeConfig } from './config/node-config.ts';
import { newUuid } from './identity.ts';
import type { Links } from './network/links.ts';
import type { Peer } from './network/peer.ts';
import { Peers } from './network/peers.ts';
import type { NodeOptions, Voters } from './node-options.ts';
import {
  cleanerSettings,
  controllerSettings,
  fetcherSettings,
  heartbeatDelayMs,
  metadataLogConfig,
  raftConfig,
  registeredFeatures,
  snapshotInterval,
  toVoter,
  withIdentity,
} from './node-settings.ts';
import { NodeControllerChannel } from './quorum/controller-channel.ts';
import { ControllerHost } from './quorum/controller-host.ts';
import { MetadataLog, openMetadataFiles } from './quorum/metadata-log.ts';
import { Quorum } from './quorum/quorum.ts';
import { RaftTransport } from './quorum/raft-transport.ts';
import { scramKeys } from './quorum/scram-keys.ts';
import { MetadataSnapshots, readBootstrap } from './quorum/snapshots.ts';
import { DirectoryAssignments } from './replication/directory-assignments.ts';
import { IsrChanges } from './replication/isr-changes.ts';
import { ReplicaManager } from './replication/replica-manager.ts';
import { ReplicationQuota } from './replication/replication-quota.ts';
import { NodeTimers, steadyClock, steadyNow } from './runtime/timers.ts';
import { type NodeDirectories, openDirectories } from './storage/node-directories.ts';

export interface BuildOptions {
  readonly node: NodeOptions;
  readonly voters: Voters;
  readonly links: Links;
  readonly onRunning: () => void;
  /** The broker knows the cluster as it is now: clients may be served. */
  readonly onPublished: () => void;
  /** The node can take no further part. */
  readonly onFailed: (error: unknown) => void;
}

export class NodeParts {
  /** Real time: what nodes need to know each other alive, and waits of requests. */
  readonly timers: NodeTimers;
  /** The time of records and clients' promises, which a virtual clock moves (see virtual-clock.ts). */
  readonly clock: Clock;
  readonly scheduled: NodeTimers;
  readonly config: NodeConfig;
  readonly disk: FileDisk;
  readonly logs: LogDirectories;
  readonly peers: Peers;
  readonly channel: NodeControllerChannel;
  readonly metadata: Metadata;
  readonly replicas: ReplicaManager;
  readonly autoCreate: (topics: readonly string[]) => void;
  readonly coordinatorLogs: NodeCoordinatorLogs;
  readonly controller: ControllerHost;
  readonly metadataLog: MetadataLog;
  readonly quorum: Quorum;
  readonly lifecycle: BrokerLifecycle;
  readonly producerIds: ProducerIds;
  readonly #options: BuildOptions;
  readonly #directories: NodeDirectories;

  /** Throws what a person can put right: ConfigError, IdentityError, DiskError, LogError. */
  constructor(options: BuildOptions) {
    const { node, voters, links } = options;
    const { id, log } = node;
    this.#options = options;
    const onTimerError = (error: unknown) => log('error', `a timer failed: ${describe(error)}`);
    this.timers = new NodeTimers(onTimerError);
    this.clock = node.clock ?? steadyClock;
    this.scheduled = node.clock === null ? this.timers : new NodeTimers(onTimerError, node.clock);
    this.config = new NodeConfig(id, withIdentity(node, voters));
    this.disk = new FileDisk({ flush: node.flushes });
    this.#directories = openDirectories(this.disk, node);
    this.logs = this.#directories.logs;
    this.logs.isCordoned = (path) => this.#isCordoned(path);
    const connectTimeoutMs = Math.min(this.config.number('socket.connection.setup.timeout.ms'), 2000);
    this.peers = new Peers({ timers: this.timers, links, connectTimeoutMs, now: steadyNow });
    this.channel = this.#buildChannel();
    this.metadata = this.#buildMetadata();
    this.replicas = this.#buildReplicas();
    const autoTopics = new AutoTopics(this.channel, this.config);
    this.autoCreate = (topics) => autoTopics.create(topics);
    this.coordinatorLogs = this.#buildCoordinatorLogs();
    this.controller = this.#buildController();
    this.metadataLog = this.#buildMetadataLog();
    this.quorum = this.#buildQuorum();
    this.lifecycle = this.#buildLifecycle();
    this.producerIds = new ProducerIds(this.channel, () => ({ id, epoch: this.lifecycle.brokerEpoch }));
  }

  /** Nothing is read or written any more: others may use the directories. */
  releaseDirectories(): void {
    this.#directories.release();
  }

  #buildChannel(): NodeControllerChannel {
    return new NodeControllerChannel({
      clientId: this.#clientId,
      timers: this.timers,
      nowMs: steadyNow,
      leader: () => this.#voterPeer(this.quorum.leaderId, 'controller'),
      retryMs: 50,
    });
  }

  #buildMetadata(): Metadata {
    return new Metadata({
      brokerEpoch: () => this.lifecycle.brokerEpoch,
      onPublished: (image, changes, isFirst) => {
        this.config.follow(image);
        if (isFirst) this.replicas.start(image);
        this.replicas.publish(image, changes);
        if (isFirst) this.#options.onPublished();
      },
    });
  }

  #buildReplicas(): ReplicaManager {
    const { config, timers, channel } = this;
    const { id, log, onChange } = this.#options.node;
    const brokerEpoch = () => this.lifecycle.brokerEpoch;
    const settings = new TopicSettingsCache();
    return new ReplicaManager({
      nodeId: id,
      logs: this.logs,
      timers,
      nowMs: steadyNow,
      scheduled: this.scheduled,
      clock: this.clock,
      clientId: this.#clientId,
      brokerEpoch,
      peerFor: (brokerId) => this.#brokerPeer(brokerId),
      fetcherSettings: () => fetcherSettings(config),
      replicaLagTimeMaxMs: () => config.number('replica.lag.time.max.ms'),
      topicSettings: (topic) =>
        settings.of(this.metadata.image, topic, { layers: config.layers, reader: config }),
      leaderQuota: this.#replicationQuota('leader'),
      followerQuota: this.#replicationQuota('follower'),
      isrChanges: new IsrChanges({ nodeId: id, channel, timers, brokerEpoch }),
      checkpointMs: () => config.number('replica.high.watermark.checkpoint.interval.ms'),
      cleaning: cleanerSettings(config),
      producerCheckMs: config.number('producer.id.expiration.check.interval.ms'),
      flushCheckMs: config.number('log.flush.scheduler.interval.ms'),
      folderDelayMs: () => config.number('log.segment.delete.delay.ms'),
      retentionCheck: {
        firstMs: config.number('log.initial.task.delay.ms'),
        everyMs: config.number('log.retention.check.interval.ms'),
      },
      assignments: new DirectoryAssignments({ nodeId: id, channel, timers, brokerEpoch }),
      bytesPerSecondMax: () =>
        Number(config.string('replica.alter.log.dirs.io.max.bytes.per.second') || Number.POSITIVE_INFINITY),
      onDirectoryFailed: ({ path }, error) => {
        if (path === this.#options.node.metadataDirectory) this.#options.onFailed(error);
        else this.lifecycle.directoryFailed();
      },
      onLeadership: (change) => this.coordinatorLogs.leadershipChanged(change),
      changed: onChange,
      warn: (message) => log('warn', message),
    });
  }

  #replicationQuota(side: 'leader' | 'follower'): ReplicationQuota {
    const { config, metadata } = this;
    return new ReplicationQuota({
      nodeId: this.#options.node.id,
      nowMs: steadyNow,
      bytesPerSecond: () =>
        Number(config.string(`${side}.replication.throttled.rate`) || Number.POSITIVE_INFINITY),
      throttledReplicas: (topic) =>
        configsOf(metadata.image, ResourceType.TOPIC, topic).get(`${side}.replication.throttled.replicas`),
      window: () => ({
        samples: config.number('replication.quota.window.num'),
        sampleMs: config.number('replication.quota.window.size.seconds') * 1000,
      }),
    });
  }

  #buildCoordinatorLogs(): NodeCoordinatorLogs {
    return new NodeCoordinatorLogs({
      replicas: this.replicas,
      image: () => this.metadata.image,
      autoCreate: this.autoCreate,
      timers: this.timers,
      nowMs: this.clock.now,
    });
  }

  #buildController(): ControllerHost {
    const { node } = this.#options;
    return new ControllerHost({
      nodeId: node.id,
      settings: controllerSettings(node, this.config, readBootstrap(this.disk, node.metadataDirectory)),
      ports: { random: Math.random, newUuid, scramKeys },
      quorum: () => this.quorum,
      timers: this.timers,
      nowMs: steadyNow,
      image: () => this.metadata.image,
    });
  }

  #buildMetadataLog(): MetadataLog {
    const { disk, config, logs } = this;
    const { node, voters } = this.#options;
    const { flushes } = node;
    const directory = `${node.metadataDirectory}/__cluster_metadata-0`;
    const snapshots = new MetadataSnapshots({ disk, directory, flushes });
    const log = openMetadataFiles({
      disk,
      directory,
      config: metadataLogConfig(config),
      logStartOffset: snapshots.earliestOffset,
      cleanShutdown: logs.wasCleanShutdown,
    });
    return new MetadataLog({ log, snapshots, disk, flushes, voterIds: voters.map((voter) => voter.id) });
  }

  #buildQuorum(): Quorum {
    const { metadata, controller, config } = this;
    const { node } = this.#options;
    const { id: nodeId, clusterId } = node;
    const voters = this.#options.voters.map(toVoter);
    const raft = raftConfig(config);
    return new Quorum({
      nodeId,
      warn: (message) => this.#options.node.log('warn', message),
      clusterId,
      directoryId: this.#directories.metadataDirectoryId,
      voters,
      config: raft,
      log: this.metadataLog,
      transport: new RaftTransport({
        context: { clusterId, voters },
        clientId: `raft-client-${nodeId}`,
        // Raft gives a request up by itself; this only keeps a dead connection from piling them up.
        timeoutMs: raft.requestTimeoutMs + 500,
        peerFor: (voterId, purpose) => this.#voterPeer(voterId, `raft-${purpose}`),
      }),
      timers: this.timers,
      nowMs: steadyNow,
      random: Math.random,
      onSnapshot: (snapshot) => metadata.load(snapshot),
      image: () => metadata.image,
      snapshotEvery: snapshotInterval(config),
      onCommitted: (batch) => metadata.apply(batch),
      onCaughtUp: (endOffset) => {
        metadata.publish();
        controller.committed(endOffset);
        this.lifecycle.metadataMoved();
      },
      onLeadership: (leadership) => {
        controller.leadership(leadership);
        this.channel.leaderChanged();
        node.onChange('quorum');
      },
      onFailed: this.#options.onFailed,
    });
  }

  #buildLifecycle(): BrokerLifecycle {
    const { config, metadata } = this;
    const { node, onRunning } = this.#options;
    const { id: nodeId, clusterId } = node;
    return new BrokerLifecycle({
      nodeId,
      clusterId,
      directoryIds: this.#directories.logDirectoryIds,
      offlineDirectoryIds: () => {
        const live = new Set(this.logs.live.map((directory) => directory.id));
        return this.#directories.logDirectoryIds.filter((directoryId) => !live.has(directoryId));
      },
      rack: config.string('broker.rack') || null,
      listeners: node.listeners
        .filter(({ kind }) => kind === 'broker')
        .map(({ name, advertisedHost: host, advertisedPort, port }) => ({
          name,
          host,
          port: advertisedPort || port,
          securityProtocol: 0,
        })),
      features: registeredFeatures(),
      previousBrokerEpoch: this.logs.cleanShutdownEpoch,
      cordonedDirectoryIds: () =>
        this.logs.live.filter(({ path }) => this.#isCordoned(path)).map((directory) => directory.id),
      channel: this.channel,
      timers: this.timers,
      heartbeatMs: () => heartbeatDelayMs(config),
      metadataEndOffset: () => metadata.image.endOffset,
      onRegistered: () => metadata.publish(),
      onRunning: () => {
        node.onChange('broker');
        onRunning();
      },
      log: (message) => node.log('info', message),
    });
  }

  /** cordoned.log.dirs names paths as log.dirs does; `*` is all of them. */
  #isCordoned(path: string): boolean {
    const cordoned = this.config.list('cordoned.log.dirs');
    return cordoned.includes('*') || cordoned.some((one) => resolve(one) === path);
  }

  get #clientId(): string {
    return `broker-${this.#options.node.id}`;
  }

  /** The controller listener of a voter; null for a node that is none. */
  #voterPeer(nodeId: number, purpose: string): Peer | null {
    const address = this.#options.voters.find((voter) => voter.id === nodeId);
    return address === undefined ? null : this.peers.get(address, purpose);
  }

  /** The client listener of a broker that is alive. */
  #brokerPeer(brokerId: number): Peer | null {
    const broker = this.metadata.image.brokers.get(brokerId);
    const endpoint =
      broker === undefined || broker.fenced
        ? null
        : endpointOf(broker, this.#options.node.interBrokerListener);
    return endpoint === null ? null : this.peers.get(endpoint, 'replication');
  }
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
