/** Answers that stand in the trainee's own cluster. Several: each is right; none: nothing to answer yet. */
import type { ObservedAnswer } from '../lab/schema.ts';
import type { GroupView, PartitionView, ReachableCluster, RecordView } from '../observe/snapshot.ts';
import { keyPlace } from '../observe/snapshot.ts';
import { progress } from './group.ts';

export function observedAnswers(answer: ObservedAnswer, cluster: ReachableCluster): string[] {
  return ofPartition(answer, cluster) ?? ofGroup(answer, cluster) ?? ofTopic(answer, cluster) ?? [];
}

function one(value: string | number | null | undefined): string[] {
  return value === undefined || value === null ? [] : [String(value)];
}

interface Place {
  readonly topic: string;
  readonly partition: number;
}

function ofPartition(answer: ObservedAnswer, cluster: ReachableCluster): string[] | undefined {
  const at = ({ topic, partition }: Place): PartitionView | undefined =>
    cluster.topics[topic]?.partitions[partition];
  if ('leaderOf' in answer) {
    const leader = at(answer.leaderOf)?.leader;
    return leader === undefined || leader < 0 ? [] : [String(leader)];
  }
  if ('endOffsetOf' in answer) return one(at(answer.endOffsetOf)?.endOffset);
  if ('startOffsetOf' in answer) return one(at(answer.startOffsetOf)?.startOffset);
  if ('preferredLeaderOf' in answer) return one(at(answer.preferredLeaderOf)?.replicas[0]);
  if ('isrSizeOf' in answer) return one(at(answer.isrSizeOf)?.isr.length);
  if ('controller' in answer) return one(cluster.quorum?.leader);
  if ('quorumEpoch' in answer) return one(cluster.quorum?.epoch);
  return undefined;
}

function ofGroup(answer: ObservedAnswer, cluster: ReachableCluster): string[] | undefined {
  const ask = (id: string, read: (group: GroupView) => string | number | null | undefined): string[] => {
    const group = cluster.groups[id];
    return group ? one(read(group)) : [];
  };
  if ('lagOf' in answer) {
    const { group, topic } = answer.lagOf;
    return ask(group, (view) => progress(topic, view, cluster).lag);
  }
  if ('membersOf' in answer) return ask(answer.membersOf.group, ({ members }) => members.length);
  if ('idleMembersOf' in answer) {
    return ask(
      answer.idleMembersOf.group,
      ({ members }) => members.filter(({ assigned }) => assigned.length === 0).length,
    );
  }
  if ('coordinatorOf' in answer) return ask(answer.coordinatorOf.group, ({ coordinator }) => coordinator);
  if (!('ownerOf' in answer)) return undefined;
  const { group, topic, partition } = answer.ownerOf;
  return ask(
    group,
    ({ members }) =>
      members.find(({ assigned }) =>
        assigned.some((place) => place.topic === topic && place.partition === partition),
      )?.clientId,
  );
}

function ofTopic(answer: ObservedAnswer, cluster: ReachableCluster): string[] | undefined {
  if ('partitionOfKey' in answer) {
    const { topic, key } = answer.partitionOfKey;
    return partitionsWhere(cluster, topic, (record) => record.key === String(key));
  }
  if ('partitionOfValue' in answer) {
    const { topic, value } = answer.partitionOfValue;
    return partitionsWhere(cluster, topic, (record) => record.value === String(value));
  }
  if ('partitionForKey' in answer) {
    const { topic, key, partitions } = answer.partitionForKey;
    return one(cluster.keyPartitions?.[keyPlace({ topic, key: String(key), partitions })]);
  }
  if ('leadersOn' in answer) return [String(leadersOn(answer.leadersOn, cluster))];
  if ('recordsIn' in answer) return recordsIn(answer.recordsIn.topic, cluster);
  return 'valueAt' in answer ? valuesAt(answer.valueAt, cluster) : undefined;
}

function leadersOn(
  { broker, topic }: { broker: number; topic?: string | undefined },
  cluster: ReachableCluster,
): number {
  return Object.entries(cluster.topics)
    .filter(([name, view]) => (topic === undefined ? !view.internal : name === topic))
    .flatMap(([, view]) => view.partitions)
    .filter(({ leader }) => leader === broker).length;
}

function recordsIn(topic: string, cluster: ReachableCluster): string[] {
  const view = cluster.topics[topic];
  if (view === undefined) return [];
  const held = view.partitions.reduce(
    (sum, { startOffset = 0, endOffset = 0 }) => sum + Math.max(0, endOffset - startOffset),
    0,
  );
  return [String(held)];
}

function partitionsWhere(
  cluster: ReachableCluster,
  topic: string,
  fits: (record: RecordView) => boolean,
): string[] {
  const found = (cluster.records[topic]?.records ?? []).filter(fits);
  return [...new Set(found.map((record) => String(record.partition)))];
}

type ValueAt = Extract<ObservedAnswer, { valueAt: unknown }>['valueAt'];

function valuesAt(place: ValueAt, cluster: ReachableCluster): string[] {
  const records = cluster.records[place.topic]?.records ?? [];
  const partition =
    'partition' in place
      ? place.partition
      : records.find((record) => record.key === String(place.partitionOfKey))?.partition;
  return records
    .filter((record) => record.partition === partition && record.offset === place.offset)
    .flatMap((record) => (record.value === null ? [] : [record.value]));
}
