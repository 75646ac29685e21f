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
import { type Bounds, placeKey, readBounds } from './bounds.ts';
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
  const topics = metadata.topics.filter(({ error }) => error === null);
  const facts = await readFacts(client, topics);
  return topics
    .map((topic) => summaryOf(topic, facts))
    .sort((a, b) => Number(a.internal) - Number(b.internal) || a.name.localeCompare(b.name));
}

export async function readTopic(client: Client, name: string): Promise<ConsoleTopicDetail> {
  const topic = await topicNamed(client, name);
  const [facts, configs, groups] = await Promise.all([
    readFacts(client, [topic]),
    readConfigs(client, { type: 'topic', name }),
    lagsOnTopic(client, name),
  ]);
  const { brokers, bounds, sizeOf } = facts;
  const partitions = sorted(topic).map((partition): ConsolePartition => {
    const bound = bounds.get(`${name}/${partition.partition}`);
    const sizeBytes = sizeOf.get(`${name}/${partition.partition}/${partition.leader}`);
    return {
      partition: partition.partition,
      first: bound?.first ?? null,
      last: bound?.last ?? null,
      sizeBytes: sizeBytes ?? null,
      leader: partition.leader,
      preferredLeader: isPreferred(partition),
      replicas: [...partition.replicas],
      isr: [...partition.isr],
      offline: [...partition.offlineReplicas],
      underReplicated: isUnderReplicated(partition),
    };
  });
  const byBroker = sharesOf(topic.partitions, brokers).map(({ partitions: held, leads, ...share }) => {
    return { ...share, partitions: [...held], leads: [...leads] };
  });
  return { summary: summaryOf(topic, facts), configs, partitions, byBroker, groups };
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

/** What summaries are made of, read once for all of the topics. */
interface Facts {
  readonly brokers: readonly number[];
  /** Of partitions that have a leader. */
  readonly bounds: ReadonlyMap<string, Bounds>;
  /** By `topic/partition/broker`. */
  readonly sizeOf: ReadonlyMap<string, number>;
  readonly moving: ReadonlySet<string>;
  /** Settings of the topic's own. */
  readonly customConfigs: ReadonlyMap<string, number>;
}

async function readFacts(client: Client, topics: readonly TopicMetadata[]): Promise<Facts> {
  const names = topics.map(({ name }) => name);
  const led = topics.flatMap(({ name, partitions }) =>
    partitions.flatMap(({ partition, leader }) => (leader === null ? [] : [{ topic: name, partition }])),
  );
  const [description, bounds, sizes, moves, configs] = await Promise.all([
    client.describeCluster({ includeFenced: true }),
    readBounds(client, led),
    client.describeLogSizes(names).catch((): LogSize[] => []),
    client.listReassignments().catch((): OngoingReassignment[] => []),
    names.length === 0 ? [] : client.describeConfigs(names.map((name) => ({ type: 'topic', name }))),
  ]);
  return {
    brokers: description.brokers.map(({ id }) => id),
    bounds,
    sizeOf: new Map(sizes.map((size) => [`${size.topic}/${size.partition}/${size.broker}`, size.sizeBytes])),
    moving: new Set(moves.map(({ topic }) => topic)),
    customConfigs: new Map(
      configs.map(({ resource, entries }) => [
        resource.name,
        entries.filter(({ source }) => source === 'DYNAMIC_TOPIC_CONFIG').length,
      ]),
    ),
  };
}

function summaryOf({ name, internal, partitions }: TopicMetadata, facts: Facts): ConsoleTopic {
  const own = partitions.flatMap(({ partition }) => {
    const bound = facts.bounds.get(placeKey({ topic: name, partition }));
    return bound?.first == null || bound.last === null ? [] : [{ first: bound.first, last: bound.last }];
  });
  const sizes = partitions.map(({ partition, leader }) => facts.sizeOf.get(`${name}/${partition}/${leader}`));
  return {
    name,
    internal,
    partitions: partitions.length,
    replicationFactor: partitions[0]?.replicas.length ?? 0,
    ...topicFigures(partitions, facts.brokers),
    leaderSizeBytes: sizes.some((size) => size === undefined)
      ? null
      : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    summedOffsets: own.reduce((sum, { last }) => sum + last, 0),
    availableMessages: own.reduce((sum, { first, last }) => sum + last - first, 0),
    customConfigs: facts.customConfigs.get(name) ?? 0,
    reassigning: facts.moving.has(name),
  };
}

function sorted(topic: TopicMetadata): TopicMetadata['partitions'] {
  return [...topic.partitions].sort((a, b) => a.partition - b.partition);
}
