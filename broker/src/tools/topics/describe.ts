/** The `--describe` view of kafka-topics.sh. */
import type {
  Client,
  ConfigEntry,
  OngoingReassignment,
  PartitionDescription,
  TopicDescription,
} from '../../client/main.ts';
import { ZERO_UUID } from '../../wire/schema.ts';
import { calling } from '../framework/admin.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { hashOfString, inCopiedHashOrder } from '../java/hash-order.ts';
import { fromApiError, illegalArgument } from '../java/java-error.ts';
import { parseUuid } from '../java/uuid.ts';
import { ensureTopicExists, getTopics } from './names.ts';
import type { TopicsOptions } from './options.ts';

interface View {
  readonly options: TopicsOptions;
  readonly liveBrokers: ReadonlySet<number>;
  readonly reassignments: ReadonlyMap<string, OngoingReassignment>;
  /** No report was asked for: everything is shown. */
  readonly whole: boolean;
}

export async function describeTopics(ports: ToolPorts, admin: Client, options: TopicsOptions): Promise<void> {
  const names = await chooseTopics(admin, options);
  const limit = options.number('partition-size-limit-per-response');
  const described = await calling(
    'describeTopicPartitions',
    admin.describeTopicPartitions(names, limit === null ? {} : { partitionsPerResponse: limit }),
  );
  const failed = described.find((topic) => topic.error !== null);
  if (failed?.error) throw fromApiError(failed.error);
  const configs = await readConfigs(admin, names);
  const cluster = await calling('listNodes', admin.describeCluster());
  const partitions = described.flatMap(({ name, partitions }) =>
    partitions.map(({ partition }) => ({ topic: name, partition })),
  );
  const moving = await calling('listPartitionReassignments', admin.listReassignments(partitions));
  const view: View = {
    options,
    liveBrokers: new Set(cluster.brokers.map(({ id }) => id)),
    reassignments: new Map(moving.map((entry) => [`${entry.topic}-${entry.partition}`, entry])),
    whole: !reportOptions.some((report) => options.has(report)),
  };
  for (const topic of inCopiedHashOrder(described, ({ name }) => hashOfString(name))) {
    ports.out(describeTopic(topic, configs.get(topic.name) ?? [], view));
  }
}

const reportOptions = [
  'unavailable-partitions',
  'under-replicated-partitions',
  'under-min-isr-partitions',
  'at-min-isr-partitions',
] as const;

async function chooseTopics(admin: Client, options: TopicsOptions): Promise<string[]> {
  const given = options.value('topic-id');
  const id = given === null || given === '' ? null : parseUuid(given);
  if (id === null || id === ZERO_UUID) {
    const names = await getTopics(admin, options);
    ensureTopicExists(names, options);
    return names;
  }
  const { topics } = await calling('listTopics', admin.metadata());
  const found = topics.filter((topic) => topic.topicId === id);
  if (found.length === 0 && !options.has('if-exists')) {
    throw illegalArgument(`TopicId '${id}' does not exist as expected`);
  }
  return found.map(({ name }) => name);
}

async function readConfigs(
  admin: Client,
  names: readonly string[],
): Promise<Map<string, readonly ConfigEntry[]>> {
  if (names.length === 0) return new Map();
  const resources = names.map((name) => ({ type: 'topic' as const, name }));
  const answers = await calling('describeConfigs', admin.describeConfigs(resources));
  return new Map(
    answers.map(({ resource, error, entries }) => {
      if (error !== null) throw fromApiError(error);
      return [resource.name, entries];
    }),
  );
}

function describeTopic(topic: TopicDescription, configs: readonly ConfigEntry[], view: View): string {
  const own = configs.filter((config) => config.source !== 'DEFAULT_CONFIG');
  const onlyOverridden = view.options.has('topics-with-overrides');
  const header = view.whole && (!onlyOverridden || own.length > 0) ? headerLine(topic, own, view) : '';
  if (onlyOverridden) return header;
  const minIsr = Number(configs.find(({ name }) => name === 'min.insync.replicas')?.value ?? 1);
  const lines = topic.partitions
    .filter((partition) => view.whole || isReported(topic.name, partition, { view, minIsr }))
    .map((partition) =>
      partitionLine(topic.name, partition, view.reassignments.get(keyOf(topic.name, partition))),
    );
  return header + lines.join('');
}

function headerLine(topic: TopicDescription, own: readonly ConfigEntry[], view: View): string {
  const first = topic.partitions[0];
  const factor = first === undefined ? 0 : replicationFactor(topic.name, first, view);
  const id = topic.topicId === ZERO_UUID ? '' : `\tTopicId: ${topic.topicId}`;
  const configs = own.map(({ name, value }) => `${name}=${value}`).join(',');
  const counts = `\tPartitionCount: ${topic.partitions.length}\tReplicationFactor: ${factor}`;
  return `Topic: ${topic.name}${id}${counts}\tConfigs: ${configs}\n`;
}

/** While a partition moves, its replicas to be added do not count yet. */
function replicationFactor(topic: string, partition: PartitionDescription, view: View): number {
  const moving = view.reassignments.get(keyOf(topic, partition));
  const changing = new Set([...(moving?.adding ?? []), ...(moving?.removing ?? [])]);
  return moving !== undefined && partition.replicas.some((id) => changing.has(id))
    ? moving.replicas.length - moving.adding.length
    : partition.replicas.length;
}

function isReported(
  topic: string,
  partition: PartitionDescription,
  { view, minIsr }: { readonly view: View; readonly minIsr: number },
): boolean {
  const { options, liveBrokers } = view;
  const { leader, isr } = partition;
  return (
    (options.has('under-replicated-partitions') && replicationFactor(topic, partition, view) > isr.length) ||
    (options.has('unavailable-partitions') && (leader === null || !liveBrokers.has(leader))) ||
    (options.has('under-min-isr-partitions') && (leader === null || isr.length < minIsr)) ||
    (options.has('at-min-isr-partitions') && isr.length === minIsr)
  );
}

function partitionLine(
  topic: string,
  partition: PartitionDescription,
  moving: OngoingReassignment | undefined,
): string {
  const fields = [
    `Topic: ${topic}`,
    `Partition: ${partition.partition}`,
    `Leader: ${partition.leader ?? 'none'}`,
    `Replicas: ${partition.replicas.join(',')}`,
    `Isr: ${partition.isr.join(',')}`,
  ];
  if (moving !== undefined) {
    fields.push(`Adding Replicas: ${moving.adding.join(',')}`);
    fields.push(`Removing Replicas: ${moving.removing.join(',')}`);
  }
  fields.push(`Elr: ${partition.eligibleLeaderReplicas?.join(',') ?? 'N/A'}`);
  fields.push(`LastKnownElr: ${partition.lastKnownElr?.join(',') ?? 'N/A'}`);
  return `\t${fields.join('\t')}\n`;
}

function keyOf(topic: string, { partition }: PartitionDescription): string {
  return `${topic}-${partition}`;
}
