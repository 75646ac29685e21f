/** `--reset-offsets`: which partitions, to which offsets, shown, exported or done. */
import type { TopicPartition } from '../../client/main.ts';
import { failureOf } from '../framework/admin.ts';
import { hashOfString, hashOfTopicPartition, inHashOrder } from '../java/hash-order.ts';
import { execution, fromApiError, kafkaError, runtime } from '../java/java-error.ts';
import { left } from '../java/printf.ts';
import { prepareOffsets, type Target } from './reset-targets.ts';
import { parsePartitionsOf } from './scope.ts';
import {
  chosenGroups,
  committedOffsets,
  describeTopics,
  keyOf,
  printError,
  type Service,
} from './service.ts';

interface Plan {
  readonly groupId: string;
  readonly targets: readonly Target[];
}

const groupIdNotFound = 69;

export async function resetOffsets(service: Service): Promise<void> {
  const plans: Plan[] = [];
  const described = await service.admin
    .describeGroups(await chosenGroups(service))
    .catch((error: unknown) => {
      throw runtime(execution(failureOf(error, 'describeConsumerGroups')));
    });
  for (const { groupId, state, error } of described) {
    if (error !== null && error.code !== groupIdNotFound) throw runtime(execution(fromApiError(error)));
    const inactive = error !== null || state === 'Empty' || state === 'Dead';
    if (!inactive) {
      const text = `Assignments can only be reset if the group '${groupId}' is inactive, but the current state is ${state}.`;
      printError(service.ports, text);
    }
    plans.push({ groupId, targets: inactive ? await resetGroup(service, groupId) : [] });
  }
  const ordered = inHashOrder(plans, ({ groupId }) => hashOfString(groupId));
  if (service.set.has('export')) printCsv(service, ordered);
  else printTable(service, ordered);
}

async function resetGroup(service: Service, groupId: string): Promise<Target[]> {
  const { set, admin } = service;
  const partitions = await choosePartitions(service, groupId);
  await checkPartitions(service, partitions);
  const targets = inHashOrder(await prepareOffsets(service, groupId, partitions), hashOfTopicPartition);
  if (set.has('execute') && !set.has('dry-run') && targets.length > 0) {
    const outcomes = await admin.offsetCommit(groupId, targets).catch((error: unknown) => {
      throw failureOf(error, 'alterConsumerGroupOffsets');
    });
    for (const { error } of outcomes) if (error !== null) throw fromApiError(error);
  }
  return targets;
}

async function choosePartitions(service: Service, groupId: string): Promise<TopicPartition[]> {
  const { set, usage } = service;
  if (set.has('all-topics')) {
    return (await committedOffsets(service, groupId)).map(({ topic, partition }) => ({ topic, partition }));
  }
  if (set.has('topic')) {
    const given = set.values('topic');
    const explicit = given.filter((topic) => topic.includes(':')).flatMap(parsePartitionsOf);
    const whole = await describeTopics(
      service,
      given.filter((topic) => !topic.includes(':')),
    ).catch((error: unknown) => {
      throw unwrapped(error);
    });
    return [
      ...explicit,
      ...whole.flatMap(({ name, partitions }) =>
        partitions.map(({ partition }) => ({ topic: name, partition })),
      ),
    ];
  }
  if (!set.has('from-file')) {
    usage.fail('One of the reset scopes should be defined: --all-topics, --topic.');
  }
  return [];
}

/** The RuntimeException around an ExecutionException gives way to what is inside. */
function unwrapped(error: unknown): unknown {
  const execution = error instanceof Error && 'inner' in error ? error.inner : null;
  const cause = execution instanceof Error && 'inner' in execution ? execution.inner : null;
  return cause ?? error;
}

async function checkPartitions(service: Service, partitions: readonly TopicPartition[]): Promise<void> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const described = await describeTopics(service, topics);
  const leaders = new Map(
    described.flatMap(({ name, partitions: list }) =>
      list.map(({ partition, leader }) => [keyOf({ topic: name, partition }), leader]),
    ),
  );
  const absent = partitions.filter((partition) => !leaders.has(keyOf(partition)));
  if (absent.length > 0) {
    throw kafkaError(
      'UnknownTopicOrPartitionException',
      `The partitions "${absent.map(keyOf).join(',')}" do not exist`,
    );
  }
  const lost = partitions.filter((partition) => leaders.get(keyOf(partition)) === null);
  if (lost.length > 0) {
    throw kafkaError(
      'LeaderNotAvailableException',
      `The partitions "${lost.map(keyOf).join(',')}" have no leader`,
    );
  }
}

function printTable({ ports }: Service, plans: readonly Plan[]): void {
  const groupWidth = Math.max(15, ...plans.map(({ groupId }) => groupId.length));
  const topicWidth = Math.max(
    15,
    ...plans.flatMap(({ targets }) => targets.map(({ topic }) => topic.length)),
  );
  const line = (...[group, topic, partition, offset]: [string, string, string, string]) =>
    `\n${left(group, groupWidth)} ${left(topic, topicWidth)} ${left(partition, 10)} ${offset}`;
  if (plans.length > 0) ports.out(line('GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET'));
  for (const { groupId, targets } of plans) {
    for (const { topic, partition, offset } of targets) {
      ports.out(line(groupId, topic, String(partition), String(offset)));
    }
  }
  ports.out('\n');
}

function printCsv({ ports, set }: Service, plans: readonly Plan[]): void {
  const single = set.values('group').length === 1;
  for (const { groupId, targets } of plans) {
    for (const { topic, partition, offset } of targets) {
      ports.out(`${single ? '' : `${groupId},`}${topic},${partition},${offset}\n`);
    }
  }
  ports.out('\n');
}
