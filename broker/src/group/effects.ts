/** What the group coordinator's pure core takes and gives. The shell appends `records`, then sends `replies`. */
import type { JoinGroupResponse } from '../messages/11-join-group.ts';
import type { SyncGroupResponse } from '../messages/14-sync-group.ts';
import type { ConsumerGroupCurrentMemberAssignmentValue } from '../messages/group/consumer-group-current-member-assignment-value.ts';
import type { ConsumerGroupMemberMetadataValue } from '../messages/group/consumer-group-member-metadata-value.ts';
import type { ConsumerGroupMetadataValue } from '../messages/group/consumer-group-metadata-value.ts';
import type { ConsumerGroupRegularExpressionValue } from '../messages/group/consumer-group-regular-expression-value.ts';
import type { ConsumerGroupTargetAssignmentMemberValue } from '../messages/group/consumer-group-target-assignment-member-value.ts';
import type { ConsumerGroupTargetAssignmentMetadataValue } from '../messages/group/consumer-group-target-assignment-metadata-value.ts';
import type { GroupMetadataValue } from '../messages/group/group-metadata-value.ts';
import type { Input } from '../wire/schema.ts';

/** Names the caller of a request that may be answered later. Given by the shell, handed back with the answer. */
export type Ticket = number;

export type JoinReply = Input<typeof JoinGroupResponse>;
export type SyncReply = Input<typeof SyncGroupResponse>;

export type Reply =
  | { readonly kind: 'join'; readonly ticket: Ticket; readonly body: JoinReply }
  | { readonly kind: 'sync'; readonly ticket: Ticket; readonly body: SyncReply };

export interface CommittedOffset {
  readonly offset: number;
  /** -1 when the consumer did not say. */
  readonly leaderEpoch: number;
  readonly metadata: string;
  /** Wall clock. */
  readonly commitTimestampMs: number;
  /** Only with the retention of OffsetCommit before version 5. */
  readonly expireTimestampMs: number | null;
  readonly topicId: string;
}

/** A change of a group of the consumer protocol (KIP-848). A null value deletes (tombstone). */
export type ConsumerGroupRecord =
  | {
      readonly kind: 'consumerGroup';
      readonly groupId: string;
      readonly value: ConsumerGroupMetadataValue | null;
    }
  | {
      readonly kind: 'consumerMember';
      readonly groupId: string;
      readonly memberId: string;
      readonly value: ConsumerGroupMemberMetadataValue | null;
    }
  | {
      readonly kind: 'targetEpoch';
      readonly groupId: string;
      readonly value: ConsumerGroupTargetAssignmentMetadataValue | null;
    }
  | {
      readonly kind: 'target';
      readonly groupId: string;
      readonly memberId: string;
      readonly value: ConsumerGroupTargetAssignmentMemberValue | null;
    }
  | {
      readonly kind: 'current';
      readonly groupId: string;
      readonly memberId: string;
      readonly value: ConsumerGroupCurrentMemberAssignmentValue | null;
    }
  | {
      readonly kind: 'regularExpression';
      readonly groupId: string;
      readonly regularExpression: string;
      readonly value: ConsumerGroupRegularExpressionValue | null;
    };

/** A change to be written to `__consumer_offsets`. A null value deletes (tombstone). */
export type GroupRecord =
  | ConsumerGroupRecord
  | { readonly kind: 'group'; readonly groupId: string; readonly value: GroupMetadataValue | null }
  | {
      readonly kind: 'offset';
      readonly groupId: string;
      readonly topic: string;
      readonly partition: number;
      readonly value: CommittedOffset | null;
    };

export interface Effects {
  /** To be appended together, in this order; then given to `GroupShard.appended`. */
  readonly records: readonly GroupRecord[];
  /** To be sent when `records` are committed, at once when there are none. */
  readonly replies: readonly Reply[];
  /** Offsets only: they count when this producer's transaction commits. */
  readonly producer?: { readonly producerId: number; readonly producerEpoch: number };
}

export const NOTHING: Effects = { records: [], replies: [] };

export function merge(...all: readonly Effects[]): Effects {
  return {
    records: all.flatMap(({ records }) => records),
    replies: all.flatMap(({ replies }) => replies),
  };
}

export interface Now {
  /** For deadlines. */
  readonly monotonicMs: number;
  /** For timestamps that are stored or shown. */
  readonly wallMs: number;
}

export interface GroupPorts {
  /** A UUID as Java prints one; ends generated member ids. */
  readonly randomUuid: () => string;
  /** The cluster's topics as this node knows them now. */
  readonly topics: () => TopicView;
}

/** What the consumer protocol's assignors need to know of the topics. */
export interface TopicView {
  /** Another one after every change of a topic. */
  readonly version: number;
  readonly names: Iterable<string>;
  idOf(name: string): string | undefined;
  nameOf(id: string): string | undefined;
  /** 0 for a topic that is not there. */
  partitionCount(id: string): number;
}

/** Settings by Kafka's names. */
export interface GroupConfig {
  /** group.min.session.timeout.ms */
  readonly minSessionTimeoutMs: number;
  /** group.max.session.timeout.ms */
  readonly maxSessionTimeoutMs: number;
  /** group.initial.rebalance.delay.ms */
  readonly initialRebalanceDelayMs: number;
  /** group.max.size */
  readonly maxSize: number;
  /** offsets.retention.minutes */
  readonly offsetsRetentionMs: number;
  /** offset.metadata.max.bytes */
  readonly offsetMetadataBytesMax: number;
  readonly consumer: ConsumerProtocolConfig;
}

/** Settings of the consumer protocol by Kafka's names; those of one group after its dynamic configs. */
export interface ConsumerProtocolConfig {
  /** group.consumer.session.timeout.ms, or the group's consumer.session.timeout.ms */
  readonly sessionTimeoutMs: (groupId: string) => number;
  /** group.consumer.heartbeat.interval.ms, or the group's consumer.heartbeat.interval.ms */
  readonly heartbeatIntervalMs: (groupId: string) => number;
  /** group.consumer.assignment.interval.ms, or the group's consumer.assignment.interval.ms */
  readonly assignmentIntervalMs: (groupId: string) => number;
  /** group.consumer.max.size */
  readonly maxSize: number;
  /** group.consumer.assignors: the first is the default. */
  readonly assignors: readonly string[];
  /** group.consumer.migration.policy */
  readonly migrationPolicy: 'bidirectional' | 'upgrade' | 'downgrade' | 'disabled';
  /** group.consumer.regex.refresh.interval.ms */
  readonly regexRefreshIntervalMs: number;
}
