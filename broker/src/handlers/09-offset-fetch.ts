/** OffsetFetch, versions 1 to 10: one group before version 8, by topic id in version 10. */
import { fetchProblem } from '../group/consumer/offset-claims.ts';
import { NOTHING } from '../group/effects.ts';
import type { OffsetEntry } from '../group/offsets.ts';
import type { OffsetFetchRequest, OffsetFetchResponse } from '../messages/09-offset-fetch.ts';
import { ErrorCode } from '../messages/errors.ts';
import { type Input, ZERO_UUID } from '../wire/main.ts';
import type { RequestContext } from './context.ts';

type Response = Input<typeof OffsetFetchResponse>;
type GroupAnswer = NonNullable<Response['groups']>[number];
type TopicAnswer = NonNullable<GroupAnswer['topics']>[number];

const BATCHED_SINCE = 8;
const TOPIC_IDS_SINCE = 10;

interface Question {
  readonly groupId: string;
  /** Null and -1: not a member's question. */
  readonly memberId: string | null;
  readonly memberEpoch: number;
  /** Offsets that a transaction still decides about are an error, not the ones before (KIP-447). */
  readonly requireStable: boolean;
  /** Null: every offset the group has. */
  readonly topics: readonly { name: string; topicId: string; partitionIndexes: readonly number[] }[] | null;
}

export async function offsetFetch(request: OffsetFetchRequest, context: RequestContext): Promise<Response> {
  const { requireStable } = request;
  if (context.apiVersion >= BATCHED_SINCE) {
    return {
      groups: await Promise.all(
        request.groups.map((group) => committedAnswer({ ...group, requireStable }, context)),
      ),
    };
  }
  const topics = request.topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null;
  const { topics: answered, errorCode } = await committedAnswer(
    { groupId: request.groupId, topics, requireStable, memberId: null, memberEpoch: -1 },
    context,
  );
  return { topics: answered ?? [], errorCode: errorCode ?? ErrorCode.NONE };
}

/** What is told is committed by then: nobody sees an offset that a lost leader takes with it. */
async function committedAnswer(question: Question, context: RequestContext): Promise<GroupAnswer> {
  const { groupId } = question;
  const found = answer(question, context);
  const active = context.node.groups.shardOf(groupId);
  if (typeof active === 'number') return found;
  const errorCode = await active.carryOut(NOTHING, groupId, { afterAllBefore: true });
  return errorCode === ErrorCode.NONE ? found : { groupId, topics: [], errorCode };
}

function answer(question: Question, context: RequestContext): GroupAnswer {
  const { groupId, topics, requireStable } = question;
  const active = context.node.groups.shardOf(groupId);
  if (typeof active === 'number') return { groupId, topics: [], errorCode: active };
  const group = active.shard.groups.get(groupId);
  const refused = group?.type === 'Consumer' ? fetchProblem(group, question) : ErrorCode.NONE;
  if (refused !== ErrorCode.NONE) return { groupId, topics: [], errorCode: refused };
  const { offsets } = active.shard;
  const isUndecided = (topic: string, partition: number) =>
    requireStable && active.shard.isUndecided(groupId, topic, partition);
  if (topics === null) return { groupId, topics: everything([...offsets.of(groupId)], context) };
  const { image } = context.node.metadata;
  return {
    groupId,
    topics: topics.map(({ name, topicId, partitionIndexes }) => {
      const byId = context.apiVersion >= TOPIC_IDS_SINCE;
      const topic = byId ? image.topicNames.get(topicId) : name;
      return {
        name,
        topicId,
        partitions: partitionIndexes.map((partitionIndex) => {
          if (topic === undefined) {
            return { ...nothing(partitionIndex), errorCode: ErrorCode.UNKNOWN_TOPIC_ID };
          }
          if (isUndecided(topic, partitionIndex)) {
            return { ...nothing(partitionIndex), errorCode: ErrorCode.UNSTABLE_OFFSET_COMMIT };
          }
          const committed = offsets.get(groupId, topic, partitionIndex);
          return committed === undefined
            ? nothing(partitionIndex)
            : told({ topic, partition: partitionIndex, committed });
        }),
      };
    }),
  };
}

function everything(entries: readonly OffsetEntry[], context: RequestContext): TopicAnswer[] {
  const byTopic = new Map<string, OffsetEntry[]>();
  for (const entry of entries) byTopic.set(entry.topic, [...(byTopic.get(entry.topic) ?? []), entry]);
  return [...byTopic].map(([name, found]) => ({
    name,
    topicId: context.node.metadata.image.topics.get(name)?.id ?? ZERO_UUID,
    partitions: found.map(told),
  }));
}

function told({ partition, committed }: OffsetEntry) {
  return {
    partitionIndex: partition,
    committedOffset: BigInt(committed.offset),
    committedLeaderEpoch: committed.leaderEpoch,
    metadata: committed.metadata,
    errorCode: ErrorCode.NONE,
  };
}

function nothing(partitionIndex: number) {
  return { partitionIndex, committedOffset: -1n, committedLeaderEpoch: -1, metadata: '' };
}
