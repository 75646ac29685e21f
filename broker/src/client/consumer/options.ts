/** A consumer's settings (Kafka's names in camel case, Kafka's defaults). */
import type { ClientOptions, IsolationLevel, TopicPartition } from '../types.ts';
import type { AssignorName } from './assignors/registry.ts';

export interface ConsumerOptions extends ClientOptions {
  readonly groupId?: string;
  /** Static membership (KIP-345). */
  readonly groupInstanceId?: string;
  /** `consumer` is the protocol of KIP-848. Default `classic`. */
  readonly groupProtocol?: 'classic' | 'consumer';
  /** Default range, cooperative-sticky. */
  readonly assignors?: readonly AssignorName[];
  /** KIP-848 only: the broker's assignor by name. */
  readonly remoteAssignor?: string;
  /** Where to begin without a committed offset. Default `latest`. */
  readonly offsetReset?: 'earliest' | 'latest' | 'none';
  readonly isolation?: IsolationLevel;
  /** Default true. */
  readonly autoCommit?: boolean;
  /** Default 5,000. */
  readonly autoCommitIntervalMs?: number;
  /** Default 45,000. */
  readonly sessionTimeoutMs?: number;
  /** Default 3,000. */
  readonly heartbeatIntervalMs?: number;
  /** Default 300,000. */
  readonly pollIntervalMaxMs?: number;
  /** Default 500. */
  readonly pollRecordsMax?: number;
  /** Default 500. */
  readonly fetchWaitMsMax?: number;
  /** Default 1. */
  readonly fetchBytesMin?: number;
  /** Default 50 MiB. */
  readonly fetchBytesMax?: number;
  /** Default 1 MiB. */
  readonly partitionBytesMax?: number;
  /** Default 300,000. */
  readonly metadataAgeMsMax?: number;
  /** Default true: a missing topic is created, as brokers allow it. */
  readonly autoCreateTopics?: boolean;
  /** In which order assigned partitions are read. Default: as they were assigned. */
  readonly order?: (partitions: readonly TopicPartition[]) => readonly TopicPartition[];
  /** Default true: a pattern does not match Kafka's own topics. */
  readonly excludeInternalTopics?: boolean;
}

export type ResolvedConsumerOptions = Required<
  Omit<ConsumerOptions, keyof ClientOptions | 'groupId' | 'groupInstanceId' | 'remoteAssignor'>
> & {
  readonly groupId: string | null;
  readonly groupInstanceId: string | null;
  readonly remoteAssignor: string | null;
};

export function resolveConsumerOptions(options: ConsumerOptions): ResolvedConsumerOptions {
  const groupId = options.groupId ?? null;
  return {
    groupId,
    groupInstanceId: options.groupInstanceId ?? null,
    groupProtocol: options.groupProtocol ?? 'classic',
    assignors: options.assignors ?? ['range', 'cooperative-sticky'],
    remoteAssignor: options.remoteAssignor ?? null,
    offsetReset: options.offsetReset ?? 'latest',
    isolation: options.isolation ?? 'read_uncommitted',
    autoCommit: groupId !== null && options.autoCommit !== false,
    autoCommitIntervalMs: options.autoCommitIntervalMs ?? 5_000,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 45_000,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 3_000,
    pollIntervalMaxMs: options.pollIntervalMaxMs ?? 300_000,
    pollRecordsMax: options.pollRecordsMax ?? 500,
    fetchWaitMsMax: options.fetchWaitMsMax ?? 500,
    fetchBytesMin: options.fetchBytesMin ?? 1,
    fetchBytesMax: options.fetchBytesMax ?? 52_428_800,
    partitionBytesMax: options.partitionBytesMax ?? 1_048_576,
    metadataAgeMsMax: options.metadataAgeMsMax ?? 300_000,
    order: options.order ?? ((partitions) => partitions),
    autoCreateTopics: options.autoCreateTopics ?? true,
    excludeInternalTopics: options.excludeInternalTopics ?? true,
  };
}
