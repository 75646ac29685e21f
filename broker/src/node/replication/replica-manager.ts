/** All partitions of this node: brings their replicas in line with the metadata, has followers fetch, and does what is due
 *  from time to time (ISR checks, checkpoints, retention, removal of deleted files). */
import type { ImageChanges, TopicChange } from '../../controller/changes.ts';
import {
  configKey,
  emptyImage,
  type MetadataImage,
  type PartitionRegistration,
  ResourceType,
} from '../../controller/image.ts';
import type { LeaderReplica, LogDirectoryView, ReplicaService } from '../../handlers/replicas.ts';
import type { ChangeKind, Clock, Timers } from '../../handlers/services.ts';
import { ErrorCode } from '../../messages/errors.ts';
import type { CleanerSettings } from '../../storage/compaction/log-cleaner.ts';
import { DiskError } from '../../storage/disk.ts';
import { LogError } from '../../storage/log-contract.ts';
import type { Cleaner, LogDirectories } from '../../storage/log-directories.ts';
import type { LogDirectory } from '../../storage/log-directory.ts';
import type { TopicSettings } from '../config/log-config.ts';
import { newUuid } from '../identity.ts';
import type { Peer } from '../network/peer.ts';
import { Cleaning, type CleaningOptions } from '../storage/cleaning.ts';
import type { IsrChanges } from './isr-changes.ts';
import { Replica, type ReplicaHost } from './replica.ts';
import { type FetcherSettings, ReplicaFetcher } from './replica-fetcher.ts';
import {
  type AssignedPartition,
  ReplicaPlacement,
  type ReplicaPlacementOptions,
} from './replica-placement.ts';
import type { ReplicationQuota } from './replication-quota.ts';
import { Upkeep, type UpkeepOptions } from './upkeep.ts';

type OfUpkeep = Pick<UpkeepOptions, 'retentionCheck' | 'producerCheckMs' | 'flushCheckMs'>;
type OfPlacement = Pick<ReplicaPlacementOptions, 'assignments' | 'bytesPerSecondMax' | 'folderDelayMs'>;

export interface ReplicaManagerOptions extends OfUpkeep, OfPlacement {
  readonly nodeId: number;
  readonly logs: LogDirectories;
  readonly timers: Timers;
  readonly nowMs: () => number;
  /** The time of records, for retention, compaction and timestamps; `timers` and `nowMs` are real. */
  readonly scheduled: Timers;
  readonly clock: Clock;
  readonly clientId: string;
  readonly brokerEpoch: () => bigint;
  /** Connection to another broker's client listener; null while its address is not known. */
  readonly peerFor: (brokerId: number) => Peer | null;
  readonly fetcherSettings: () => FetcherSettings;
  readonly replicaLagTimeMaxMs: () => number;
  readonly topicSettings: (topic: string) => TopicSettings;
  readonly leaderQuota: ReplicationQuota;
  readonly followerQuota: ReplicationQuota;
  readonly isrChanges: IsrChanges;
  readonly checkpointMs: () => number;
  readonly cleaning: Pick<CleaningOptions, 'enabled' | 'backoffMs' | 'bytesPerSecondMax'> & {
    readonly settings: () => CleanerSettings;
  };
  /** A log directory failed and others go on. */
  readonly onDirectoryFailed: (directory: LogDirectory, error: Error) => void;
  readonly onLeadership: (change: LeadershipChange) => void;
  readonly changed: (kind: ChangeKind) => void;
  readonly warn: (message: string) => void;
}

type Unopened = Omit<AssignedPartition, 'registration'>;

export interface LeadershipChange {
  readonly topic: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly leads: boolean;
}

