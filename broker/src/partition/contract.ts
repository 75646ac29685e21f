/** What the partition core takes and gives. Plain data; offsets and epochs are numbers. */

/** The controller's word on a partition: the fields of PartitionRegistration that replicas act on. */
export interface PartitionAssignment {
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly removingReplicas: readonly number[];
  /** -1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
}

/** Settings the leader acts on, read anew at each use: they may change while it leads. */
export interface LeaderSettings {
  /** replica.lag.time.max.ms */
  readonly replicaLagTimeMaxMs: number;
  /** min.insync.replicas of the topic. */
  readonly minInsyncReplicas: number;
}

/** What the leader asks the controller for (AlterPartition, KIP-497); at most one is outstanding. */
export interface AlterPartitionProposal {
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** Brokers with the epoch each fetched with, so that a restarted one is not taken for its former self (KIP-903). */
  readonly newIsr: readonly { readonly brokerId: number; readonly brokerEpoch: number }[];
}

/** The controller's answer to a proposal. */
export interface AlterPartitionAnswer {
  /** 0, or Kafka's error code; -1 when no answer came (connection lost, timeout). */
  readonly errorCode: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly isr: readonly number[];
}

/** A produce with acks=all whose fate is known now. */
export interface CompletedWait {
  readonly id: number;
  /** 0, NOT_ENOUGH_REPLICAS_AFTER_APPEND, NOT_LEADER_OR_FOLLOWER. */
  readonly errorCode: number;
}

/** What follows from an event. Empty in every part when nothing does. */
export interface LeaderOutcome {
  /** The new high watermark: consumers and coordinators waiting for it can go on. */
  readonly highWatermark?: number;
  /** To send to the controller; the answer comes back through `alterPartitionAnswered`. */
  readonly proposal?: AlterPartitionProposal;
  readonly completed: readonly CompletedWait[];
  /** The ISR the controller confirmed has changed. */
  readonly isrChanged?: boolean;
}

/** A follower's fetch as the leader sees it. */
export interface FollowerFetch {
  readonly brokerId: number;
  /** -1 from versions before 15. */
  readonly brokerEpoch: number;
  /** The follower's log end offset. */
  readonly fetchOffset: number;
  readonly logStartOffset: number;
  /** The leader's log end offset when this fetch was read. */
  readonly leaderEndOffset: number;
  readonly nowMs: number;
}

/** What the leader knows of one follower. */
export interface FollowerProgress {
  readonly brokerId: number;
  /** -1 until its first fetch in this leader epoch. */
  logEndOffset: number;
  logStartOffset: number;
  brokerEpoch: number;
  /** When it last had everything the leader had at the time of its fetch. */
  lastCaughtUpMs: number;
  lastFetchMs: number;
  /** The leader's end at its last fetch: reaching it counts as caught up at that time. */
  lastFetchLeaderEndOffset: number;
}
