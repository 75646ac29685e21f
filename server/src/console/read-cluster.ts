/** The cluster, its brokers and its topics as the console shows them. */

import type { Client, LogSize, OngoingReassignment, TopicMetadata } from '@brokerlab/broker/client';
import { defaultConfigValue } from '@brokerlab/broker/client';
import type {
  ConsoleBroker,
  ConsoleBrokerDetail,
  ConsoleConfig,
  ConsoleOverview,
  ConsolePartition,
  ConsoleTopic,
  ConsoleTopicDetail,
} from '../contract/main.ts';
import { ConsoleError } from './console-error.ts';
import { isPreferred, isUnderReplicated, percent, sharesOf, topicFigures } from './figures.ts';
import { lagsOnTopic } from './read-groups.ts';

export async function readOverview(client: Client): Promise<Omit<ConsoleOverview, 'clusters' | 'bootstrap'>> {
  const [description, metadata, quorum] = await Promise.all([
    client.describeCluster({ includeFenced: true }),
    client.metadata(),
    client.describeQuorum().catch(() => null),
  ]);
  const topics = metadata.topics.filter(({ error }) => error === null);
  const partitions = topics.flatMap((topic) => topic.partitions);
  const sizes = await client.describeLogSizes(topics.map(({ name }) => name)).catch(() => null);
  const assigned = new Set(partitions.flatMap(({ replicas }) => replicas));
  const known = new Map(description.brokers.map((broker) => [broker.id, broker]));
  const led = partitions.filter(({ leader }) => leader !== null);
  const brokers = [...new Set([...known.keys(), ...assigned])]
    .sort((a, b) => a - b)
    .map((id): ConsoleBroker => {
      const broker = known.get(id);
      const leaders = led.filter(({ leader }) => leader === id).length;
      const own = sizes?.filter((size) => size.broker === id) ?? [];
      const up = broker !== undefined && !broker.fenced;
      return {
        id,
        host: broker?.host ?? '',
        port: broker?.port ?? 0,
        rack: broker?.rack ?? null,
        up,
        controller: description.controller === id,
        leaders,
        leadersPercent: led.length === 0 ? 0 : percent(leaders, led.length),
        replicas: partitions.filter(({ replicas }) => replicas.includes(id)).length,
        sizeBytes: sizes === null || !up ? null : own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      };
    });
  return {
    clusterId: description.clusterId,
    controller: description.controller,
    brokers,
    missingBrokers: brokers.filter(({ up }) => !up).map(({ id }) => id),
    topics: topics.length,
    partitions: partitions.length,
    preferredPercent: percent(partitions.filter(isPreferred).length, partitions.length),
    underReplicated: partitions.filter(isUnderReplicated).length,
    offline: partitions.length - led.length,
    quorum: quorum && {
      leader: quorum.leader,
      epoch: quorum.leaderEpoch,
      voters: quorum.voters.map(({ id, logEndOffset }) => {
        return { id, lag: Math.max(0, quorum.highWatermark - logEndOffset) };
      }),
    },
  };
}

export async function readTopics(client: Client): Promise<ConsoleTopic[]> {
  const metadata = await client.metadata();
  return await summaries(
    client,
    metadata.topics.filter(({ error }) => error === null),
  );
}

export async function readTopic(client: Client, name: string): Promise<ConsoleTopicDetail> {
  const topic = await topicNamed(client, name);
  const [description, bounds, sizes, configs, groups, [summary]] = await Promise.all([
    client.describeCluster({ includeFenced: true }),
    readBounds(client, [topic]),
    client.describeLogSizes([name]).catch(() => []),
    readConfigs(client, { type: 'topic', name }),
    lagsOnTopic(client, name),
    summaries(client, [topic]),
  ]);
  const partitions = sorted(topic).map((partition): ConsolePartition => {
    const bound = bounds.get(`${name}/${partition.partition}`);
    const size = sizes.find(
      (one) => one.partition === partition.partition && one.broker === partition.leader,
    );
    return {
      partition: partition.partition,
      first: bound?.first ?? null,
      last: bound?.last ?? null,
      sizeBytes: size?.sizeBytes ?? null,
      leader: partition.leader,
      preferredLeader: isPreferred(partition),
      replicas: [...partition.replicas],
      isr: [...partition.isr],
      offline: [...partition.offlineReplicas],
      underReplicated: isUnderReplicated(partition),
    };
  });
  const brokers = description.brokers.map(({ id }) => id);
  const byBroker = sharesOf(topic.partitions, brokers).map(({ partitions: held, leads, ...share }) => {
    return { ...share, partitions: [...held], leads: [...leads] };
  });
  return { summary: summary!, configs, partitions, byBroker, groups };
}

