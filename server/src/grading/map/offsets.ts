/** Where partitions begin and end, and who writes idempotently into them: each partition's leader is asked. */
import type { AtBroker, TopicPartition } from '@brokerlab/broker/client';
import type { MapCluster, MapProducer, MapTopic } from '../../contract/main.ts';
import type { Change, MapBrokers } from './brokers.ts';

/** Of one partition; the sequences of more are of no use to anybody looking at a map. */
const PRODUCERS_MAX = 20;

export async function readEnds(brokers: MapBrokers, before: MapCluster): Promise<Change> {
  const led = ledPartitions(before, (topic) => !topic.internal);
  const told = await brokers.ask('ends', [...led.keys()], (broker, id) =>
    broker.offsets(led.get(id) ?? [], 'latest'),
  );
  return (now) => withNumbers(now, 'ends', [...told.values()].flat());
}

/** What changes seldom or is seldom looked at: starts, internal topics' ends, producers. */
export async function readSlow(brokers: MapBrokers, before: MapCluster): Promise<Change> {
  const led = ledPartitions(before, () => true);
  const told = await brokers.ask('slow', [...led.keys()], async (broker, id) => {
    const partitions = led.get(id) ?? [];
    const ours = partitions.filter(({ topic }) => before.topics[topic]?.internal === false);
    const inner = partitions.filter(({ topic }) => before.topics[topic]?.internal === true);
    const [starts, ends, producers] = await Promise.all([
      broker.offsets(partitions, 'earliest'),
      inner.length > 0 ? broker.offsets(inner, 'latest') : [],
      ours.length > 0 ? broker.producers(ours).catch(() => []) : [],
    ]);
    return { starts, ends, producers };
  });
  const all = [...told.values()];
  const starts = all.flatMap((one) => one.starts);
  const ends = all.flatMap((one) => one.ends);
  const producers = all.flatMap((one) => one.producers);
  const asked = new Set(told.keys());
  return (now) =>
    withProducers(withNumbers(withNumbers(now, 'starts', starts), 'ends', ends), producers, asked);
}

function ledPartitions(
  cluster: MapCluster,
  wanted: (topic: MapTopic) => boolean,
): Map<number, TopicPartition[]> {
  const led = new Map<number, TopicPartition[]>();
  for (const [name, topic] of Object.entries(cluster.topics)) {
    if (!wanted(topic)) continue;
    for (const [partition, { leader }] of Object.entries(topic.partitions)) {
      if (leader < 0) continue;
      const items = led.get(leader) ?? [];
      items.push({ topic: name, partition: Number(partition) });
      led.set(leader, items);
    }
  }
  return led;
}

type Offset = TopicPartition & { readonly offset: number };

function withNumbers(cluster: MapCluster, what: 'ends' | 'starts', offsets: readonly Offset[]): MapCluster {
  const topics: Record<string, MapTopic> = {};
  for (const { topic, partition, offset } of offsets) {
    const known = topics[topic] ?? cluster.topics[topic];
    // Deleted, or shrunk away, during the look.
    if (!known?.partitions[partition] || known[what][partition] === offset) continue;
    topics[topic] = { ...known, [what]: { ...known[what], [partition]: offset } };
  }
  return Object.keys(topics).length === 0
    ? cluster
    : { ...cluster, topics: { ...cluster.topics, ...topics } };
}

type Producers = Awaited<ReturnType<AtBroker['producers']>>;

function withProducers(cluster: MapCluster, found: Producers, asked: ReadonlySet<number>): MapCluster {
  const byPlace = new Map<string, Record<string, MapProducer>>();
  for (const { topic, partition, producerId, ...known } of found) {
    const place = byPlace.get(`${topic}/${partition}`) ?? {};
    byPlace.set(`${topic}/${partition}`, place);
    if (Object.keys(place).length >= PRODUCERS_MAX) continue;
    place[producerId] = {
      epoch: known.epoch,
      sequence: known.lastSequence,
      at: known.lastTimestamp,
      transactional: known.transactional,
    };
  }
  const topics = Object.entries(cluster.topics).map(([name, topic]): [string, MapTopic] => {
    if (topic.internal) return [name, topic];
    const producers: MapTopic['producers'] = {};
    for (const [partition, { leader }] of Object.entries(topic.partitions)) {
      const now = asked.has(leader) ? byPlace.get(`${name}/${partition}`) : topic.producers[partition];
      if (now) producers[partition] = now;
    }
    return [name, { ...topic, producers }];
  });
  return { ...cluster, topics: Object.fromEntries(topics) };
}
