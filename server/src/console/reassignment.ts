/** Moving replicas from the console: plan, execute with a throttle, watch, cancel. */
import type { Client, ConfigAlteration } from '@brokerlab/broker/client';
import type { Failures, OngoingMove, Place, ReassignmentPlan, Replicas } from '../contract/main.ts';
import { ConsoleError } from './console-error.ts';
import { type Failure, failuresOf } from './failures.ts';
import { planMoves } from './plan.ts';

const RATES = ['leader.replication.throttled.rate', 'follower.replication.throttled.rate'] as const;
const REPLICAS = [
  'leader.replication.throttled.replicas',
  'follower.replication.throttled.replicas',
] as const;

export async function planReassignment(
  client: Client,
  wanted: { topics: readonly string[]; brokers: readonly number[]; replicationFactor: number | null },
): Promise<ReassignmentPlan> {
  const [metadata, sizes] = await Promise.all([
    client.metadata({ topics: wanted.topics }),
    client.describeLogSizes(wanted.topics).catch(() => []),
  ]);
  const partitions = metadata.topics.flatMap(({ name, partitions: all, error }) => {
    if (error)
      throw new ConsoleError({ ko: `${name} 토픽은 없어요.`, en: `There is no topic ${name}.` }, 'missing');
    return all.map(({ partition, replicas, leader }) => ({
      topic: name,
      partition,
      replicas,
      sizeBytes:
        sizes.find((one) => one.topic === name && one.partition === partition && one.broker === leader)
          ?.sizeBytes ?? 0,
    }));
  });
  try {
    const moves = planMoves(partitions, wanted);
    return { moves, bytesToMove: moves.reduce((sum, { bytesToMove }) => sum + bytesToMove, 0) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConsoleError({
      ko: '고른 브로커가 레플리카 수보다 적어요. 브로커를 더 고르거나 복제 계수를 줄여 주세요.',
      en: 'Fewer brokers were chosen than there are replicas. Choose more brokers, or a lower replication factor.',
    });
  }
}

export async function executeReassignment(
  client: Client,
  moves: readonly Replicas[],
  throttle: number | null,
): Promise<Failures> {
  if (throttle !== null) await throttleMoves(client, moves, throttle);
  const answers = await client.alterReassignments(moves);
  return failuresOf(answers.map(placeFailure));
}

export async function cancelReassignment(client: Client, partitions: readonly Place[]): Promise<Failures> {
  const answers = await client.alterReassignments(partitions.map((place) => ({ ...place, replicas: null })));
  return failuresOf(answers.map(placeFailure));
}

export async function ongoingMoves(
  client: Client,
): Promise<{ moves: OngoingMove[]; throttle: number | null }> {
  const [moves, throttle] = await Promise.all([client.listReassignments(), readThrottle(client)]);
  const topics = [...new Set(moves.map(({ topic }) => topic))];
  const [metadata, sizes] = await Promise.all([
    topics.length === 0 ? null : client.metadata({ topics }),
    topics.length === 0 ? [] : client.describeLogSizes(topics).catch(() => []),
  ]);
  return {
    throttle,
    moves: moves.map((move): OngoingMove => {
      const { topic, partition } = move;
      const leader = metadata?.topics
        .find(({ name }) => name === topic)
        ?.partitions.find((one) => one.partition === partition)?.leader;
      const sizeOn = (broker: number | null | undefined) =>
        sizes.find((one) => one.topic === topic && one.partition === partition && one.broker === broker)
          ?.sizeBytes ?? 0;
      const whole = sizeOn(leader);
      return {
        topic,
        partition,
        replicas: [...move.replicas],
        adding: [...move.adding],
        removing: [...move.removing],
        bytesDone: move.adding.reduce((sum, broker) => sum + Math.min(whole, sizeOn(broker)), 0),
        bytesTotal: whole * move.adding.length,
      };
    }),
  };
}

/** As `kafka-reassign-partitions.sh --throttle`: rates on every broker concerned, and which replicas they hold for. */
async function throttleMoves(client: Client, moves: readonly Replicas[], throttle: number): Promise<void> {
  const topics = [...new Set(moves.map(({ topic }) => topic))];
  const metadata = await client.metadata({ topics });
  const brokers = new Set<number>();
  const limits = topics.map((topic): ConfigAlteration => {
    const leaders: string[] = [];
    const followers: string[] = [];
    for (const { partition, replicas } of moves.filter((move) => move.topic === topic)) {
      const before =
        metadata.topics
          .find(({ name }) => name === topic)
          ?.partitions.find((one) => one.partition === partition)?.replicas ?? [];
      for (const broker of [...before, ...replicas]) brokers.add(broker);
      leaders.push(...before.map((broker) => `${partition}:${broker}`));
      followers.push(
        ...replicas.filter((broker) => !before.includes(broker)).map((broker) => `${partition}:${broker}`),
      );
    }
    const lists = [leaders, followers];
    return {
      resource: { type: 'topic', name: topic },
      changes: REPLICAS.map((name, index) => ({ name, operation: 'set', value: lists[index]!.join(',') })),
    };
  });
  await alterAll(client, [...limits, ...ratesOf([...brokers], throttle)]);
}

/** Null takes every limit off, of topics too. */
export async function setThrottle(client: Client, throttle: number | null): Promise<Failures> {
  const { brokers } = await client.describeCluster({ includeFenced: true });
  const rates = ratesOf(
    brokers.map(({ id }) => id),
    throttle,
  );
  if (throttle !== null) return await alterAll(client, rates);
  const { topics } = await client.metadata();
  const configs = await client.describeConfigs(
    topics.map(({ name }) => ({ type: 'topic', name })),
    { keys: [...REPLICAS] },
  );
  const limited = configs.filter(({ entries }) =>
    entries.some(({ source }) => source === 'DYNAMIC_TOPIC_CONFIG'),
  );
  const unlimited = limited.map(({ resource }): ConfigAlteration => {
    return { resource, changes: REPLICAS.map((name) => ({ name, operation: 'delete' })) };
  });
  return await alterAll(client, [...rates, ...unlimited]);
}

function ratesOf(brokers: readonly number[], throttle: number | null): ConfigAlteration[] {
  return brokers.map((id) => ({
    resource: { type: 'broker', name: String(id) },
    changes: RATES.map((name) =>
      throttle === null ? { name, operation: 'delete' } : { name, operation: 'set', value: String(throttle) },
    ),
  }));
}

async function readThrottle(client: Client): Promise<number | null> {
  const { brokers } = await client.describeCluster();
  const found = await client.describeConfigs(
    brokers.map(({ id }) => ({ type: 'broker', name: String(id) })),
    { keys: [...RATES] },
  );
  const rates = found.flatMap(({ entries }) =>
    entries.flatMap(({ source, value }) =>
      source === 'DYNAMIC_BROKER_CONFIG' && value !== null ? [Number(value)] : [],
    ),
  );
  return rates.length === 0 ? null : Math.min(...rates);
}

async function alterAll(client: Client, alterations: readonly ConfigAlteration[]): Promise<Failures> {
  const answers = await client.incrementalAlterConfigs(alterations);
  return failuresOf(
    answers.map(({ resource, error }): Failure => ({ what: `${resource.type} ${resource.name}`, error })),
  );
}

function placeFailure({ topic, partition, error }: Place & Pick<Failure, 'error'>): Failure {
  return { what: `${topic}-${partition}`, error };
}
