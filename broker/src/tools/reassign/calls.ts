/** The requests behind kafka-reassign-partitions.sh. */
import { toApiError } from '../../client/client-error.ts';
import type { Client, OngoingReassignment, TopicPartition } from '../../client/main.ts';
import {
  AlterReplicaLogDirsRequest,
  AlterReplicaLogDirsResponse,
} from '../../messages/34-alter-replica-log-dirs.ts';
import { DescribeLogDirsRequest, DescribeLogDirsResponse } from '../../messages/35-describe-log-dirs.ts';
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../../messages/45-alter-partition-reassignments.ts';
import { getting } from '../framework/admin.ts';
import { refuseExecution } from '../framework/finish.ts';
import { execution, fromApiError, kafkaError } from '../java/java-error.ts';
import { commandFailed } from '../java/json.ts';
import { type Assignment, keyOf, type ReplicaMove, replicaKey } from './plan.ts';

const unknownTopic = 3;
const replicaNotAvailable = 9;

export function ongoing(
  admin: Client,
  partitions?: readonly TopicPartition[],
): Promise<readonly OngoingReassignment[]> {
  return getting('listPartitionReassignments', admin.listReassignments(partitions));
}

export async function brokerIds(admin: Client): Promise<number[]> {
  const { brokers } = await getting('listNodes', admin.describeCluster());
  return brokers.map(({ id }) => id).sort((a, b) => a - b);
}

/** Replicas of every partition of the topics; a topic that is not there is an error, or left out. */
export async function currentAssignments(
  admin: Client,
  topics: readonly string[],
  behaviour: { readonly missingAllowed?: boolean } = {},
): Promise<Assignment[]> {
  const described = await getting('describeTopicPartitions', admin.describeTopicPartitions(topics));
  return described.flatMap(({ name, error, partitions }) => {
    if (error?.code === unknownTopic && behaviour.missingAllowed) return [];
    if (error?.code === unknownTopic) {
      throw execution(kafkaError('UnknownTopicOrPartitionException', `Topic ${name} not found.`));
    }
    if (error !== null) throw execution(fromApiError(error));
    return partitions.map(({ partition, replicas }) => ({ topic: name, partition, replicas }));
  });
}

export interface AlterOptions {
  readonly allowFactorChange: boolean;
  readonly controllers: boolean;
}

/** `replicas` null cancels. What went wrong, by partition. */
export async function alterReassignments(
  admin: Client,
  wanted: readonly (TopicPartition & { readonly replicas: readonly number[] | null })[],
  options: AlterOptions,
): Promise<Map<string, string>> {
  const topics = new Map<string, { partitionIndex: number; replicas: number[] | null }[]>();
  for (const { topic, partition, replicas } of wanted) {
    const list = topics.get(topic) ?? [];
    topics.set(topic, [
      ...list,
      { partitionIndex: partition, replicas: replicas === null ? null : [...replicas] },
    ]);
  }
  const answer = await getting(
    'alterPartitionReassignments',
    admin.request(options.controllers ? 'controller' : 'any', {
      request: AlterPartitionReassignmentsRequest,
      response: AlterPartitionReassignmentsResponse,
      body: {
        timeoutMs: admin.network.limits.requestTimeoutMs,
        allowReplicationFactorChange: options.allowFactorChange,
        topics: [...topics].map(([name, partitions]) => ({ name, partitions })),
      },
    }),
  );
  const whole = toApiError(answer.errorCode, answer.errorMessage);
  if (whole !== null) return new Map(wanted.map((entry) => [keyOf(entry), whole.message]));
  const errors = new Map<string, string>();
  for (const { name, partitions } of answer.responses) {
    for (const { partitionIndex, errorCode, errorMessage } of partitions) {
      const error = toApiError(errorCode, errorMessage);
      if (error !== null) errors.set(keyOf({ topic: name, partition: partitionIndex }), error.message);
    }
  }
  return errors;
}

export interface ReplicaPlace {
  readonly current: string | null;
  readonly future: string | null;
}

/** Where the replicas lie, by replica key; brokers that cannot be asked are left out. */
export async function replicaPlaces(
  admin: Client,
  replicas: readonly (TopicPartition & { readonly broker: number })[],
): Promise<Map<string, ReplicaPlace>> {
  const places = new Map<string, ReplicaPlace>();
  if (replicas.length === 0) return places;
  await getting('listNodes', admin.metadata({ topics: [] }));
  const brokers = [...new Set(replicas.map(({ broker }) => broker))].filter((id) =>
    admin.network.brokers.has(id),
  );
  const wanted = new Set(replicas.map(replicaKey));
  for (const broker of brokers) {
    const answer = await getting(
      'describeReplicaLogDirs',
      admin.request(broker, {
        request: DescribeLogDirsRequest,
        response: DescribeLogDirsResponse,
        body: { topics: null },
      }),
    );
    refuseExecution(answer.errorCode);
    for (const { logDir, errorCode, topics } of answer.results) {
      if (errorCode !== 0) continue;
      for (const { name, partitions } of topics) {
        for (const { partitionIndex, isFutureKey } of partitions) {
          const key = replicaKey({ topic: name, partition: partitionIndex, broker });
          if (!wanted.has(key)) continue;
          const known = places.get(key) ?? { current: null, future: null };
          places.set(key, isFutureKey ? { ...known, future: logDir } : { ...known, current: logDir });
        }
      }
    }
  }
  return places;
}

/** Asks for the moves; those that have begun. A replica that is not there yet may come later. */
export async function startMoves(admin: Client, moves: readonly ReplicaMove[]): Promise<ReplicaMove[]> {
  await getting('listNodes', admin.metadata({ topics: [] }));
  const begun: ReplicaMove[] = [];
  for (const move of moves) {
    const { topic, partition, broker, directory } = move;
    const answer = await getting(
      'alterReplicaLogDirs',
      admin.request(broker, {
        request: AlterReplicaLogDirsRequest,
        response: AlterReplicaLogDirsResponse,
        body: { dirs: [{ path: directory, topics: [{ name: topic, partitions: [partition] }] }] },
      }),
    );
    const code = answer.results[0]?.partitions[0]?.errorCode ?? 0;
    const error = toApiError(code);
    if (error === null) begun.push(move);
    else if (code !== replicaNotAvailable) {
      throw commandFailed(`Failed to alter dir for ${replicaKey(move)}`, execution(fromApiError(error)));
    }
  }
  return begun;
}
