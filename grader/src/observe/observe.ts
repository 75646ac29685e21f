/**
 * Takes a Snapshot through the Kafka protocol, reading no more than the needs say. A cluster that does not answer is
 * a finding, not an error: its snapshot says so and why. One owner looks at one cluster at a time.
 */
import type { Client, GroupDescription, OffsetAnswer, TopicMetadata } from '@brokerlab/broker/client';
import { readRecords } from './records.ts';
import type {
  BrokerView,
  ClusterNeeds,
  ClusterSnapshot,
  CommittedOffset,
  GroupView,
  Needs,
  PartitionView,
  ReachableCluster,
  Snapshot,
  TopicView,
} from './snapshot.ts';

/** By the lab's cluster id. */
export type Clients = Readonly<Record<string, Client>>;

export async function observe(clients: Clients, needs: Needs): Promise<Snapshot> {
  const ids = Object.keys(needs);
  const seen = await Promise.all(ids.map((id) => observeCluster(clients[id], needs[id] ?? NOTHING)));
  return { clusters: Object.fromEntries(ids.map((id, index) => [id, seen[index] as ClusterSnapshot])) };
}

const NOTHING: ClusterNeeds = { configs: [], offsets: [], records: [], groups: [] };

async function observeCluster(client: Client | undefined, needs: ClusterNeeds): Promise<ClusterSnapshot> {
  if (client === undefined) return { reachable: false, reason: 'This cluster is not running.' };
  try {
    return await readCluster(client, needs);
  } catch (error) {
    return { reachable: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function readCluster(client: Client, needs: ClusterNeeds): Promise<ReachableCluster> {
  const metadata = await client.metadata();
  const there = metadata.topics.filter((topic) => topic.error === null);
  const names = new Set(there.map((topic) => topic.name));
  const withOffsets = [...new Set([...needs.offsets, ...needs.records])].filter((topic) => names.has(topic));
  const [configs, offsets, groups] = await Promise.all([
    readConfigs(
      client,
      needs.configs.filter((topic) => names.has(topic)),
    ),
    readOffsets(
      client,
      there.filter((topic) => withOffsets.includes(topic.name)),
    ),
    readGroups(client, needs.groups),
  ]);
  const topics = Object.fromEntries(
    there.map((topic) => [topic.name, viewTopic(topic, { configs, offsets })]),
  );
  const records = await readRecords(client, {
    topics,
    names: needs.records.filter((topic) => names.has(topic)),
  });
  return {
    reachable: true,
    clusterId: metadata.clusterId ?? '',
    brokers: metadata.brokers.map(({ id, host, port, rack }): BrokerView => ({ id, host, port, rack })),
    topics,
    groups,
    records,
  };
}

interface TopicDetails {
  readonly configs: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly offsets: ReadonlyMap<string, { readonly startOffset?: number; readonly endOffset?: number }>;
}

function viewTopic(topic: TopicMetadata, { configs, offsets }: TopicDetails): TopicView {
  const partitions = topic.partitions.map(
    ({ partition, leader, leaderEpoch, replicas, isr }): PartitionView => ({
      partition,
      leader: leader ?? -1,
      leaderEpoch,
      replicas,
      isr,
      ...offsets.get(`${topic.name}/${partition}`),
    }),
  );
  const own = configs.get(topic.name);
  return {
    id: topic.topicId,
    internal: topic.internal,
    partitions: partitions.sort((a, b) => a.partition - b.partition),
    ...(own === undefined ? {} : { configs: own }),
  };
}

async function readConfigs(client: Client, topics: readonly string[]): Promise<TopicDetails['configs']> {
  if (topics.length === 0) return new Map();
  const described = await client.describeConfigs(topics.map((name) => ({ type: 'topic', name })));
  return new Map(
    described.map(({ resource, entries }) => [
      resource.name,
      Object.fromEntries(
        entries
          .filter((entry) => entry.source === 'DYNAMIC_TOPIC_CONFIG')
          .map((entry) => [entry.name, entry.value ?? '']),
      ),
    ]),
  );
}

async function readOffsets(
  client: Client,
  topics: readonly TopicMetadata[],
): Promise<TopicDetails['offsets']> {
  const led = topics.flatMap((topic) =>
    topic.partitions
      .filter((partition) => partition.leader !== null)
      .map(({ partition }) => ({ topic: topic.name, partition })),
  );
  if (led.length === 0) return new Map();
  const [start, end] = await Promise.all([
    client.listOffsets(led.map((partition) => ({ ...partition, at: 'earliest' as const }))),
    client.listOffsets(led.map((partition) => ({ ...partition, at: 'latest' as const }))),
  ]);
  const offsets = new Map<string, { startOffset?: number; endOffset?: number }>();
  const put = (answers: readonly OffsetAnswer[], name: 'startOffset' | 'endOffset') => {
    for (const { topic, partition, error, offset } of answers) {
      const key = `${topic}/${partition}`;
      if (error === null) offsets.set(key, { ...offsets.get(key), [name]: offset });
    }
  };
  put(start, 'startOffset');
  put(end, 'endOffset');
  return offsets;
}

async function readGroups(client: Client, ids: readonly string[]): Promise<Record<string, GroupView | null>> {
  if (ids.length === 0) return {};
  const described = await client.describeGroups(ids);
  const views = await Promise.all(
    ids.map(async (id): Promise<GroupView | null> => {
      const group = described.find((candidate) => candidate.groupId === id);
      return group === undefined ? null : viewGroup(client, group);
    }),
  );
  return Object.fromEntries(ids.map((id, index) => [id, views[index] ?? null]));
}

/** null: there is no such group. Older brokers say so by the state Dead. */
async function viewGroup(client: Client, group: GroupDescription): Promise<GroupView | null> {
  if (group.error !== null && group.error.name !== 'GROUP_ID_NOT_FOUND') {
    throw new Error(`The group ${group.groupId} cannot be read: ${group.error.message}`);
  }
  if (group.error !== null || group.state === 'Dead') return null;
  const committed = await client.offsetFetch(group.groupId);
  return {
    state: group.state,
    members: group.members.map(({ memberId, clientId, host, assignment }) => ({
      memberId,
      clientId,
      host,
      assigned: assignment,
    })),
    committed: committed.flatMap(({ topic, partition, offset }): CommittedOffset[] =>
      offset === null ? [] : [{ topic, partition, offset }],
    ),
  };
}
