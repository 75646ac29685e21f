/**
 * Takes a Snapshot through the Kafka protocol, reading no more than the needs say. A cluster that does not answer is
 * a finding, not an error: its snapshot says so and why. One owner looks at one cluster at a time.
 */
import type {
  Client,
  ClusterMetadata,
  GroupDescription,
  OffsetAnswer,
  TopicMetadata,
} from '@brokerlab/broker/client';
import { partitionForKey } from '@brokerlab/broker/client';
import { readBrokerConfigs, readQuorum, readReassignments, readRegistered } from './controller.ts';
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
import { keyPlace, NO_NEEDS } from './snapshot.ts';

/** By the lab's cluster id. */
export type Clients = Readonly<Record<string, Client>>;

export async function observe(clients: Clients, needs: Needs): Promise<Snapshot> {
  const ids = Object.keys(needs);
  const seen = await Promise.all(ids.map((id) => observeCluster(clients[id], needs[id] ?? NO_NEEDS)));
  return {
    clusters: Object.fromEntries(ids.map((id, index) => [id, seen[index] as ClusterSnapshot])),
    atMs: performance.now(),
  };
}

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
  const existing = (wanted: readonly string[]) => wanted.filter((topic) => names.has(topic));
  const groups = await readGroups(client, needs);
  // A group's lag needs the ends of the topics it reads.
  const read = Object.values(groups).flatMap((group) => group?.committed.map(({ topic }) => topic) ?? []);
  const withOffsets = new Set([...needs.offsets, ...needs.records, ...needs.committedRecords, ...read]);
  const [details, controller] = await Promise.all([
    readTopicDetails(client, there, {
      configs: existing(needs.configs),
      offsets: there.filter((topic) => withOffsets.has(topic.name)),
      sizes: existing(needs.sizes),
      minInSync: needs.minInSync,
    }),
    readController(
      client,
      needs,
      metadata.brokers.map(({ id }) => id),
    ),
  ]);
  const topics = Object.fromEntries(there.map((topic) => [topic.name, viewTopic(topic, details)]));
  const [records, committedRecords] = await Promise.all([
    readRecords(client, { topics, names: existing(needs.records) }),
    readRecords(client, { topics, names: existing(needs.committedRecords), committed: true }),
  ]);
  return {
    reachable: true,
    clusterId: metadata.clusterId ?? '',
    brokers: metadata.brokers.map(({ id, host, port, rack }): BrokerView => ({ id, host, port, rack })),
    controller: metadata.controller,
    ...controller,
    keyPartitions: keyPartitions(metadata, needs),
    topics,
    groups,
    records,
    committedRecords,
  };
}

async function readController(
  client: Client,
  needs: ClusterNeeds,
  running: readonly number[],
): Promise<Partial<ReachableCluster>> {
  const [registered, quorum, brokerConfigs, reassignments] = await Promise.all([
    needs.registered ? readRegistered(client) : undefined,
    needs.quorum ? readQuorum(client) : undefined,
    needs.brokerConfigs.length > 0 ? readBrokerConfigs(client, needs.brokerConfigs, running) : undefined,
    needs.reassignments ? readReassignments(client) : undefined,
  ]);
  return {
    ...(registered === undefined ? {} : { registered }),
    ...(quorum === undefined ? {} : { quorum }),
    ...(brokerConfigs === undefined ? {} : { brokerConfigs }),
    ...(reassignments === undefined ? {} : { reassignments }),
  };
}

function keyPartitions(metadata: ClusterMetadata, needs: ClusterNeeds): Record<string, number> {
  return Object.fromEntries(
    needs.keys.flatMap((need) => {
      const there = metadata.topics.find(({ name }) => name === need.topic)?.partitions.length;
      const partitions = need.partitions ?? there ?? 0;
      if (partitions === 0) return [];
      return [[keyPlace(need), partitionForKey(Buffer.from(need.key), partitions)]];
    }),
  );
}

interface DetailsWanted {
  readonly configs: readonly string[];
  readonly offsets: readonly TopicMetadata[];
  readonly sizes: readonly string[];
  readonly minInSync: boolean;
}

async function readTopicDetails(
  client: Client,
  there: readonly TopicMetadata[],
  wanted: DetailsWanted,
): Promise<TopicDetails> {
  const [configs, offsets, sizes, minInSync] = await Promise.all([
    readConfigs(client, wanted.configs),
    readOffsets(client, wanted.offsets),
    readSizes(client, there, wanted.sizes),
    wanted.minInSync
      ? readMinInSync(
          client,
          there.map(({ name }) => name),
        )
      : new Map<string, number>(),
  ]);
  return { configs, offsets, sizes, minInSync };
}

