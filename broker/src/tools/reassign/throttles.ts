/** Bandwidth limits while partitions move: set before, cleared when all is done. */
import type { Client, ConfigAlteration, OngoingReassignment, TopicPartition } from '../../client/main.ts';
import { getting } from '../framework/admin.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { hashOfString, inHashOrder } from '../java/hash-order.ts';
import { execution, fromApiError } from '../java/java-error.ts';
import { brokerIds } from './calls.ts';
import { type Assignment, keyOf } from './plan.ts';

const brokerRates = [
  'leader.replication.throttled.rate',
  'follower.replication.throttled.rate',
  'replica.alter.log.dirs.io.max.bytes.per.second',
] as const;
const topicReplicas = [
  'leader.replication.throttled.replicas',
  'follower.replication.throttled.replicas',
] as const;

interface Move extends TopicPartition {
  readonly sources: ReadonlySet<number>;
  readonly destinations: readonly number[];
}

export function plannedMoves(
  moving: readonly OngoingReassignment[],
  wanted: readonly Assignment[],
  current: readonly Assignment[],
): Move[] {
  const moves = new Map<string, Move>();
  for (const { topic, partition, replicas, adding } of moving) {
    const sources = new Set(replicas.filter((id) => !adding.includes(id)));
    moves.set(keyOf({ topic, partition }), { topic, partition, sources, destinations: adding });
  }
  for (const { topic, partition, replicas } of wanted) {
    const key = keyOf({ topic, partition });
    const known = current.find((entry) => keyOf(entry) === key);
    const sources = moves.get(key)?.sources ?? new Set(known?.replicas);
    moves.set(key, { topic, partition, sources, destinations: replicas.filter((id) => !sources.has(id)) });
  }
  return [...moves.values()];
}

export async function limitMoves(
  admin: Client,
  moves: readonly Move[],
  bytesPerSecond: number,
): Promise<void> {
  const topics = [...new Set(moves.map(({ topic }) => topic))];
  await alter(
    admin,
    topics.map((name) => {
      const own = moves.filter(({ topic }) => topic === name);
      const list = (idsOf: (move: Move) => Iterable<number>) =>
        own
          .flatMap((move) => [...idsOf(move)].map((id) => `${move.partition}:${id}`))
          .sort()
          .join(',');
      return {
        resource: { type: 'topic', name },
        changes: [
          { name: topicReplicas[0], operation: 'set', value: list(({ sources }) => sources) },
          { name: topicReplicas[1], operation: 'set', value: list(({ destinations }) => destinations) },
        ],
      };
    }),
  );
  const brokers = new Set(moves.flatMap(({ sources, destinations }) => [...sources, ...destinations]));
  await limitBrokers(admin, [...brokers], [brokerRates[0], brokerRates[1]], bytesPerSecond);
}

export function limitDirectories(
  admin: Client,
  brokers: readonly number[],
  bytesPerSecond: number,
): Promise<void> {
  return limitBrokers(admin, brokers, [brokerRates[2]], bytesPerSecond);
}

function limitBrokers(
  admin: Client,
  brokers: readonly number[],
  ...[names, bytesPerSecond]: [names: readonly string[], bytesPerSecond: number]
): Promise<void> {
  return alter(
    admin,
    [...brokers]
      .sort((a, b) => a - b)
      .map((id) => ({
        resource: { type: 'broker', name: String(id) },
        changes: names.map((name) => ({ name, operation: 'set', value: String(bytesPerSecond) })),
      })),
  );
}

export async function clearThrottles(
  ports: ToolPorts,
  admin: Client,
  targets: readonly Assignment[],
): Promise<void> {
  const ids = new Set([...(await brokerIds(admin)), ...targets.flatMap(({ replicas }) => replicas)]);
  const brokers = [...ids].sort((a, b) => a - b);
  ports.out(
    `Clearing broker-level throttles on broker${brokers.length === 1 ? '' : 's'} ${brokers.join(',')}\n`,
  );
  await alter(
    admin,
    brokers.map((id) => ({
      resource: { type: 'broker', name: String(id) },
      changes: brokerRates.map((name) => ({ name, operation: 'delete' })),
    })),
  );
  const topics = inHashOrder([...new Set(targets.map(({ topic }) => topic))], hashOfString);
  ports.out(`Clearing topic-level throttles on topic${topics.length === 1 ? '' : 's'} ${topics.join(',')}\n`);
  await alter(
    admin,
    topics.map((name) => ({
      resource: { type: 'topic', name },
      changes: topicReplicas.map((config) => ({ name: config, operation: 'delete' })),
    })),
  );
}

async function alter(admin: Client, alterations: readonly ConfigAlteration[]): Promise<void> {
  if (alterations.length === 0) return;
  const outcomes = await getting('incrementalAlterConfigs', admin.incrementalAlterConfigs(alterations));
  const failed = outcomes.find(({ error }) => error !== null);
  if (failed?.error) throw execution(fromApiError(failed.error));
}
