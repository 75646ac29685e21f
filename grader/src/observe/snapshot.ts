/**
 * A cluster as plain data, at one moment. `Needs` says which costlier parts to read; brokers, topics and partitions
 * are always there. Offsets are numbers here: a lab's logs stay far below 2^53.
 */

export interface Snapshot {
  /** By the lab's cluster id. */
  readonly clusters: Readonly<Record<string, ClusterSnapshot>>;
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
  readonly brokers: readonly BrokerView[];
  readonly topics: Readonly<Record<string, TopicView>>;
  /** Only groups that were asked for; a group that does not exist is `null`. */
  readonly groups: Readonly<Record<string, GroupView | null>>;
  /** Only topics whose records were asked for. */
  readonly records: Readonly<Record<string, RecordsView>>;
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
}

export interface GroupView {
  readonly state: string;
  readonly members: readonly GroupMemberView[];
  readonly committed: readonly CommittedOffset[];
}

export interface GroupMemberView {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
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
  readonly groups: readonly string[];
}
