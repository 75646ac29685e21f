/**
 * Brokers, topics, partitions and moves of one cluster. Every broker is asked, for one that is cut off from the others goes
 * on telling what was; believed is the one that knows of the most elections, or what most say.
 */
import type { AtBroker, TopicAtBroker } from '@brokerlab/broker/client';
import type { MapBroker, MapCluster, MapPartition, MapTopic } from '../../contract/main.ts';
import type { Change, MapBrokers } from './brokers.ts';

const TOPICS_MAX = 60;
const PARTITIONS_MAX = 400;

type Told = Awaited<ReturnType<AtBroker['topics']>>;

export async function readStructure(brokers: MapBrokers): Promise<Change> {
  await brokers.meet();
  const told = await brokers.ask('structure', brokers.ids, (broker) => broker.topics());
  const believed = mostRecent(told);
  // Nobody answers: everything is where it was, but nobody is there.
  if (believed === undefined) {
    return (now) => ({ ...now, controller: -1, brokers: withStates(now.brokers, brokers) });
  }
  const { id, topics } = believed;
  const [registered, controller, moves] = await Promise.all([
    brokers.askOne(id, (broker) => broker.registered()),
    brokers.askOne(id, (broker) => broker.controller()),
    brokers.askOne(id, (broker) => broker.moves()),
  ]);
  const ids = [...believed.brokers, ...(registered ?? []).map((broker) => broker.id)];
  if (await brokers.learn(ids)) return readStructure(brokers);
  const { chosen, left } = chooseTopics(topics);
  const moving = new Map((moves ?? []).map((move) => [`${move.topic}/${move.partition}`, move]));
  return (now) => ({
    ...now,
    controller: controller ?? -1,
    brokers: viewBrokers(brokers, registered, now.brokers),
    topics: Object.fromEntries(
      chosen.map((topic) => [topic.name, viewTopic(topic, now.topics[topic.name], moving)]),
    ),
    topicsLeftOut: left,
  });
}

type Registered = Awaited<ReturnType<AtBroker['registered']>>;

function viewBrokers(
  brokers: MapBrokers,
  registered: Registered | undefined,
  before: MapCluster['brokers'],
): MapCluster['brokers'] {
  const known: Record<string, MapBroker> = {};
  for (const one of registered ?? []) {
    const seen = one.fenced ? 'fenced' : 'up';
    known[one.id] = { address: `${one.host}:${one.port}`, rack: one.rack ?? '', seen };
  }
  for (const other of brokers.ids) {
    known[other] ??= before[other] ?? { address: '', rack: '', seen: 'gone' };
  }
  return withStates(known, brokers);
}

function withStates(known: MapCluster['brokers'], brokers: MapBrokers): MapCluster['brokers'] {
  return Object.fromEntries(
    Object.entries(known).map(([id, broker]) => {
      const state = brokers.state(Number(id));
      return [id, { ...broker, seen: state === 'answers' ? broker.seen : state }];
    }),
  );
}

function mostRecent(told: ReadonlyMap<number, Told>): (Told & { id: number }) | undefined {
  const candidates = [...told].map(([id, one]) => {
    const text = JSON.stringify(one.topics.map(({ name, partitions }) => [name, partitions]));
    const elections = one.topics.reduce(
      (sum, topic) => sum + topic.partitions.reduce((epochs, { leaderEpoch }) => epochs + leaderEpoch, 0),
      0,
    );
    return { id, one, text, elections };
  });
  const agreeing = (text: string) => candidates.filter((other) => other.text === text).length;
  const [best] = candidates.sort(
    (a, b) => b.elections - a.elections || agreeing(b.text) - agreeing(a.text) || a.id - b.id,
  );
  return best && { ...best.one, id: best.id };
}

/** Internal topics last: over the limit they are the first to go. */
function chooseTopics(all: readonly TopicAtBroker[]): { chosen: TopicAtBroker[]; left: number } {
  const sorted = all
    .filter(({ name }) => name !== '__proto__')
    .sort((a, b) => Number(a.internal) - Number(b.internal) || a.name.localeCompare(b.name));
  const chosen: TopicAtBroker[] = [];
  let partitions = 0;
  for (const topic of sorted) {
    if (chosen.length >= TOPICS_MAX || partitions + topic.partitions.length > PARTITIONS_MAX) continue;
    partitions += topic.partitions.length;
    chosen.push(topic);
  }
  return { chosen, left: all.length - chosen.length };
}

type Moves = ReadonlyMap<
  string,
  { readonly adding: readonly number[]; readonly removing: readonly number[] }
>;

function viewTopic(topic: TopicAtBroker, before: MapTopic | undefined, moving: Moves): MapTopic {
  const there = new Set(topic.partitions.map(({ partition }) => String(partition)));
  const kept = <T>(values: Readonly<Record<string, T>> | undefined): Record<string, T> =>
    Object.fromEntries(Object.entries(values ?? {}).filter(([partition]) => there.has(partition)));
  return {
    internal: topic.internal,
    partitions: Object.fromEntries(
      topic.partitions.map((entry) => {
        const move = moving.get(`${topic.name}/${entry.partition}`);
        const partition: MapPartition = {
          leader: entry.leader,
          epoch: entry.leaderEpoch,
          replicas: [...entry.replicas],
          isr: [...entry.isr].sort((one, other) => one - other),
          ...(move ? { adding: [...move.adding], removing: [...move.removing] } : {}),
        };
        return [entry.partition, partition];
      }),
    ),
    ends: kept(before?.ends),
    starts: kept(before?.starts),
    producers: kept(before?.producers),
  };
}
