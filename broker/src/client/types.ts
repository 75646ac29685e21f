/**
 * What the client answers with: plain data, no wire types.
 *
 * Offsets, timestamps and byte counts are `number` here (the wire has int64): the conversion stands in
 * `int64.ts`. Per-item failures are values (`error`); a failure of the whole call throws a `ClientError`.
 */
import type { Duplex } from 'node:stream';
import type { CodecName } from '../messages/compression.ts';

/** Whom a connection is wanted to: a broker by its id, or any of them, when none is known yet. */
export type DialTarget = number | 'bootstrap';

export interface ClientOptions {
  /** `host:port,host:port`. Left out when `dial` reaches the cluster by itself. */
  readonly bootstrap?: string;
  /** Opens a stream to a broker whatever its advertised address; e.g. a Unix socket per node id. */
  readonly dial?: (target: DialTarget) => Duplex;
  /** The addresses are controllers' (KIP-919), which know of configs and the quorum, not of topics' places. */
  readonly controllers?: boolean;
  readonly clientId?: string;
  /** Limit for one request and its answer. Default 30,000. */
  readonly requestTimeoutMs?: number;
  /** Limit for a whole call with its retries. Default 60,000. */
  readonly apiTimeoutMs?: number;
  /** Limit for opening one connection. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** First pause between retries, doubled up to `retryBackoffMaxMs`. Default 100. */
  readonly retryBackoffMs?: number;
  /** Default 1,000. */
  readonly retryBackoffMaxMs?: number;
  /** Told what a person should know (a broker that cannot be reached, a recoverable answer). */
  readonly onWarning?: (warning: ClientWarning) => void;
}

export interface ClientWarning {
  readonly level: 'WARN' | 'ERROR' | 'INFO';
  readonly message: string;
  /** The Java class whose logger says this in Apache Kafka. */
  readonly logger: string;
}

/** An error code that a broker sent, with Kafka's name, Java class and text for it. */
export interface ApiError {
  readonly code: number;
  readonly name: string;
  /** Simple name of the Java class, e.g. `TopicExistsException`. */
  readonly exception: string;
  readonly message: string;
  readonly retriable: boolean;
}

export interface BrokerInfo {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface PartitionMetadata {
  readonly partition: number;
  readonly error: ApiError | null;
  /** `null`: no leader now. */
  readonly leader: number | null;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offlineReplicas: readonly number[];
}

export interface TopicMetadata {
  readonly name: string;
  readonly topicId: string;
  readonly error: ApiError | null;
  readonly internal: boolean;
  readonly partitions: readonly PartitionMetadata[];
}

export interface ClusterMetadata {
  readonly clusterId: string | null;
  readonly controller: number | null;
  readonly brokers: readonly BrokerInfo[];
  readonly topics: readonly TopicMetadata[];
}

export interface ClusterDescription {
  readonly clusterId: string;
  readonly controller: number | null;
  readonly brokers: readonly (BrokerInfo & { readonly fenced: boolean })[];
}

export interface PartitionDescription extends PartitionMetadata {
  /** `null`: the cluster does not keep eligible leader replicas (KIP-966). */
  readonly eligibleLeaderReplicas: readonly number[] | null;
  readonly lastKnownElr: readonly number[] | null;
}

export interface TopicDescription {
  readonly name: string;
  readonly topicId: string;
  readonly error: ApiError | null;
  readonly internal: boolean;
  readonly partitions: readonly PartitionDescription[];
}

export interface NewTopic {
  readonly name: string;
  /** Left out: the cluster's default. */
  readonly partitions?: number;
  readonly replicationFactor?: number;
  /** Replicas of each partition, instead of the two above. */
  readonly assignments?: readonly (readonly number[])[];
  readonly configs?: Readonly<Record<string, string | null>>;
}

export interface NewPartitions {
  readonly topic: string;
  readonly totalCount: number;
  /** Replicas of each added partition. */
  readonly assignments?: readonly (readonly number[])[];
}

/** The fate of one named thing (topic, group, resource) of a request. */
export interface Outcome {
  readonly name: string;
  readonly error: ApiError | null;
}

export interface PartitionOutcome {
  readonly topic: string;
  readonly partition: number;
  readonly error: ApiError | null;
}

export type ConfigResourceType = 'topic' | 'broker' | 'broker-logger' | 'client-metrics' | 'group';

/** A broker's name is its id as text; `''` means the default of all brokers. */
export interface ConfigResource {
  readonly type: ConfigResourceType;
  readonly name: string;
}

export type ConfigSource =
  | 'UNKNOWN'
  | 'DYNAMIC_TOPIC_CONFIG'
  | 'DYNAMIC_BROKER_CONFIG'
  | 'DYNAMIC_DEFAULT_BROKER_CONFIG'
  | 'STATIC_BROKER_CONFIG'
  | 'DEFAULT_CONFIG'
  | 'DYNAMIC_BROKER_LOGGER_CONFIG'
  | 'DYNAMIC_CLIENT_METRICS_CONFIG'
  | 'DYNAMIC_GROUP_CONFIG';

export interface ConfigSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: ConfigSource;
}

export interface ConfigEntry extends ConfigSynonym {
  readonly readOnly: boolean;
  readonly sensitive: boolean;
  readonly synonyms: readonly ConfigSynonym[];
  /** What it does, in the broker's words; null: not asked for. */
  readonly documentation: string | null;
}

