/**
 * A cluster as plain data, at one moment. `Needs` says which costlier parts to read; brokers, topics and partitions
 * are always there. Offsets are numbers here: a lab's logs stay far below 2^53.
 */

export interface Snapshot {
  /** By the lab's cluster id. */
  readonly clusters: Readonly<Record<string, ClusterSnapshot>>;
  /** When it was taken, by a clock that only goes forward; trends need it. */
  readonly atMs?: number;
}

export type ClusterSnapshot = ReachableCluster | UnreachableCluster;

export interface UnreachableCluster {
  readonly reachable: false;
  /** For people: why it could not be read. */
  readonly reason: string;
}

export interface ReachableCluster {
  readonly reachable: true;
  readonly clusterId: string;
  /** Those that run, in no particular order. */
  readonly brokers: readonly BrokerView[];
  /** null: none known right now. */
  readonly controller?: number | null;
  /** Every broker that is registered; absent unless asked for. */
  readonly registered?: readonly { readonly id: number; readonly fenced: boolean }[];
  /** Absent unless asked for, or while the quorum has no leader. */
  readonly quorum?: QuorumView;
  /** Broker id (`''`: the default of all) → values set at run time; only those asked for. */
  readonly brokerConfigs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Absent unless asked for. */
  readonly reassignments?: readonly MoveView[];
  /** `topic/key` or `topic/key/partitions` → where the default partitioner sends the key; only those asked for. */
  readonly keyPartitions?: Readonly<Record<string, number>>;
  readonly topics: Readonly<Record<string, TopicView>>;
  /** Only groups that were asked for; a group that does not exist is `null`. */
  readonly groups: Readonly<Record<string, GroupView | null>>;
  /** Only topics whose records were asked for. */
  readonly records: Readonly<Record<string, RecordsView>>;
  /** As `records`, read as read_committed. */
  readonly committedRecords?: Readonly<Record<string, RecordsView>>;
}

export interface QuorumView {
  readonly leader: number | null;
  readonly epoch: number;
  readonly voters: readonly QuorumVoterView[];
  readonly observers: readonly number[];
}

export interface QuorumVoterView {
  readonly id: number;
  /** Since its last fetch from the leader; null: the leader itself, or never. */
  readonly sinceFetchMs: number | null;
}

export interface MoveView {
  readonly topic: string;
  readonly partition: number;
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

export interface BrokerView {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface TopicView {
  readonly id: string;
  readonly internal: boolean;
  /** Ascending by partition. */
  readonly partitions: readonly PartitionView[];
  /** Set on the topic itself; absent unless asked for. */
  readonly configs?: Readonly<Record<string, string>>;
  /** `min.insync.replicas` as it applies; absent unless asked for. */
  readonly minInSync?: number;
}

export interface PartitionView {
  readonly partition: number;
  /** -1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** Absent unless asked for, or when the leader did not answer. */
  readonly startOffset?: number;
  readonly endOffset?: number;
  /** On the leader's disk; absent unless asked for. */
  readonly sizeBytes?: number;
}

export interface GroupView {
  readonly state: string;
  readonly members: readonly GroupMemberView[];
  readonly committed: readonly CommittedOffset[];
  readonly protocol?: 'classic' | 'consumer';
  /** '' when there is none. */
  readonly assignor?: string;
  /** Of the broker that coordinates it. */
  readonly coordinator?: number | null;
  /** Generation of a classic group, epoch of a KIP-848 one; absent unless asked for, null when unknown. */
  readonly generation?: number | null;
  /** Classic protocol; absent unless asked for. */
  readonly sessionTimeoutsMs?: readonly number[];
}

export interface GroupMemberView {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  /** `group.instance.id` of a static member. */
  readonly instanceId?: string | null;
  readonly assigned: readonly { readonly topic: string; readonly partition: number }[];
}

export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface RecordsView {
  readonly records: readonly RecordView[];
  /** Older records were left out: the topic holds more than a check looks at. */
  readonly truncated: boolean;
}

export interface RecordView {
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  /** Read as UTF-8; null: no key. */
  readonly key: string | null;
  readonly value: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly batch?: RecordBatchView;
}

/** What the producer's settings left behind. */
export interface RecordBatchView {
  readonly codec: string;
  readonly records: number;
  readonly idempotent: boolean;
  readonly transactional: boolean;
}

/** What a step's checks look at, by the lab's cluster id. */
export type Needs = Readonly<Record<string, ClusterNeeds>>;

export interface ClusterNeeds {
  /** Topics whose own configs are read. */
  readonly configs: readonly string[];
  /** Topics whose partitions' start and end offsets are read. */
  readonly offsets: readonly string[];
  /** Topics whose newest records are read. */
  readonly records: readonly string[];
  readonly committedRecords: readonly string[];
  readonly groups: readonly string[];
  /** Groups whose generation and members' settings are read. */
  readonly generations: readonly string[];
  /** Topics whose size on disk is read. */
  readonly sizes: readonly string[];
  /** Ids of brokers whose configs are read; `''` is the default of all, `*` means that and every running one. */
  readonly brokerConfigs: readonly string[];
  readonly keys: readonly KeyNeed[];
  readonly registered: boolean;
  readonly quorum: boolean;
  readonly reassignments: boolean;
  /** Of every topic. */
  readonly minInSync: boolean;
}

export interface KeyNeed {
  readonly topic: string;
  readonly key: string;
  /** Left out: as many as the topic has. */
  readonly partitions?: number | undefined;
}

export const NO_NEEDS: ClusterNeeds = {
  configs: [],
  offsets: [],
  records: [],
  committedRecords: [],
  groups: [],
  generations: [],
  sizes: [],
  brokerConfigs: [],
  keys: [],
  registered: false,
  quorum: false,
  reassignments: false,
  minInSync: false,
};

export function keyPlace({ topic, key, partitions }: KeyNeed): string {
  return partitions === undefined ? `${topic}/${key}` : `${topic}/${key}/${partitions}`;
}
