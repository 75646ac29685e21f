/** What a properties file asks for: clusters and flows, with every doubtful setting named by its line. */
import type { CodecName } from '../../messages/compression.ts';
import type { NameLists } from '../names/filters.ts';
import type { PolicySettings } from '../names/replication-policy.ts';

export interface MirrorSettings {
  readonly clusters: readonly ClusterSettings[];
  /** Every pair of clusters that mirrors or at least sends heartbeats. */
  readonly flows: readonly FlowSettings[];
  /** -1: metrics are not served. */
  readonly metricsPort: number;
  readonly metricsHost: string;
}

export interface ConnectionSettings {
  readonly bootstrap: string;
  readonly clientId: string | null;
  readonly requestTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly connectTimeoutMs: number;
}

export interface ClusterSettings {
  readonly alias: string;
  readonly connection: ConnectionSettings;
}

export interface ConsumerSettings {
  readonly offsetReset: 'earliest' | 'latest' | 'none';
  readonly isolation: 'read_uncommitted' | 'read_committed';
  readonly fetchBytesMin: number;
  readonly fetchBytesMax: number;
  readonly fetchWaitMsMax: number;
  readonly partitionBytesMax: number;
}

export interface ProducerSettings {
  readonly acks: -1 | 0 | 1;
  readonly idempotence: boolean;
  /** `null`: as the source's records are. */
  readonly compression: CodecName | null;
  /** Small batches are put together up to this size. */
  readonly batchBytes: number;
  readonly requestBytesMax: number;
  readonly transactionTimeoutMs: number;
}

/** Topics of Kafka Connect's on the target. */
export interface StorageSettings {
  readonly groupId: string;
  readonly offsets: StorageTopic;
  readonly configs: StorageTopic;
  readonly status: StorageTopic;
  readonly flushIntervalMs: number;
  readonly exactlyOnce: boolean;
}

export interface StorageTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
}

export interface FlowSettings {
  readonly source: string;
  readonly target: string;
  /** False: only heartbeats are sent. */
  readonly enabled: boolean;
  readonly topics: NameLists;
  readonly groups: NameLists;
  readonly configsExcluded: readonly string[];
  readonly defaultsFrom: 'source' | 'target';
  readonly policy: PolicySettings;
  readonly tasksMax: number;
  readonly replicationFactor: number;
  readonly offsetSyncs: {
    readonly enabled: boolean;
    readonly location: 'source' | 'target';
    readonly replicationFactor: number;
    readonly lagMax: number;
  };
  /** Intervals in milliseconds; `null`: switched off. */
  readonly refreshTopicsMs: number | null;
  readonly refreshGroupsMs: number | null;
  readonly syncTopicConfigsMs: number | null;
  readonly syncTopicAclsMs: number | null;
  readonly syncGroupOffsetsMs: number | null;
  readonly emitCheckpointsMs: number | null;
  readonly emitHeartbeatsMs: number | null;
  readonly checkpointsReplicationFactor: number;
  readonly heartbeatsReplicationFactor: number;
  readonly heartbeatsReplicated: boolean;
  readonly adminTimeoutMs: number;
  readonly consumer: ConsumerSettings;
  readonly producer: ProducerSettings;
  readonly storage: StorageSettings;
}

export interface Problem {
  /** `error`: nothing starts. */
  readonly severity: 'error' | 'warning';
  /** `null`: the whole file. */
  readonly line: number | null;
  readonly text: string;
}
