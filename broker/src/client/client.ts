/** The client's interface; `connect.ts` builds one. */
import type { Call } from './connection.ts';
import type { Network, Target } from './network.ts';
import type {
  AclEntry,
  ApiError,
  ClusterDescription,
  ClusterMetadata,
  CommittedOffset,
  ConfigAlteration,
  ConfigDescription,
  ConfigQuery,
  ConfigResource,
  FetchedBatch,
  FetchQuery,
  GroupDescription,
  GroupGeneration,
  GroupListing,
  IsolationLevel,
  LogSize,
  NewPartitions,
  NewTopic,
  OffsetAnswer,
  OffsetQuery,
  OffsetToCommit,
  OngoingReassignment,
  Outcome,
  PartitionOutcome,
  QuorumDescription,
  Reassignment,
  TopicDescription,
  TopicPartition,
} from './types.ts';

/**
 * A connection to one cluster. Every call has a limit (`apiTimeoutMs`) and retries what Kafka calls
 * retriable; nothing runs between calls. A closed client refuses with code `closed`.
 */
export interface Client {
  /** The connections underneath, for producers and consumers that share them. */
  readonly network: Network;
  /** No topics named: all of them. `autoCreate` is what a producer asks for. */
  metadata(options?: {
    readonly topics?: readonly string[];
    readonly autoCreate?: boolean;
  }): Promise<ClusterMetadata>;
  describeCluster(options?: { readonly includeFenced?: boolean }): Promise<ClusterDescription>;
  /** With eligible leader replicas; falls back to Metadata on brokers without that API. */
  describeTopicPartitions(
    topics: readonly string[],
    options?: { readonly partitionsPerResponse?: number },
  ): Promise<readonly TopicDescription[]>;
  createTopics(
    topics: readonly NewTopic[],
    options?: { readonly validateOnly?: boolean },
  ): Promise<readonly (Outcome & { readonly topicId: string })[]>;
  deleteTopics(topics: readonly string[]): Promise<readonly Outcome[]>;
  createPartitions(
    topics: readonly NewPartitions[],
    options?: { readonly validateOnly?: boolean },
  ): Promise<readonly Outcome[]>;
  describeConfigs(
    resources: readonly ConfigResource[],
    options?: ConfigQuery,
  ): Promise<readonly ConfigDescription[]>;
  /** All of them. Throws SECURITY_DISABLED where there is no authorizer. */
  describeAcls(): Promise<readonly AclEntry[]>;
  incrementalAlterConfigs(
    alterations: readonly ConfigAlteration[],
    options?: { readonly validateOnly?: boolean },
  ): Promise<readonly { readonly resource: ConfigResource; readonly error: ApiError | null }[]>;
  listOffsets(
    queries: readonly OffsetQuery[],
    options?: { readonly isolation?: IsolationLevel },
  ): Promise<readonly OffsetAnswer[]>;
  listGroups(options?: {
    readonly states?: readonly string[];
    readonly types?: readonly string[];
  }): Promise<readonly GroupListing[]>;
  /** ConsumerGroupDescribe first, DescribeGroups for those it does not know, as the Java admin does. */
  describeGroups(groupIds: readonly string[]): Promise<readonly GroupDescription[]>;
  /** No partitions named: all that have a committed offset. */
  offsetFetch(groupId: string, partitions?: readonly TopicPartition[]): Promise<readonly CommittedOffset[]>;
  offsetCommit(groupId: string, offsets: readonly OffsetToCommit[]): Promise<readonly PartitionOutcome[]>;
  deleteGroups(groupIds: readonly string[]): Promise<readonly Outcome[]>;
  /** Takes members out of a classic group, static ones too. */
  removeMembers(
    groupId: string,
    members: readonly { readonly memberId: string; readonly instanceId: string | null }[],
  ): Promise<void>;
  /** Throws the group's own error (e.g. GROUP_ID_NOT_FOUND). */
  offsetDelete(groupId: string, partitions: readonly TopicPartition[]): Promise<readonly PartitionOutcome[]>;
  /** Decoded records, every codec. Throws when the partition answers an error (e.g. OFFSET_OUT_OF_RANGE). */
  fetchRecords(query: FetchQuery): Promise<FetchedBatch>;
  describeQuorum(): Promise<QuorumDescription>;
  /** No partitions named: all that are moving. */
  listReassignments(partitions?: readonly TopicPartition[]): Promise<readonly OngoingReassignment[]>;
  alterReassignments(moves: readonly Reassignment[]): Promise<readonly PartitionOutcome[]>;
  electPreferredLeaders(partitions: readonly TopicPartition[]): Promise<readonly PartitionOutcome[]>;
  /** Everything below `before` goes. */
  deleteRecords(
    limits: readonly (TopicPartition & { readonly before: number })[],
  ): Promise<readonly PartitionOutcome[]>;
  /** Of every replica on a broker that answers. */
  describeLogSizes(topics: readonly string[]): Promise<readonly LogSize[]>;
  /** Of a classic group, from the coordinator's own records; `null`: there are none. */
  readGroupGeneration(groupId: string): Promise<GroupGeneration | null>;
  /** Any call of the protocol, at the newest version both sides have. */
  request<QT, QI, RT, RI>(target: Target, call: Call<QT, QI, RT, RI>): Promise<RT>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
