/** A cluster → the picture the map draws. Read only while the map is on somebody's screen. */
import type { Client, OffsetAnswer, TopicMetadata } from '@brokerlab/broker/client';
import type { ClusterView, GroupView, PartitionView, TopicView } from '../contract/main.ts';

const TOPICS_MAX = 60;
const PARTITIONS_MAX = 300;
const GROUPS_MAX = 20;

export interface ViewMark {
  readonly labId: string;
  readonly revision: number;
  readonly at: number;
}

export async function readClusterView(client: Client, mark: ViewMark): Promise<ClusterView> {
  const [metadata, description, listings] = await Promise.all([
    client.metadata(),
    client.describeCluster({ includeFenced: true }),
    client.listGroups(),
  ]);
  const { topics, left } = chooseTopics(metadata.topics);
  const offsets = await readOffsets(client, topics);
  const groups = await readGroups(
    client,
    listings.slice(0, GROUPS_MAX).map((listing) => listing.groupId),
  );
  return {
    ...mark,
    controller: description.controller,
    brokers: [...description.brokers].sort(byId).map((broker) => ({
      id: broker.id,
      address: `${broker.host}:${broker.port}`,
      rack: broker.rack,
      up: !broker.fenced,
    })),
    topics: topics.map((topic) => topicView(topic, offsets)),
    groups,
    truncated: left || listings.length > GROUPS_MAX,
  };
}

function byId(one: { readonly id: number }, other: { readonly id: number }): number {
  return one.id - other.id;
}

interface Offsets {
  readonly first: ReadonlyMap<string, number>;
  readonly last: ReadonlyMap<string, number>;
}

function chooseTopics(all: readonly TopicMetadata[]): { topics: TopicMetadata[]; left: boolean } {
  const sorted = all
    .filter((topic) => topic.error === null)
    .sort((a, b) => Number(a.internal) - Number(b.internal) || a.name.localeCompare(b.name));
  const topics: TopicMetadata[] = [];
  let partitions = 0;
  for (const topic of sorted) {
    partitions += topic.partitions.length;
    if (topics.length >= TOPICS_MAX || partitions > PARTITIONS_MAX) return { topics, left: true };
    topics.push(topic);
  }
  return { topics, left: false };
}

async function readOffsets(client: Client, topics: readonly TopicMetadata[]): Promise<Offsets> {
  const led = topics.flatMap((topic) =>
    topic.partitions
      .filter((partition) => partition.leader !== null)
      .map((partition) => ({ topic: topic.name, partition: partition.partition })),
  );
  if (led.length === 0) return { first: new Map(), last: new Map() };
  const [first, last] = await Promise.all([
    client.listOffsets(led.map((partition) => ({ ...partition, at: 'earliest' as const }))),
    client.listOffsets(led.map((partition) => ({ ...partition, at: 'latest' as const }))),
  ]);
  return { first: byPartition(first), last: byPartition(last) };
}

function byPartition(answers: readonly OffsetAnswer[]): ReadonlyMap<string, number> {
  return new Map(
    answers
      .filter((answer) => answer.error === null)
      .map((answer) => [partitionKey(answer.topic, answer.partition), answer.offset]),
  );
}

function topicView(topic: TopicMetadata, offsets: Offsets): TopicView {
  return {
    name: topic.name,
    internal: topic.internal,
    partitions: [...topic.partitions]
      .sort((a, b) => a.partition - b.partition)
      .map((partition): PartitionView => {
        const key = partitionKey(topic.name, partition.partition);
        return {
          partition: partition.partition,
          leader: partition.leader,
          replicas: [...partition.replicas],
          isr: [...partition.isr],
          firstOffset: offsets.first.get(key) ?? null,
          lastOffset: offsets.last.get(key) ?? null,
        };
      }),
    configs: [],
  };
}

async function readGroups(client: Client, groupIds: readonly string[]): Promise<GroupView[]> {
  if (groupIds.length === 0) return [];
  const [descriptions, committed] = await Promise.all([
    client.describeGroups(groupIds),
    Promise.all(groupIds.map((groupId) => client.offsetFetch(groupId).catch(() => []))),
  ]);
  const partitions = committed
    .flat()
    .map(({ topic, partition }) => ({ topic, partition, at: 'latest' as const }));
  const unique = [
    ...new Map(partitions.map((query) => [partitionKey(query.topic, query.partition), query])).values(),
  ];
  const ends = unique.length ? byPartition(await client.listOffsets(unique)) : new Map<string, number>();
  return descriptions.map((group) => {
    const index = groupIds.indexOf(group.groupId);
    const offsets = (committed[index] ?? []).map(({ topic, partition, offset }) => {
      const end = ends.get(partitionKey(topic, partition)) ?? null;
      const lag = offset === null || end === null ? null : Math.max(0, end - offset);
      return { topic, partition, committed: offset, end, lag };
    });
    const lags = offsets.flatMap((offset) => (offset.lag === null ? [] : [offset.lag]));
    return {
      id: group.groupId,
      state: group.state,
      members: group.members.map((member) => ({
        id: member.memberId,
        clientId: member.clientId,
        host: member.host,
        partitions: member.assignment.map(({ topic, partition }) => ({ topic, partition })),
      })),
      offsets,
      lag: lags.length ? lags.reduce((sum, lag) => sum + lag, 0) : null,
    };
  });
}

function partitionKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