interface TopicDetails {
  readonly configs: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly offsets: ReadonlyMap<string, { readonly startOffset?: number; readonly endOffset?: number }>;
  /** By `topic/partition`. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly minInSync: ReadonlyMap<string, number>;
}

function viewTopic(topic: TopicMetadata, { configs, offsets, sizes, minInSync }: TopicDetails): TopicView {
  const partitions = topic.partitions.map(
    ({ partition, leader, leaderEpoch, replicas, isr }): PartitionView => ({
      partition,
      leader: leader ?? -1,
      leaderEpoch,
      replicas,
      isr,
      ...offsets.get(`${topic.name}/${partition}`),
      ...optional('sizeBytes', sizes.get(`${topic.name}/${partition}`)),
    }),
  );
  const own = configs.get(topic.name);
  return {
    id: topic.topicId,
    internal: topic.internal,
    partitions: partitions.sort((a, b) => a.partition - b.partition),
    ...(own === undefined ? {} : { configs: own }),
    ...optional('minInSync', minInSync.get(topic.name)),
  };
}

function optional<K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, number>);
}

/** Of each partition's leader. */
async function readSizes(
  client: Client,
  there: readonly TopicMetadata[],
  topics: readonly string[],
): Promise<Map<string, number>> {
  if (topics.length === 0) return new Map();
  const sizes = await client.describeLogSizes(topics);
  const leaders = new Map<string, number | null>(
    there.flatMap((topic) =>
      topic.partitions.map(({ partition, leader }) => [`${topic.name}/${partition}`, leader] as const),
    ),
  );
  return new Map(
    sizes.flatMap(({ broker, topic, partition, sizeBytes }) => {
      const key = `${topic}/${partition}`;
      return leaders.get(key) === broker ? [[key, sizeBytes] as const] : [];
    }),
  );
}

async function readMinInSync(client: Client, topics: readonly string[]): Promise<Map<string, number>> {
  if (topics.length === 0) return new Map();
  const key = 'min.insync.replicas';
  const described = await client.describeConfigs(
    topics.map((name) => ({ type: 'topic', name })),
    { keys: [key] },
  );
  return new Map(
    described.map(({ resource, entries }) => [
      resource.name,
      Number(entries.find((entry) => entry.name === key)?.value ?? 1),
    ]),
  );
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

async function readGroups(client: Client, needs: ClusterNeeds): Promise<Record<string, GroupView | null>> {
  const ids = needs.groups;
  if (ids.length === 0) return {};
  const described = await client.describeGroups(ids);
  const views = await Promise.all(
    ids.map(async (id): Promise<GroupView | null> => {
      const group = described.find((candidate) => candidate.groupId === id);
      if (group === undefined) return null;
      return viewGroup(client, group, { generation: needs.generations.includes(id) });
    }),
  );
  return Object.fromEntries(ids.map((id, index) => [id, views[index] ?? null]));
}

/** null: there is no such group. Older brokers say so by the state Dead. */
async function viewGroup(
  client: Client,
  group: GroupDescription,
  wanted: { generation: boolean },
): Promise<GroupView | null> {
  if (group.error !== null && group.error.name !== 'GROUP_ID_NOT_FOUND') {
    throw new Error(`The group ${group.groupId} cannot be read: ${group.error.message}`);
  }
  if (group.error !== null || group.state === 'Dead') return null;
  const [committed, settings] = await Promise.all([
    client.offsetFetch(group.groupId),
    wanted.generation ? readGeneration(client, group) : {},
  ]);
  return {
    state: group.state,
    protocol: group.type === 'Consumer' ? 'consumer' : 'classic',
    assignor: group.assignor,
    coordinator: group.coordinator?.id ?? null,
    ...settings,
    members: group.members.map(({ memberId, instanceId, clientId, host, assignment }) => ({
      memberId,
      instanceId,
      clientId,
      host,
      assigned: assignment,
    })),
    // Brokers answer in no particular order: ours in that of the commits, Apache Kafka's in that of a hash map.
    committed: committed
      .flatMap(({ topic, partition, offset }): CommittedOffset[] =>
        offset === null ? [] : [{ topic, partition, offset }],
      )
      .sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition),
  };
}

async function readGeneration(client: Client, group: GroupDescription): Promise<Partial<GroupView>> {
  if (group.type === 'Consumer') return { generation: group.epoch };
  const written = await client.readGroupGeneration(group.groupId);
  return {
    generation: written?.generation ?? null,
    sessionTimeoutsMs: written?.members.map((member) => member.sessionTimeoutMs) ?? [],
  };
}
