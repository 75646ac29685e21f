/** OffsetDelete, version 0 (KIP-496): offsets of topics that nobody in the group reads. */
import { subscribedTopicNames } from '../group/consumer/subscription.ts';
import type { Group } from '../group/consumer/world.ts';
import type { GroupRecord } from '../group/effects.ts';
import { subscribedTopics } from '../group/subscriptions.ts';
import type { OffsetDeleteRequest, OffsetDeleteResponse } from '../messages/47-offset-delete.ts';
import { ErrorCode } from '../messages/errors.ts';
import type { Input } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import { shardFor } from './groups.ts';

type Response = Input<typeof OffsetDeleteResponse>;

export async function offsetDelete(request: OffsetDeleteRequest, context: RequestContext): Promise<Response> {
  const active = shardFor(context, request.groupId);
  if (typeof active === 'number') return { errorCode: active };
  const group = active.shard.groups.get(request.groupId);
  if (group === undefined || group.state === 'Dead') return { errorCode: ErrorCode.GROUP_ID_NOT_FOUND };
  if (group.type === 'Classic' && group.state !== 'Empty' && group.protocolType !== 'consumer') {
    return { errorCode: ErrorCode.NON_EMPTY_GROUP };
  }
  const { records, topics } = decide(request, group, context);
  const kept = records.filter(({ topic, partition }) =>
    active.shard.offsets.get(request.groupId, topic, partition),
  );
  const written = await active.carryOut({ records: kept, replies: [] }, request.groupId);
  return written === ErrorCode.NONE ? { topics } : { errorCode: written };
}

function decide(request: OffsetDeleteRequest, group: Group, { node }: RequestContext) {
  const records: Extract<GroupRecord, { kind: 'offset' }>[] = [];
  const read = readBy(group);
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => {
      const known = node.metadata.image.topics.get(name)?.partitions[partitionIndex] !== undefined;
      if (!known) return { partitionIndex, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
      if (read.has(name)) return { partitionIndex, errorCode: ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC };
      records.push({
        kind: 'offset',
        groupId: request.groupId,
        topic: name,
        partition: partitionIndex,
        value: null,
      });
      return { partitionIndex, errorCode: ErrorCode.NONE };
    }),
  }));
  return { records, topics };
}

function readBy(group: Group): ReadonlySet<string> {
  if (group.type === 'Consumer') return subscribedTopicNames(group);
  return group.state === 'Empty' ? new Set() : subscribedTopics(group);
}
