/** OffsetCommit, versions 2 to 10; by topic id in version 10 (KIP-848). */
import type { OffsetToCommit } from '../group/offset-commit.ts';
import type { OffsetCommitRequest, OffsetCommitResponse } from '../messages/08-offset-commit.ts';
import { ErrorCode } from '../messages/errors.ts';
import { type Input, ZERO_UUID } from '../wire/main.ts';
import type { RequestContext } from './context.ts';
import type { ActiveShard } from './groups.ts';
import { lookUpTopic } from './topic-lookup.ts';

type Response = Input<typeof OffsetCommitResponse>;

const TOPIC_IDS_SINCE = 10;

interface Slot {
  readonly partitionIndex: number;
  errorCode: number;
}

export async function offsetCommit(request: OffsetCommitRequest, context: RequestContext): Promise<Response> {
  const active = context.node.groups.shardOf(request.groupId);
  const offsets: OffsetToCommit[] = [];
  const slots: Slot[] = [];
  const topics = request.topics.map(({ name, topicId, partitions }) => ({
    name,
    topicId,
    partitions: partitions.map((partition) => {
      const slot: Slot = { partitionIndex: partition.partitionIndex, errorCode: ErrorCode.NONE };
      const found = resolve({ name, topicId }, partition.partitionIndex, context);
      if (typeof found === 'number') slot.errorCode = found;
      else {
        slots.push(slot);
        offsets.push({
          ...found,
          partition: partition.partitionIndex,
          offset: Number(partition.committedOffset),
          leaderEpoch: partition.committedLeaderEpoch,
          metadata: partition.committedMetadata ?? '',
        });
      }
      return slot;
    }),
  }));
  if (typeof active === 'number') for (const slot of slots) slot.errorCode = active;
  else await commit({ request, context, active, offsets, slots });
  return { topics };
}

function resolve(
  topic: { name: string; topicId: string },
  partition: number,
  { node, apiVersion }: RequestContext,
): { topic: string; topicId: string } | number {
  if (apiVersion >= TOPIC_IDS_SINCE && topic.topicId === ZERO_UUID) return ErrorCode.UNKNOWN_TOPIC_ID;
  const { image } = node.metadata;
  const found = lookUpTopic(image, topic);
  if (!('name' in found)) return found.errorCode;
  const known = image.topics.get(found.name);
  if (known?.partitions[partition] === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  return { topic: found.name, topicId: topic.topicId === ZERO_UUID ? ZERO_UUID : known.id };
}

async function commit(call: {
  request: OffsetCommitRequest;
  context: RequestContext;
  active: ActiveShard;
  offsets: readonly OffsetToCommit[];
  slots: readonly Slot[];
}): Promise<void> {
  const { request, context, active, offsets, slots } = call;
  const result = active.shard.commit(
    {
      groupId: request.groupId,
      memberId: request.memberId,
      groupInstanceId: request.groupInstanceId,
      generationId: request.generationIdOrMemberEpoch,
      version: context.apiVersion,
      retentionTimeMs: Number(request.retentionTimeMs),
      offsets,
    },
    context.node.groups.now(),
  );
  if (result.errorCode !== ErrorCode.NONE) {
    for (const slot of slots) slot.errorCode = result.errorCode;
    return;
  }
  const written = await active.carryOut({ records: result.records, replies: [] }, request.groupId);
  for (const [index, slot] of slots.entries()) {
    slot.errorCode = result.partitionErrors[index] || written;
  }
}