export interface ConfigQuery {
  /** Left out: all. */
  readonly keys?: readonly string[];
  readonly synonyms?: boolean;
  readonly documentation?: boolean;
}

/** Names as kafka-acls.sh has them: `TOPIC`, `LITERAL`, `READ`, `ALLOW`. */
export interface AclEntry {
  readonly resourceType: string;
  readonly resourceName: string;
  readonly patternType: string;
  readonly principal: string;
  readonly host: string;
  readonly operation: string;
  readonly permission: string;
}

export interface ConfigDescription {
  readonly resource: ConfigResource;
  readonly error: ApiError | null;
  readonly entries: readonly ConfigEntry[];
}

export type ConfigOperation = 'set' | 'delete' | 'append' | 'subtract';

export interface ConfigAlteration {
  readonly resource: ConfigResource;
  readonly changes: readonly {
    readonly name: string;
    readonly operation: ConfigOperation;
    readonly value?: string | null;
  }[];
}

/** A time in milliseconds, or a named position (`latest` respects the isolation level). */
export type OffsetSpec =
  | number
  | 'earliest'
  | 'latest'
  | 'max-timestamp'
  | 'earliest-local'
  | 'latest-tiered'
  | 'earliest-pending-upload';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface OffsetQuery extends TopicPartition {
  readonly at: OffsetSpec;
}

export interface OffsetAnswer extends PartitionOutcome {
  /** -1: no record at or after that time. */
  readonly offset: number;
  readonly timestamp: number;
  readonly leaderEpoch: number;
}

export type IsolationLevel = 'read_uncommitted' | 'read_committed';

export interface GroupListing {
  readonly groupId: string;
  /** `consumer`, `connect`, …; empty for a group that only keeps offsets. */
  readonly protocolType: string;
  /** `Stable`, `Empty`, …; empty when the broker is too old to say. */
  readonly state: string;
  /** `Classic`, `Consumer`, …; empty when the broker is too old to say. */
  readonly type: string;
}

export interface GroupMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly TopicPartition[];
  /** Set for the consumer protocol (KIP-848) only. */
  readonly target: readonly TopicPartition[] | null;
  readonly epoch: number | null;
  /** Consumer protocol: false while the member still speaks the classic one. */
  readonly upgraded: boolean | null;
}

export interface GroupDescription {
  readonly groupId: string;
  readonly error: ApiError | null;
  readonly type: 'Classic' | 'Consumer';
  readonly protocolType: string;
  readonly state: string;
  /** `range`, `uniform`, …; empty when there is none. */
  readonly assignor: string;
  readonly members: readonly GroupMember[];
  readonly coordinator: BrokerInfo | null;
  readonly epoch: number | null;
  readonly targetEpoch: number | null;
}

export interface CommittedOffset extends PartitionOutcome {
  /** `null`: nothing committed. */
  readonly offset: number | null;
  readonly leaderEpoch: number | null;
  readonly metadata: string | null;
}

export interface OffsetToCommit extends TopicPartition {
  readonly offset: number;
  readonly leaderEpoch?: number;
  readonly metadata?: string;
}

export type TimestampType = 'CreateTime' | 'LogAppendTime' | 'NoTimestampType';

export interface RecordHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

export interface FetchedRecord extends TopicPartition {
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: TimestampType;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
  readonly leaderEpoch: number;
  /** The batch in which it was stored; the same object for all of its records. */
  readonly batch: BatchInfo;
}

/** How a record came: what the producer's settings left in its batch. */
export interface BatchInfo {
  readonly baseOffset: number;
  readonly codec: CodecName;
  readonly records: number;
  readonly idempotent: boolean;
  readonly transactional: boolean;
}

export interface FetchedBatch {
  readonly records: readonly FetchedRecord[];
  /** Where to read on; moves past control records and aborted ones too. */
  readonly nextOffset: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
}

export interface FetchQuery extends TopicPartition {
  readonly from: number;
  /** At most so many records. Default 1,000. */
  readonly max?: number;
  readonly isolation?: IsolationLevel;
  /** How long the broker may wait for the first byte. Default 0. */
  readonly waitMs?: number;
  /** Default 1 MiB. */
  readonly bytesMax?: number;
}

export interface QuorumReplica {
  readonly id: number;
  readonly directoryId: string;
  readonly logEndOffset: number;
  /** `null`: the leader does not know. */
  readonly lastFetchTimestamp: number | null;
  readonly lastCaughtUpTimestamp: number | null;
}

export interface QuorumEndpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export interface QuorumDescription {
  readonly leader: number | null;
  readonly leaderEpoch: number;
  readonly highWatermark: number;
  readonly voters: readonly QuorumReplica[];
  readonly observers: readonly QuorumReplica[];
  readonly endpoints: ReadonlyMap<number, readonly QuorumEndpoint[]>;
}

export interface OngoingReassignment extends TopicPartition {
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

/** How much a partition's replica holds on one broker's disk. */
export interface LogSize extends TopicPartition {
  readonly broker: number;
  readonly sizeBytes: number;
}

/** What the group's coordinator last wrote about a classic group. */
export interface GroupGeneration {
  readonly generation: number;
  readonly protocol: string | null;
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId: string | null;
    readonly clientId: string;
    readonly sessionTimeoutMs: number;
    readonly rebalanceTimeoutMs: number;
  }[];
}

/** Replicas that a partition is to have; `null` ends a move under way. */
export interface Reassignment extends TopicPartition {
  readonly replicas: readonly number[] | null;
}