export async function readBroker(client: Client, broker: number): Promise<ConsoleBrokerDetail> {
  const [metadata, configs] = await Promise.all([
    client.metadata(),
    readConfigs(client, { type: 'broker', name: String(broker) }).catch(() => []),
  ]);
  const topics = metadata.topics.flatMap((topic) => {
    const held = sorted(topic).filter(({ replicas }) => replicas.includes(broker));
    if (held.length === 0) return [];
    return [
      {
        name: topic.name,
        partitionsTotal: topic.partitions.length,
        partitions: held.map(({ partition }) => partition),
        leads: held.filter(({ leader }) => leader === broker).map(({ partition }) => partition),
      },
    ];
  });
  return { topics: topics.sort((a, b) => a.name.localeCompare(b.name)), configs };
}

export async function topicNamed(client: Client, name: string): Promise<TopicMetadata> {
  const { topics } = await client.metadata({ topics: [name] });
  const topic = topics.find((one) => one.name === name && one.error === null);
  if (!topic) {
    throw new ConsoleError({ ko: `${name} 토픽은 없어요.`, en: `There is no topic ${name}.` }, 'missing');
  }
  return topic;
}

async function readConfigs(
  client: Client,
  resource: { readonly type: 'topic' | 'broker'; readonly name: string },
): Promise<ConsoleConfig[]> {
  const [found] = await client.describeConfigs([resource], { synonyms: true, documentation: true });
  if (!found || found.error) return [];
  const own = resource.type === 'topic' ? ['DYNAMIC_TOPIC_CONFIG'] : ['DYNAMIC_BROKER_CONFIG'];
  return found.entries.map((entry) => ({
    name: entry.name,
    value: entry.value,
    defaultValue: entry.sensitive
      ? null
      : (entry.synonyms.find(({ source }) => !own.includes(source))?.value ??
        defaultConfigValue(resource.type, entry.name)),
    source: entry.source,
    readOnly: entry.readOnly,
    sensitive: entry.sensitive,
    documentation: entry.documentation,
  }));
}

/** Of the leader's replica, or undefined where there is no leader. */
async function readBounds(
  client: Client,
  topics: readonly TopicMetadata[],
): Promise<ReadonlyMap<string, { first: number; last: number }>> {
  const led = topics.flatMap(({ name, partitions }) =>
    partitions.flatMap(({ partition, leader }) => (leader === null ? [] : [{ topic: name, partition }])),
  );
  if (led.length === 0) return new Map();
  const [first, last] = await Promise.all([
    client.listOffsets(led.map((place) => ({ ...place, at: 'earliest' as const }))),
    client.listOffsets(led.map((place) => ({ ...place, at: 'latest' as const }))),
  ]);
  const bounds = new Map<string, { first: number; last: number }>();
  for (const { topic, partition, offset, error } of last) {
    const start = first.find((one) => one.topic === topic && one.partition === partition);
    if (error === null && start?.error === null)
      bounds.set(`${topic}/${partition}`, { first: start.offset, last: offset });
  }
  return bounds;
}

async function summaries(client: Client, topics: readonly TopicMetadata[]): Promise<ConsoleTopic[]> {
  const names = topics.map(({ name }) => name);
  const [description, bounds, sizes, moves, configs] = await Promise.all([
    client.describeCluster({ includeFenced: true }),
    readBounds(client, topics),
    client.describeLogSizes(names).catch((): LogSize[] => []),
    client.listReassignments().catch((): OngoingReassignment[] => []),
    names.length === 0 ? [] : client.describeConfigs(names.map((name) => ({ type: 'topic', name }))),
  ]);
  const brokers = description.brokers.map(({ id }) => id);
  const sizeOf = new Map(
    sizes.map((size) => [`${size.topic}/${size.partition}/${size.broker}`, size.sizeBytes]),
  );
  return topics
    .map((topic): ConsoleTopic => {
      const { name, internal, partitions } = topic;
      const own = partitions.map(({ partition }) => bounds.get(`${name}/${partition}`));
      const leaderSizes = partitions.map(({ partition, leader }) =>
        sizeOf.get(`${name}/${partition}/${leader}`),
      );
      const entries = configs.find(({ resource }) => resource.name === name)?.entries ?? [];
      return {
        name,
        internal,
        partitions: partitions.length,
        replicationFactor: partitions[0]?.replicas.length ?? 0,
        ...topicFigures(partitions, brokers),
        leaderSizeBytes: leaderSizes.some((size) => size === undefined)
          ? null
          : leaderSizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
        summedOffsets: own.reduce((sum, bound) => sum + (bound?.last ?? 0), 0),
        availableMessages: own.reduce((sum, bound) => sum + (bound ? bound.last - bound.first : 0), 0),
        customConfigs: entries.filter(({ source }) => source === 'DYNAMIC_TOPIC_CONFIG').length,
        reassigning: moves.some((move) => move.topic === name),
      };
    })
    .sort((a, b) => Number(a.internal) - Number(b.internal) || a.name.localeCompare(b.name));
}

function sorted(topic: TopicMetadata): TopicMetadata['partitions'] {
  return [...topic.partitions].sort((a, b) => a.partition - b.partition);
}