export class ReplicaManager implements ReplicaService, ReplicaHost {
  readonly #options: ReplicaManagerOptions;
  readonly #replicas = new Map<string, Replica>();
  /** Assigned, and their folders not yet opened: opened in slices, or by the first who asks. */
  readonly #unopened = new Map<string, Unopened>();
  readonly #fetchers = new Map<number, { readonly fetcher: ReplicaFetcher; readonly peer: Peer }>();
  readonly #cleaner: Cleaner;
  readonly #cleaning: Cleaning;
  readonly #placement: ReplicaPlacement;
  readonly #upkeep: Upkeep;
  #image: MetadataImage = emptyImage;
  #checkpointDue = false;
  /** Whether the present change brings more folders than can be opened at once. */
  #opensLater = false;
  #stopped = false;
  #storageToldAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ReplicaManagerOptions) {
    this.#options = options;
    const { logs, scheduled: timers, cleaning, warn, clock } = options;
    const highWatermarkOf = (name: string) => this.#replicas.get(name)?.highWatermark ?? 0;
    const recordTimeMs = () => this.recordTimeMs();
    logs.onOffline = (...failure) => this.#directoryFailed(...failure);
    logs.onRefused = (error) => this.#tellOfStorage(error.message);
    this.#placement = new ReplicaPlacement({
      ...options,
      recordTimeMs,
      onMoved: (replica) => {
        this.#cleaner.forget(replica.name);
        this.#upkeep.removeLater();
      },
    });
    this.#upkeep = new Upkeep({ ...options, recordTimeMs, highWatermarkOf });
    this.#cleaner = logs.createCleaner({
      highWatermarkOf,
      settings: cleaning.settings,
      warn,
    });
    this.#cleaning = new Cleaning({
      ...cleaning,
      cleaner: this.#cleaner,
      timers,
      nowMs: clock.now,
      onFilesDeleted: () => {
        this.#upkeep.removeLater();
        options.changed('records');
      },
    });
  }

  get nodeId(): number {
    return this.#options.nodeId;
  }

  logDirectories(): LogDirectoryView[] {
    for (const name of [...this.#unopened.keys()]) this.#openUnopened(name);
    return this.#placement.describe(this.#replicas.values());
  }

  moveToDirectory(topic: string, partition: number, path: string): number {
    const isKnown = this.#image.topics.get(topic)?.partitions[partition] !== undefined;
    const code = this.#placement.move(path, nameOf(topic, partition), this.replica(topic, partition));
    return code === ErrorCode.REPLICA_NOT_AVAILABLE && !isKnown ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : code;
  }

  /** First metadata of a started broker: folders on the disk that the cluster does not know of are set aside. */
  start(image: MetadataImage): void {
    this.#image = image;
    const { logs, timers, warn } = this.#options;
    for (const { topic, partition, topicId } of logs.find()) {
      const known = this.#image.topics.get(topic);
      const mine = known?.partitions[partition]?.replicas.includes(this.nodeId) === true;
      if (mine && (topicId === undefined || topicId === known?.id)) continue;
      const path = logs.setAside(topic, partition, newUuid());
      warn(`${topic}-${partition} is not this broker's in the cluster's metadata, and kept as ${path}`);
    }
    this.#upkeep.start();
    this.#cleaning.start();
    timers.after(this.#options.replicaLagTimeMaxMs() / 2, () => this.#checkIsrs());
  }

  /** Newer metadata. `changes` lead from the image of the last call to this one. */
  publish(image: MetadataImage, changes: ImageChanges): void {
    this.#image = image;
    const changed = changes.topics.reduce((sum, { partitions }) => sum + partitions.length, 0);
    this.#opensLater = changed > OPENED_AT_ONCE;
    for (const change of changes.topics) this.#applyTopic(change);
    if (changes.brokersChanged) {
      this.#refollow();
      for (const replica of this.#replicas.values()) replica.maybeExpandIsr();
    }
    for (const key of changes.configs) this.#reconfigure(key);
  }

  leader(topic: string, partition: number, currentLeaderEpoch: number): LeaderReplica | number {
    const replica = this.replica(topic, partition);
    if (replica === undefined) {
      const known = this.#image.topics.get(topic)?.partitions[partition] !== undefined;
      if (known && this.#placement.isOffline(nameOf(topic, partition))) return ErrorCode.KAFKA_STORAGE_ERROR;
      return known ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }
    return replica.checkLeader(currentLeaderEpoch) || replica;
  }

  any(topic: string, partition: number, currentLeaderEpoch: number): LeaderReplica | number {
    const replica = this.replica(topic, partition);
    if (replica === undefined) return this.leader(topic, partition, currentLeaderEpoch);
    return replica.checkReadable(currentLeaderEpoch) || replica;
  }

  get leaderQuota(): ReplicationQuota {
    return this.#options.leaderQuota;
  }

  replica(topic: string, partition: number): Replica | undefined {
    const name = nameOf(topic, partition);
    this.#openUnopened(name);
    return this.#replicas.get(name);
  }

  nowMs(): number {
    return this.#options.nowMs();
  }

  recordTimeMs(): number {
    return this.#options.clock.now();
  }

  replicaLagTimeMaxMs(): number {
    return this.#options.replicaLagTimeMaxMs();
  }

  minInsyncReplicas(topic: string): number {
    return this.#options.topicSettings(topic).minInsyncReplicas;
  }

  mayDeleteRecords(topic: string): boolean {
    return this.#options.topicSettings(topic).log.cleanupPolicy.delete;
  }

  liveBrokerEpoch(brokerId: number): number | undefined {
    const broker = this.#image.brokers.get(brokerId);
    return broker === undefined || broker.fenced || broker.inControlledShutdown ? undefined : broker.epoch;
  }

  propose(...proposal: Parameters<ReplicaHost['propose']>): void {
    this.#options.isrChanges.propose(...proposal);
  }

  highWatermarkMoved(replica: Replica): void {
    if (replica.isLeader) this.#options.changed('records');
    if (this.#checkpointDue) return;
    this.#checkpointDue = true;
    this.#options.timers.after(this.#options.checkpointMs(), () => {
      this.#checkpointDue = false;
      this.#options.logs.checkpoint(this.#highWatermarks());
    });
  }

  /** Told once a while: a full disk refuses every single batch. */
  storageFailed(replica: Replica, error: Error): void {
    if (error instanceof DiskError) this.#options.logs.failed(replica.topic, replica.partition, error);
    this.#tellOfStorage(`${replica.name}: ${error.message}`);
  }

  isrMoved(): void {
    this.#options.changed('partition');
  }

  /** An orderly end: what followers and clients wait for is told off, logs are flushed and closed. */
  stop(): void {
    this.abandon();
    this.#options.logs.close(this.#highWatermarks(), Number(this.#options.brokerEpoch()));
  }

  /** As if the process were killed: nothing more is written. */
  abandon(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cleaning.stop();
    this.#placement.stop();
    for (const { fetcher } of this.#fetchers.values()) fetcher.stop();
    this.#fetchers.clear();
  }

  #applyTopic({ name, id, before, after, partitions }: TopicChange): void {
    for (const partition of this.#placement.inOrder(name, partitions)) {
      const registration = after?.partitions[partition];
      const isMine = registration?.replicas.includes(this.nodeId) === true;
      const wasMine = before?.partitions[partition]?.replicas.includes(this.nodeId) === true;
      if (isMine && registration !== undefined) {
        this.#takeInTurn({ topic: name, topicId: id, partition, registration });
      } else if (wasMine || (after === null && this.#replicas.has(nameOf(name, partition)))) {
        this.#remove(name, partition, id);
      }
    }
    this.#options.changed(after === null || before === null ? 'topic' : 'partition');
  }

  /**
   * Making folders for thousands of partitions takes seconds, which neither who created them nor anyone else waits
   * for: they are opened in slices afterwards.
   */
  #takeInTurn(assigned: AssignedPartition): void {
    const { topic, partition, topicId } = assigned;
    const name = nameOf(topic, partition);
    const known = this.#replicas.get(name) ?? this.#unopened.get(name);
    if (known !== undefined && known.topicId !== topicId) this.#remove(topic, partition, known.topicId);
    if (this.#replicas.has(name) || !this.#opensLater) {
      this.#unopened.delete(name);
      this.#take(assigned);
      return;
    }
    if (this.#unopened.size === 0) this.#openLater();
    this.#unopened.set(name, { topic, partition, topicId });
  }

  #openLater(): void {
    this.#options.timers.after(SLICE_EVERY_MS, () => {
      let left = SLICE;
      for (const name of this.#unopened.keys()) {
        if (this.#stopped || left-- === 0) break;
        this.#openUnopened(name);
      }
      if (this.#unopened.size > 0 && !this.#stopped) this.#openLater();
    });
  }

  #openUnopened(name: string): void {
    const unopened = this.#unopened.get(name);
    if (unopened === undefined) return;
    this.#unopened.delete(name);
    this.#takeStill(unopened);
  }

  /** Takes what was assigned earlier as it is assigned now, if it still is. */
  #takeStill({ topic, partition, topicId }: Unopened): void {
    const known = this.#image.topics.get(topic);
    const registration = known?.partitions[partition];
    const isMine = registration?.replicas.includes(this.nodeId) === true;
    if (known?.id === topicId && isMine) this.#take({ topic, partition, topicId, registration });
  }

  /** A disk that refuses the partition now may take it later; until then it is led, or missed, elsewhere. */
  #take(assigned: AssignedPartition): void {
    if (this.#placement.isLost(nameOf(assigned.topic, assigned.partition), assigned.registration)) return;
    try {
      const replica = this.#open(assigned);
      this.#takeRole(replica, assigned.registration);
      this.#placement.taken(replica, assigned.registration);
    } catch (error) {
      if (!(error instanceof DiskError || error instanceof LogError)) throw error;
      this.#placement.unreadable(assigned, error);
      this.#options.timers.after(openRetryMs, () => this.#takeStill(assigned));
    }
  }

  #takeRole(replica: Replica, registration: PartitionRegistration): void {
    const ledBefore = replica.isLeader;
    const epochBefore = replica.leaderEpoch;
    replica.follow(registration);
    this.#followLeader(replica);
    if (ledBefore !== replica.isLeader || (ledBefore && epochBefore !== replica.leaderEpoch)) {
      this.#tellLeadership(replica);
    }
  }

  #tellLeadership({ topic, partition, leaderEpoch, isLeader: leads }: Replica): void {
    this.#options.onLeadership({ topic, partition, leaderEpoch, leads });
  }

  #open({ topic, partition, topicId, registration }: AssignedPartition): Replica {
    const name = nameOf(topic, partition);
    const known = this.#replicas.get(name);
    if (known !== undefined && known.topicId === topicId) return known;
    if (known !== undefined) this.#remove(topic, partition, known.topicId);
    const { logs, topicSettings } = this.#options;
    const highWatermark = logs.checkpointedHighWatermark(topic, partition);
    const { log: config } = topicSettings(topic);
    const wanted = this.#placement.wantedFor(name, registration);
    const log = logs.open({ topic, partition, topicId, config, wanted });
    const replica = new Replica({ topic, topicId, partition, log, host: this, highWatermark });
    this.#replicas.set(name, replica);
    return replica;
  }

  #remove(topic: string, partition: number, topicId: string): void {
    const name = nameOf(topic, partition);
    if (this.#unopened.get(name)?.topicId === topicId) {
      this.#unopened.delete(name);
      if (this.#options.logs.get(topic, partition) !== undefined) this.#deleteFolder(topic, partition);
    }
    const replica = this.#replicas.get(name);
    if (replica === undefined || replica.topicId !== topicId) return;
    this.#letGo(replica);
    this.#cleaner.forget(name);
    this.#deleteFolder(topic, partition);
  }

  #letGo(replica: Replica): void {
    const led = replica.isLeader;
    this.#replicas.delete(replica.name);
    for (const { fetcher } of this.#fetchers.values()) fetcher.unfollow(replica);
    this.#placement.gone(replica);
    replica.close();
    if (led) this.#tellLeadership(replica);
  }

  /** What lay there is offline until this node begins again with a directory that works. */
  #directoryFailed(directory: LogDirectory, partitions: readonly string[], error: Error): void {
    this.#options.warn(
      `log directory ${directory.path} failed, and is offline from now on: ${error.message}`,
    );
    this.#placement.directoryFailed(directory, partitions);
    for (const name of partitions) {
      this.#unopened.delete(name);
      const replica = this.#replicas.get(name);
      if (replica !== undefined) this.#letGo(replica);
    }
    this.#options.onDirectoryFailed(directory, error);
    this.#options.changed('partition');
  }

  #tellOfStorage(message: string): void {
    const nowMs = this.nowMs();
    if (nowMs - this.#storageToldAtMs < storageTellEveryMs) return;
    this.#storageToldAtMs = nowMs;
    this.#options.warn(message);
  }

  #deleteFolder(topic: string, partition: number): void {
    const dueMs = this.recordTimeMs() + this.#options.folderDelayMs();
    this.#options.logs.delete(topic, partition, { dueMs, uniqueId: newUuid() });
    this.#upkeep.removeLater();
  }

  /** Puts the replica with the fetcher of its leader, and only there. */
  #followLeader(replica: Replica): void {
    const { leaderId } = replica;
    for (const [id, { fetcher }] of this.#fetchers) if (id !== leaderId) fetcher.unfollow(replica);
    if (leaderId === null || this.#stopped) return;
    this.#fetcherFor(leaderId)?.follow(replica);
  }

  #fetcherFor(brokerId: number): ReplicaFetcher | null {
    const peer = this.#options.peerFor(brokerId);
    const known = this.#fetchers.get(brokerId);
    if (peer === null) return known?.fetcher ?? null;
    if (known !== undefined && known.peer === peer) return known.fetcher;
    known?.fetcher.stop();
    const { nodeId, timers, clientId, brokerEpoch, fetcherSettings, followerQuota, warn, changed } =
      this.#options;
    const fetcher = new ReplicaFetcher({
      nodeId,
      peer,
      timers,
      clientId,
      brokerEpoch,
      settings: fetcherSettings,
      quota: followerQuota,
      onAppended: () => changed('records'),
      onError: (replica, error) => {
        if (error instanceof DiskError) this.#options.logs.failed(replica.topic, replica.partition, error);
        warn(`${replica.name}: ${String(error)}`);
      },
    });
    this.#fetchers.set(brokerId, { fetcher, peer });
    return fetcher;
  }

  /** A broker came back, perhaps at another address: its followers look for it again. */
  #refollow(): void {
    for (const replica of this.#replicas.values()) {
      const { leaderId } = replica;
      if (leaderId === null) continue;
      const known = this.#fetchers.get(leaderId);
      const peer = this.#options.peerFor(leaderId);
      if (known === undefined || (peer !== null && known.peer !== peer)) this.#followLeader(replica);
    }
    this.#options.changed('broker');
  }

  #reconfigure(key: string): void {
    const prefix = configKey(ResourceType.TOPIC, '');
    const isBroker = key.startsWith(configKey(ResourceType.BROKER, ''));
    for (const replica of this.#replicas.values()) {
      if (isBroker || key === `${prefix}${replica.topic}`) {
        replica.log.config = this.#options.topicSettings(replica.topic).log;
      }
    }
    this.#options.changed('config');
  }

  *#highWatermarks(): Generator<readonly [string, number]> {
    for (const replica of this.#replicas.values()) yield [replica.name, replica.highWatermark];
  }

  #checkIsrs(): void {
    for (const replica of this.#replicas.values()) replica.maybeShrinkIsr();
    this.#options.timers.after(this.#options.replicaLagTimeMaxMs() / 2, () => this.#checkIsrs());
  }
}

/** Partitions of one change whose folders are opened before the client is answered. */
const OPENED_AT_ONCE = 64;
/** Folders opened before everyone else has a turn: a few milliseconds of work, then as long a pause. */
const SLICE = 8;
const SLICE_EVERY_MS = 5;
const storageTellEveryMs = 10_000;
const openRetryMs = 1_000;

function nameOf(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}
