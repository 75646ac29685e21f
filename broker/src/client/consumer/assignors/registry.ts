/** The assignors by the names members offer to their group, and the metadata each sends along. */
import { ConsumerProtocolAssignment } from '../../../messages/consumer-protocol/consumer-protocol-assignment.ts';
import { ConsumerProtocolSubscription } from '../../../messages/consumer-protocol/consumer-protocol-subscription.ts';
import { decodeVersioned, encodeVersioned } from '../../../messages/versioned.ts';
import { message, NEVER } from '../../../wire/message.ts';
import { array, int32, string, struct } from '../../../wire/schema.ts';
import { byTopic } from '../../grouping.ts';
import type { TopicPartition } from '../../types.ts';
import type { Assignor, MemberSubscription } from './assignor.ts';
import { assignRange } from './range.ts';
import { assignRoundRobin } from './round-robin.ts';
import { assignCooperativeSticky, assignSticky } from './sticky.ts';

export type AssignorName = 'range' | 'roundrobin' | 'sticky' | 'cooperative-sticky';

export const assignors: Readonly<Record<AssignorName, Assignor>> = {
  range: assignRange,
  roundrobin: assignRoundRobin,
  sticky: assignSticky,
  'cooperative-sticky': assignCooperativeSticky,
};

const subscriptionVersion = 3;
const assignmentVersion = 3;

/** StickyAssignor's own data: what the member held when its group was last stable. */
const StickyData = message('StickyData', {
  versions: [1, 1],
  flexibleFrom: NEVER,
  fields: {
    previousAssignment: array(struct({ topic: string, partitions: array(int32) })),
    generation: int32.default(-1),
  },
});

export interface OwnSubscription {
  readonly topics: readonly string[];
  /** Kept over a rebalance; empty where all is given up first. */
  readonly owned: readonly TopicPartition[];
  /** Held at the last stable generation. */
  readonly previous: readonly TopicPartition[];
  readonly generation: number;
}

export function encodeSubscription(assignor: AssignorName, own: OwnSubscription): Buffer {
  return encodeVersioned(ConsumerProtocolSubscription, subscriptionVersion, {
    topics: [...own.topics].sort(),
    userData: userData(assignor, own),
    ownedPartitions: nested(own.owned),
    generationId: own.generation,
    rackId: null,
  });
}

function userData(assignor: AssignorName, own: OwnSubscription): Buffer | null {
  if (assignor === 'sticky') {
    if (own.previous.length === 0) return null;
    return StickyData.encode(1, { previousAssignment: nested(own.previous), generation: own.generation });
  }
  if (assignor !== 'cooperative-sticky') return null;
  const generation = Buffer.alloc(4);
  generation.writeInt32BE(own.generation);
  return generation;
}

export function decodeMember(
  assignor: AssignorName,
  member: { readonly memberId: string; readonly groupInstanceId: string | null; readonly metadata: Buffer },
): MemberSubscription {
  const subscription = decodeVersioned(ConsumerProtocolSubscription, member.metadata);
  const base = { memberId: member.memberId, instanceId: member.groupInstanceId, topics: subscription.topics };
  const { userData: data } = subscription;
  if (assignor === 'sticky' && data !== null && data.length > 0) {
    const held = StickyData.decode(1, data);
    return { ...base, owned: flat(held.previousAssignment), generation: held.generation };
  }
  const told = assignor === 'cooperative-sticky' && data !== null && data.length >= 4;
  const generation = told ? data.readInt32BE(0) : subscription.generationId;
  return { ...base, owned: flat(subscription.ownedPartitions), generation };
}

export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  return encodeVersioned(ConsumerProtocolAssignment, assignmentVersion, {
    assignedPartitions: nested(partitions),
    userData: null,
  });
}

export function decodeAssignment(bytes: Buffer): TopicPartition[] {
  if (bytes.length === 0) return [];
  return flat(decodeVersioned(ConsumerProtocolAssignment, bytes).assignedPartitions);
}

function nested(partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] {
  return byTopic(partitions).map(({ topic, items }) => ({
    topic,
    partitions: items.map((item) => item.partition),
  }));
}

function flat(
  topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}
