/** What the views share: the admin client's answers, failing as Java's futures do. */
import type {
  Client,
  CommittedOffset,
  GroupDescription,
  GroupListing,
  OffsetSpec,
  TopicDescription,
  TopicPartition,
} from '../../client/main.ts';
import { ClientError } from '../../client/main.ts';
import { failureOf, getting } from '../framework/admin.ts';
import type { ToolPorts } from '../framework/ports.ts';
import { hashOfString, inHashOrder } from '../java/hash-order.ts';
import { execution, fromApiError, JavaError, runtime } from '../java/java-error.ts';
import type { GroupsOptions, GroupsUsage } from './options.ts';

export interface Service {
  readonly ports: ToolPorts;
  readonly admin: Client;
  readonly set: GroupsOptions;
  readonly usage: GroupsUsage;
}

/** Java's listing is a HashMap of group ids. Groups of other protocols (Connect's) are not consumer groups. */
export async function listConsumerGroups(
  { admin }: Service,
  filter: { readonly states?: readonly string[]; readonly types?: readonly string[] },
): Promise<GroupListing[]> {
  const found = await admin.listGroups(filter).catch((error: unknown) => {
    throw execution(unlisted(error));
  });
  const consumers = found.filter(({ protocolType }) => protocolType === '' || protocolType === 'consumer');
  return inHashOrder(consumers, ({ groupId }) => hashOfString(groupId));
}

/** Java asks first which brokers there are, then each of them. */
function unlisted(error: unknown): JavaError {
  const failure = failureOf(error, 'findAllBrokers');
  if (!(error instanceof ClientError) || error.api !== null || !error.canRetry) return failure;
  return new JavaError(
    'org.apache.kafka.common.KafkaException',
    'Failed to find brokers to send ListGroups',
    failure,
  );
}

/** The groups meant, in the order of Java's HashMap. */
export async function chosenGroups(service: Service): Promise<string[]> {
  const { set } = service;
  const groupIds = set.has('all-groups') ? await allGroupIds(service) : [...new Set(set.values('group'))];
  return inHashOrder(groupIds, hashOfString);
}

export async function allGroupIds(service: Service): Promise<string[]> {
  try {
    return (await listConsumerGroups(service, { types: ['Classic', 'Consumer'] })).map(
      ({ groupId }) => groupId,
    );
  } catch (error) {
    throw error instanceof JavaError ? runtime(error) : error;
  }
}

/** Fails with the first group's error. */
export async function describeAll(
  service: Service,
  groupIds: readonly string[],
): Promise<GroupDescription[]> {
  const described = await getting('describeConsumerGroups', service.admin.describeGroups(groupIds));
  for (const { error } of described) if (error !== null) throw execution(fromApiError(error));
  return [...described];
}

/** As a TreeMap has them. */
export function byGroupId(described: readonly GroupDescription[]): GroupDescription[] {
  return [...described].sort((a, b) => (a.groupId < b.groupId ? -1 : 1));
}

export async function committedOffsets({ admin }: Service, groupId: string): Promise<CommittedOffset[]> {
  try {
    const offsets = await admin.offsetFetch(groupId);
    return offsets.filter(({ offset, error }) => offset !== null && error === null);
  } catch (error) {
    throw runtime(execution(failureOf(error, 'listConsumerGroupOffsets')));
  }
}

export async function describeTopics(
  { admin }: Service,
  topics: readonly string[],
): Promise<TopicDescription[]> {
  if (topics.length === 0) return [];
  try {
    const described = await admin.describeTopicPartitions(topics);
    for (const { error } of described) if (error !== null) throw fromApiError(error);
    return [...described];
  } catch (error) {
    throw runtime(execution(failureOf(error, 'describeTopicPartitions')));
  }
}

/** Partitions without a leader; fails when a topic is not there. */
export async function leaderless(
  service: Service,
  partitions: readonly TopicPartition[],
): Promise<Set<string>> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const described = await describeTopics(service, topics);
  return new Set(
    described.flatMap(({ name, partitions: list }) =>
      list.filter(({ leader }) => leader === null).map(({ partition }) => `${name}-${partition}`),
    ),
  );
}

/** Offsets by `topic-partition`; one that fails fails all, as Java's `all()` does. */
export async function offsetsAt(
  { admin }: Service,
  partitions: readonly TopicPartition[],
  at: OffsetSpec,
): Promise<Map<string, number>> {
  try {
    const answers = await admin.listOffsets(partitions.map((partition) => ({ ...partition, at })));
    for (const { error } of answers) if (error !== null) throw fromApiError(error);
    return new Map(answers.map((answer) => [keyOf(answer), answer.offset]));
  } catch (error) {
    throw runtime(execution(failureOf(error, 'listOffsets')));
  }
}

export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

/** To standard output, as the tool's own errors are. */
export function printError(ports: ToolPorts, text: string): void {
  ports.out(`\nError: ${text}\n`);
}

/** Tells what there is to know of a group's state; false: nothing more is to be shown. */
export function shouldShow(ports: ToolPorts, group: GroupDescription, rows: number): boolean {
  const { groupId, state } = group;
  switch (state) {
    case 'Dead':
      printError(ports, `Consumer group '${groupId}' does not exist.`);
      return false;
    case 'Empty':
      ports.err(`\nConsumer group '${groupId}' has no active members.\n`);
      break;
    case 'PreparingRebalance':
    case 'CompletingRebalance':
    case 'Assigning':
    case 'Reconciling':
      ports.err(`\nWarning: Consumer group '${groupId}' is rebalancing.\n`);
      break;
    case 'Stable':
      break;
    default:
      throw new JavaError(
        'org.apache.kafka.common.KafkaException',
        `Expected a valid consumer group state, but found '${state}'.`,
      );
  }
  return rows > 0;
}
